//! The table `events` over Parquet files: reads the columns that are asked for, of the row groups and pages that can
//! hold a row that passes.
//!
//! A filter is taken apart ([`condition`]). Statistics and bloom filters rule out row groups and pages ([`prune`]);
//! what is left is asked column by column, the cheapest first, of text once for each distinct value ([`slab`]); the
//! other columns are read only for rows that passed.
//!
//! Memory: for each thread up to [`SLAB_ROWS`] rows of the columns that the filter reads, at four to sixteen bytes a
//! row and their distinct texts, and batches of [`OUTPUT_ROWS`] rows that pass.

mod column;
mod condition;
mod file;
mod prune;
mod slab;

use std::fs::File;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use datafusion_common::arrow::array::{AsArray, RecordBatch, RecordBatchOptions};
use datafusion_common::arrow::buffer::BooleanBuffer;
use datafusion_common::arrow::compute::{max, min};
use datafusion_common::arrow::datatypes::{Int64Type, SchemaRef};
use datafusion_common::{Result as PlanResult, ScalarValue};
use datafusion_execution::SendableRecordBatchStream;
use datafusion_expr::Operator;
use datafusion_physical_expr::expressions::{BinaryExpr, Column, Literal};
use datafusion_physical_plan::PhysicalExpr;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use ingest::{Damage, DamageLog};
use parquet::errors::ParquetError;

use self::condition::Condition;
use self::file::TableFile;
use self::prune::{Bound, Extent, Verdict};
use self::slab::Slab;
use crate::event_table::external;
use crate::parallel::{Ordered, Work};
use crate::source::ColumnFile;
use crate::table::Request;
use crate::{EngineError, ReadSettings, ReadStatistics, Result, Table};

/// Rows of a row group that are looked at together.
const SLAB_ROWS: usize = 1 << 20;

/// Rows of a batch.
const OUTPUT_ROWS: usize = 64 << 10;

/// Parquet files as a table. Statistics are those of the first pass: a second one reads the same.
#[derive(Debug)]
pub(crate) struct ParquetTable {
    files: Arc<[TableFile]>,
    settings: ReadSettings,
    /// Whether statistics and bloom filters rule out what is not read.
    prunes: bool,
    statistics: Arc<Mutex<ReadStatistics>>,
    counted: Mutex<bool>,
}

/// Some rows of a row group.
#[derive(Clone, Debug)]
struct Job {
    file: usize,
    row_group: usize,
    rows: Range<usize>,
}

/// What comes of a job: rows, and what could not be read.
struct Found {
    rows: Option<Result<RecordBatch>>,
    damage: DamageLog,
}

impl ParquetTable {
    /// The table of some files. Those that cannot be opened are counted as damage.
    pub(crate) fn new(files: Vec<Result<ColumnFile, Damage>>, settings: ReadSettings, prunes: bool) -> Self {
        let mut statistics = ReadStatistics::default();
        let mut open = Vec::with_capacity(files.len());
        for file in files {
            let file = file.and_then(|it| {
                let name = Arc::clone(&it.name);
                TableFile::new(it.name, it.path, it.file).map_err(|error| Damage {
                    file: name,
                    offset: 0,
                    record: None,
                    reason: ingest::event_file::reason(&error),
                })
            });
            match file {
                Ok(file) => open.push(file),
                Err(damage) => statistics.damage.push(damage),
            }
        }
        let statistics = Arc::new(Mutex::new(statistics));
        Self { files: open.into(), settings, prunes, statistics, counted: Mutex::new(false) }
    }

