//! Puts the events of a source into files, sorted by time.
//!
//! Memory: the sort takes up to [`IngestOptions::memory`] bytes and then spills sorted runs to temporary files, which it
//! merges; the writer holds one row group, of at most [`super::ROW_GROUP_BYTES_MAX`] encoded bytes; reading is bounded
//! as every pass is. None of this grows with the input.

use std::path::Path;
use std::sync::Arc;

use aql::DatabaseTable;
use datafusion_common::Column;
use datafusion_expr::Expr;
use datafusion_expr::expr::Sort as SortExpr;
use datafusion_expr::logical_plan::{LogicalPlan, Sort, TableScanBuilder};
use schema::EVENTS;

use super::{EventFiles, Written, event_schema};
use crate::{EventSource, EventTable, MEMORY_DEFAULT, ReadSettings, ReadStatistics, Result, Tables, execute};

/// What orders the rows: the time, and where it is the same the place.
const ORDER: [&str; 4] = ["starttime", "$file", "$offset", "$record"];

/// How events are put into files.
#[derive(Clone, Debug)]
pub struct IngestOptions {
    /// How the events are read.
    pub read: ReadSettings,
    /// Memory for sorting, in bytes.
    pub memory: usize,
    /// What the names of the files begin with; different for each run.
    pub stem: String,
    /// Whether the original text of the events is kept.
    pub payload: bool,
}

impl IngestOptions {
    /// Files whose names begin with this, with the original text.
    pub fn new(stem: &str) -> Self {
        Self { read: ReadSettings::default(), memory: MEMORY_DEFAULT, stem: stem.to_owned(), payload: true }
    }
}

/// What became of the events of a source.
#[derive(Clone, Debug, Default)]
pub struct Ingested {
    /// The files.
    pub written: Written,
    /// What was read.
    pub statistics: ReadStatistics,
}

/// Reads a source to its end and writes its events below a folder, beside what is there. A reading that is cancelled
/// ends with what was read so far.
///
/// # Errors
/// When the folder cannot be written. Damage of the input is none: it is counted.
pub fn ingest(source: &Arc<dyn EventSource>, folder: &Path, options: &IngestOptions) -> Result<Ingested> {
    let columns = event_schema(options.payload);
    let mut files = EventFiles::create(folder, &options.stem, &columns)?;
    let table = Arc::new(EventTable::new(Arc::clone(source), options.read.clone()));
    let tables = Tables::without_events().with("events", Arc::clone(&table) as _);
    for batch in execute(sorted(options.payload)?, &tables, options.memory)? {
        files.write(&batch?)?;
    }
    let mut statistics = table.statistics();
    statistics.cancelled |= options.read.is_cancelled();
    Ok(Ingested { written: files.finish()?, statistics })
}

/// All columns of all events in the order of time, those without time first.
fn sorted(payload: bool) -> Result<LogicalPlan> {
    let columns = EVENTS.arrow_schema();
    let wanted = |it: &usize| payload || columns.field(*it).name() != "payload";
    let projection = (0..columns.fields().len()).filter(wanted).collect();
    let table = Arc::new(DatabaseTable::new(&EVENTS));
    let scan = TableScanBuilder::new(EVENTS.name, table).with_projection(Some(projection)).build()?;
    let key = |name| SortExpr { expr: Expr::Column(Column::new_unqualified(name)), asc: true, nulls_first: true };
    let order = ORDER.into_iter().map(key).collect();
    Ok(LogicalPlan::Sort(Sort { expr: order, input: Arc::new(LogicalPlan::TableScan(scan)), fetch: None }))
}
