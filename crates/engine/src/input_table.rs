//! The table `events` over all inputs of a run: logs are read event by event, Parquet files by column, in their order.

use std::ops::Range;
use std::sync::Arc;

use datafusion_common::Result as PlanResult;
use datafusion_common::arrow::datatypes::SchemaRef;
use datafusion_execution::SendableRecordBatchStream;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use futures::StreamExt;
use ingest::{Damage, Event, RawEvent, Value};

use crate::event_value::value_of;
use crate::parquet_table::ParquetTable;
use crate::pass::{Looks, Pass};
use crate::table::Request;
use crate::{ColumnFile, Entry, EventSource, EventTable, ReadSettings, ReadStatistics, Result, Table, Wanted};

/// All inputs as one table.
#[derive(Debug)]
pub(crate) struct InputTable {
    sections: Arc<[Section]>,
    settings: ReadSettings,
    /// What was known before any part was read.
    first: ReadStatistics,
}

/// Parts that follow each other and are read in the same way.
#[derive(Debug)]
enum Section {
    Events(Arc<dyn EventSource>, EventTable),
    Columns(ParquetTable),
}

impl InputTable {
    /// The table of a source. The footers of its Parquet files are read.
    pub(crate) fn new(source: &Arc<dyn EventSource>, settings: &ReadSettings, prune: bool) -> Self {
        let (damage, skipped) = source.preface();
        let first = ReadStatistics { damage, skipped, ..ReadStatistics::default() };
        let mut sections = Vec::new();
        let mut columns: Vec<Result<ColumnFile, Damage>> = Vec::new();
        let mut events = 0..0;
        for part in 0..source.parts() {
            if let Some(file) = source.column_file(part) {
                sections.extend(Section::of_events(source, &events, settings));
                events = part + 1..part + 1;
                columns.push(file);
            } else {
                sections.extend(Section::of_columns(&mut columns, settings, prune));
                events.end = part + 1;
            }
        }
        sections.extend(Section::of_columns(&mut columns, settings, prune));
        sections.extend(Section::of_events(source, &events, settings));
        Self { sections: sections.into(), settings: settings.clone(), first }
    }

    /// What was read so far.
    pub(crate) fn statistics(&self) -> ReadStatistics {
        let mut statistics = self.first.clone();
        for section in self.sections.iter() {
            statistics.append(match section {
                Section::Events(_, table) => table.statistics(),
                Section::Columns(table) => table.statistics(),
            });
        }
        statistics
    }

    /// The start times of the oldest and the newest event; nothing for an input without events. Logs are read for it.
    pub(crate) fn time_extent(&self) -> Result<Option<(i64, i64)>> {
        let mut extent = None;
        for section in self.sections.iter() {
            let of_section = match section {
                Section::Events(source, _) => of_events(source, &self.settings)?,
                Section::Columns(table) => table.time_extent()?,
            };
            extent = extent.into_iter().chain(of_section).reduce(wider);
        }
        Ok(extent)
    }
}

impl Section {
    fn of_events(source: &Arc<dyn EventSource>, parts: &Range<usize>, settings: &ReadSettings) -> Option<Self> {
        let source: Arc<dyn EventSource> = Arc::new(Parts { source: Arc::clone(source), parts: parts.clone() });
        let table = EventTable::new(Arc::clone(&source), settings.clone());
        (!parts.is_empty()).then_some(Self::Events(source, table))
    }

    fn of_columns(files: &mut Vec<Result<ColumnFile, Damage>>, settings: &ReadSettings, prune: bool) -> Option<Self> {
        let files = std::mem::take(files);
        (!files.is_empty()).then(|| Self::Columns(ParquetTable::new(files, settings.clone(), prune)))
    }

    fn open(&self, request: Request) -> PlanResult<SendableRecordBatchStream> {
        match self {
            Self::Events(_, table) => table.open(request),
            Self::Columns(table) => table.open(request),
        }
    }
}

impl Table for InputTable {
    fn schema(&self) -> SchemaRef {
        schema::EVENTS.arrow_schema()
    }

    fn open(&self, request: Request) -> PlanResult<SendableRecordBatchStream> {
        let schema = Arc::clone(&request.schema);
        if let [only] = &*self.sections {
            return only.open(request);
        }
        let sections = Arc::clone(&self.sections);
        let streams = futures::stream::iter(0..sections.len()).map(move |section| {
            sections[section].open(request.clone()).unwrap_or_else(|error| {
                let failure = futures::stream::iter([Err(error)]);
                Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&request.schema), failure))
            })
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, streams.flatten())))
    }
}

/// Some parts of a source.
#[derive(Debug)]
struct Parts {
    source: Arc<dyn EventSource>,
    parts: Range<usize>,
}

impl EventSource for Parts {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn name(&self, part: usize) -> Arc<str> {
        self.source.name(self.parts.start + part)
    }

    fn bytes(&self, part: usize) -> u64 {
        self.source.bytes(self.parts.start + part)
    }

    fn ends_file(&self, part: usize) -> bool {
        self.source.ends_file(self.parts.start + part)
    }

    fn whole(&self, look: &Event, raw: &RawEvent) -> Event {
        self.source.whole(look, raw)
    }

    fn read<'a>(&'a self, part: usize, wanted: &Wanted) -> Box<dyn Iterator<Item = Entry> + 'a> {
        self.source.read(self.parts.start + part, wanted)
    }

    fn log_sources(&self) -> Option<Arc<dyn aql::LogSources>> {
        self.source.log_sources()
    }
}

/// The start times of the oldest and the newest event.
fn of_events(source: &Arc<dyn EventSource>, settings: &ReadSettings) -> Result<Option<(i64, i64)>> {
    let column = schema::EVENTS.position("starttime").unwrap_or(usize::MAX);
    let work = move |looks: &Looks<'_>| {
        let times = looks.events.iter().filter_map(|it| match value_of(it, column) {
            Some(Value::Integer(time)) => Some((*time, *time)),
            _ => None,
        });
        Ok(times.reduce(wider))
    };
    let mut extent = None;
    for chunk in Pass::start(source, settings, Wanted::columns(vec![column]), Arc::new(work))? {
        let of_chunk = chunk.result.transpose()?.flatten();
        extent = extent.into_iter().chain(of_chunk).reduce(wider);
    }
    Ok(extent)
}

fn wider(one: (i64, i64), other: (i64, i64)) -> (i64, i64) {
    (one.0.min(other.0), one.1.max(other.1))
}