    /// What was read so far; rows that were ruled out count as read.
    pub(crate) fn statistics(&self) -> ReadStatistics {
        self.statistics.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The least and greatest time; nothing when no row has one. The rows are read where statistics do not tell it.
    pub(crate) fn time_extent(&self) -> Result<Option<(i64, i64)>> {
        let column = schema::EVENTS.position("starttime").unwrap_or_default();
        let mut extents = Vec::new();
        if let Some(told) = self.told_extents(column) {
            extents = told;
        } else {
            let schema = Arc::new(schema::EVENTS.arrow_schema().project(&[column])?);
            for found in self.pass(Request { columns: vec![column], schema, filter: None })? {
                let Some(batch) = found.rows.transpose()? else { continue };
                let times = batch.column(0).as_primitive::<Int64Type>();
                extents.extend(min(times).zip(max(times)));
            }
        }
        Ok(extents.into_iter().reduce(|one, other| (one.0.min(other.0), one.1.max(other.1))))
    }

    /// The least and greatest time of each row group that has one; nothing where statistics do not tell it of all.
    fn told_extents(&self, column: usize) -> Option<Vec<(i64, i64)>> {
        let mut extents = Vec::new();
        for file in self.files.iter() {
            for row_group in 0..file.file.metadata().num_row_groups() {
                match file.extent(row_group, column) {
                    it if it.nulls == Some(it.rows) => {}
                    Extent { least: Some(Bound::Integer(least)), greatest: Some(Bound::Integer(greatest)), .. } => {
                        extents.push((least, greatest));
                    }
                    _ => return None,
                }
            }
        }
        Some(extents)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, ReadStatistics> {
        self.statistics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the files, once.
    fn count(&self) -> bool {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::replace(&mut *counted, true) {
            return false;
        }
        let rows = |it: &TableFile| (0..it.file.metadata().num_row_groups()).map(|group| it.rows(group)).sum::<u64>();
        let events = self.files.iter().map(rows).sum();
        self.settings.events_read.fetch_add(events, Ordering::Relaxed);
        let mut statistics = self.lock();
        statistics.files += self.files.len() as u64;
        statistics.events += events;
        true
    }

    /// The filter with the bounds of time that hold for the whole reading.
    fn condition(&self, request: &Request) -> PlanResult<Option<Condition>> {
        let table = schema::EVENTS.arrow_schema();
        let mut columns = request.columns.clone();
        let mut filters: Vec<Arc<dyn PhysicalExpr>> = request.filter.iter().cloned().collect();
        if let Some(time) = schema::EVENTS.position("starttime") {
            let bounds = [(self.settings.since, Operator::GtEq), (self.settings.until, Operator::LtEq)];
            for (moment, operator) in bounds.into_iter().filter_map(|(it, operator)| Some((it?, operator))) {
                let column = Arc::new(Column::new("starttime", columns.len()));
                let moment = Arc::new(Literal::new(ScalarValue::Int64(Some(moment))));
                columns.push(time);
                filters.push(Arc::new(BinaryExpr::new(column, operator, moment)));
            }
        }
        let filter = filters.into_iter().reduce(|one, other| Arc::new(BinaryExpr::new(one, Operator::And, other)));
        filter.map(|it| Condition::of(&it, &columns, &table)).transpose()
    }

    /// What is to be read, without the row groups that statistics rule out.
    fn jobs(&self, condition: Option<&Condition>) -> Vec<Job> {
        let mut jobs = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            for row_group in 0..file.file.metadata().num_row_groups() {
                let may_hold = |it: &Condition| {
                    it.verdict(&mut |test| match test.columns.as_slice() {
                        [column] => test.verdict(&file.extent(row_group, *column), &|_| true),
                        _ => Verdict::Maybe,
                    }) > Verdict::Never
                };
                if self.prunes && condition.is_some_and(|it| !may_hold(it)) {
                    continue;
                }
                let rows = usize::try_from(file.rows(row_group)).unwrap_or(usize::MAX);
                let slabs = (0..rows).step_by(SLAB_ROWS);
                let job = |start| Job { file: number, row_group, rows: start..rows.min(start + SLAB_ROWS) };
                jobs.extend(slabs.map(job));
            }
        }
        jobs
    }
}

impl Table for ParquetTable {
    fn schema(&self) -> SchemaRef {
        schema::EVENTS.arrow_schema()
    }

    fn open(&self, request: Request) -> PlanResult<SendableRecordBatchStream> {
        let schema = Arc::clone(&request.schema);
        let is_first = self.count();
        let found = self.pass(request).map_err(external)?;
        let statistics = Arc::clone(&self.statistics);
        let rows = found.filter_map(move |found| {
            if is_first && found.damage.count() > 0 {
                statistics.lock().unwrap_or_else(PoisonError::into_inner).damage.append(found.damage);
            }
            found.rows.map(|it| it.map_err(external))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, futures::stream::iter(rows))))
    }
}

impl ParquetTable {
    /// Reads the rows of a request.
    fn pass(&self, request: Request) -> Result<impl Iterator<Item = Found> + Send + use<>> {
        let condition = self.condition(&request)?;
        let jobs = self.jobs(condition.as_ref());
        let count = jobs.len();
        let reader = Reader {
            files: Arc::clone(&self.files),
            jobs,
            condition,
            columns: request.columns,
            schema: request.schema,
            settings: self.settings.clone(),
            prunes: self.prunes,
        };
        let work: Work<Found> = Arc::new(move |job, emit| reader.run(job, emit));
        let found = Ordered::start(count, self.settings.threads, &work)
            .map_err(|source| EngineError::Io { context: "cannot start a thread".to_owned(), source })?;
        Ok(found.map(|outcome| {
            outcome.unwrap_or_else(|_| Found {
                rows: Some(Err(EngineError::Unsupported("reading a Parquet file failed".to_owned()))),
                damage: DamageLog::default(),
            })
        }))
    }
}

/// Reads jobs, on any thread.
struct Reader {
    files: Arc<[TableFile]>,
    jobs: Vec<Job>,
    condition: Option<Condition>,
    /// The wanted columns, by their place in the table.
    columns: Vec<usize>,
    schema: SchemaRef,
    settings: ReadSettings,
    prunes: bool,
}

impl Reader {
    fn run(&self, job: usize, emit: &mut dyn FnMut(Found) -> bool) {
        if self.settings.is_cancelled() {
            return;
        }
        let job = &self.jobs[job];
        // A panic over damaged data must cost these rows only.
        let read = catch_unwind(AssertUnwindSafe(|| self.read(job, emit)));
        let failure = || column::damaged(ParquetError::General("the decoder failed on damaged data".to_owned()));
        let Err(error) = read.unwrap_or_else(|_| Err(failure())) else { return };
        let mut damage = DamageLog::default();
        let file = &self.files[job.file];
        let rows = match error {
            EngineError::Io { source, .. } => {
                damage.push(report(file, job, &source));
                None
            }
            other => Some(Err(other)),
        };
        emit(Found { rows, damage });
    }

    fn read(&self, job: &Job, emit: &mut dyn FnMut(Found) -> bool) -> Result<()> {
        let file = &self.files[job.file];
        let input = Arc::new(file.open().map_err(column::damaged)?);
        let Some(rows) = self.candidates(file, job, &input) else { return Ok(()) };
        let mut slab = Slab::new(file, input, job.row_group, rows.clone());
        let mut passing = BooleanBuffer::new_set(rows.len());
        if let Some(condition) = &self.condition {
            passing = slab.holding(condition, &passing)?;
        }
        let mut left = passing.count_set_bits();
        if left == 0 {
            return Ok(());
        }
        for columns in slab.batches(&self.columns, &passing, OUTPUT_ROWS)? {
            let count = left.min(OUTPUT_ROWS);
            left -= count;
            let options = RecordBatchOptions::new().with_row_count(Some(count));
            let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns?, &options)?;
            if !emit(Found { rows: Some(Ok(batch)), damage: DamageLog::default() }) || self.settings.is_cancelled() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The rows from the first to the last that bloom filters and the index of pages leave; none at all for nothing.
    fn candidates(&self, file: &TableFile, job: &Job, input: &File) -> Option<Range<usize>> {
        let condition = self.condition.as_ref().filter(|_| self.prunes);
        let Some(condition) = condition else { return Some(job.rows.clone()) };
        let by_bloom_filter = condition.verdict(&mut |test| {
            let [column] = test.columns.as_slice() else { return Verdict::Maybe };
            let filter = file.bloom_filter(job.row_group, *column, input);
            let extent = file.extent(job.row_group, *column);
            test.verdict(&extent, &|value| match (value, &filter) {
                (Bound::Text(text), Some(filter)) => filter.check(&**text),
                _ => true,
            })
        });
        if by_bloom_filter == Verdict::Never {
            return None;
        }
        let conjuncts = match condition {
            Condition::All(parts) => parts.as_slice(),
            other => std::slice::from_ref(other),
        };
        let (mut first, mut end) = (job.rows.start as u64, job.rows.end as u64);
        for conjunct in conjuncts {
            let Condition::One(test) = conjunct else { continue };
            let [column] = test.columns.as_slice() else { continue };
            let Some(pages) = file.pages(job.row_group, *column) else { continue };
            let may_hold = |it: &(Range<u64>, Extent)| test.verdict(&it.1, &|_| true) > Verdict::Never;
            first = first.max(pages.iter().find(|it| may_hold(it))?.0.start);
            end = end.min(pages.iter().rev().find(|it| may_hold(it))?.0.end);
        }
        (first < end).then_some(first as usize..end as usize)
    }
}

fn report(file: &TableFile, job: &Job, error: &std::io::Error) -> Damage {
    let offset = file.file.metadata().row_group(job.row_group).file_offset().and_then(|it| u64::try_from(it).ok());
    let before: u64 = (0..job.row_group).map(|it| file.rows(it)).sum();
    Damage {
        file: Arc::clone(&file.name),
        offset: offset.unwrap_or(0),
        record: Some(before + job.rows.start as u64 + 1),
        reason: format!("row group {} cannot be read: {error}", job.row_group + 1),
    }
}
