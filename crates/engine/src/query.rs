//! Runs a bound query over a source of events.

use std::sync::Arc;

use aql::bound::{Moment, Query, Source, TimeRange, Window};
use aql::{Environment, LowerOptions};
use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::datatypes::SchemaRef;
use jiff::Timestamp;

use crate::execute::{physical_plan, start};
use crate::input_table::InputTable;
use crate::runtime::Runtime;
use crate::{EventSource, MEMORY_DEFAULT, ReadSettings, ReadStatistics, Result, Rows, Tables};

/// How a query runs.
#[derive(Clone, Debug)]
pub struct QueryOptions {
    /// How the events are read; `since` and `until` narrow every time clause.
    pub read: ReadSettings,
    /// Memory for sorting and grouping, in bytes.
    pub memory: usize,
    /// The present for the time clause, in milliseconds since 1970 UTC; the newest event of the input when absent.
    pub now: Option<i64>,
    /// Whether statistics of Parquet files rule out what is not read. The rows are the same without.
    pub prune: bool,
}

impl Default for QueryOptions {
    fn default() -> Self {
        Self { read: ReadSettings::default(), memory: MEMORY_DEFAULT, now: None, prune: true }
    }
}

/// The rows of a running query.
#[derive(Debug)]
pub struct QueryRows {
    rows: Rows,
    table: Arc<InputTable>,
    notes: Vec<String>,
    read: ReadSettings,
}

impl QueryRows {
    /// Names of the result, as QRadar gives them, and types.
    pub fn schema(&self) -> SchemaRef {
        self.rows.schema()
    }

    /// What the user should know: a short phrase each, lower case, no final stop.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What was read so far; all of it once the rows have come to their end.
    pub fn statistics(&self) -> ReadStatistics {
        let mut statistics = self.table.statistics();
        statistics.cancelled |= self.read.is_cancelled();
        statistics
    }
}

impl Iterator for QueryRows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

/// Starts a query. `LAST` counts back from the newest event of the input, for which the input is read once more, or
/// from `now`; START and STOP hold as given; without a time clause the whole input is read, and a note says so.
pub fn query(
    query: &Query,
    environment: &Environment,
    source: &Arc<dyn EventSource>,
    options: &QueryOptions,
) -> Result<QueryRows> {
    let mut environment = environment.clone();
    environment.log_sources = environment.log_sources.or_else(|| source.log_sources());
    let query = &with_inner_window(query);
    let windows = windows(query);
    let mut notes = Vec::new();
    let table = Arc::new(InputTable::new(source, &options.read, options.prune));
    let mut now = options.now;
    if now.is_none()
        && let Some(window) = windows.iter().find(|it| counts_back(it))
        && let Some((oldest, newest)) = table.time_extent()?
    {
        now = Some(newest);
        let is_events = query.database().is_none_or(|it| it.name == schema::EVENTS.name);
        notes.extend(window_note(&range(window, now), oldest, newest).filter(|_| is_events));
    }
    let is_narrowed = options.read.since.is_some() || options.read.until.is_some();
    if windows.is_empty() && !is_narrowed && query.database().is_some() {
        notes.push("no time clause: the whole input is read".to_owned());
    }
    if windows.iter().any(|it| matches!(it, Window::Offense { .. })) {
        notes.push("there are no offenses here: TIMES OFFENSE_TIME gives no rows".to_owned());
    }
    let resolve = |window: Option<&Window>| window.map(|it| range(it, now));
    let lowering = LowerOptions::new(&environment).with_time(&resolve).with_newest_first();
    let plan = query.lower(&lowering).map_err(crate::scan::refused)?;
    let tables = Tables::without_events().with("events", Arc::clone(&table) as _);
    if query.database().is_some_and(|it| it.name != schema::EVENTS.name) {
        notes.push("logs have events only: other databases are empty".to_owned());
    }
    let runtime = Arc::new(Runtime::new(options.memory)?);
    let plan = physical_plan(plan, &tables, &runtime)?;
    let rows = start(&runtime, &plan)?;
    Ok(QueryRows { rows, table, notes, read: options.read.clone() })
}

/// The same query, where the time clause of an outer query holds for a sub-select in FROM that has none: only there are
/// events read.
fn with_inner_window(query: &Query) -> Query {
    let mut query = query.clone();
    if let Source::Query(inner) = &query.source {
        let mut inner = (**inner).clone();
        inner.window = inner.window.or_else(|| query.window.clone());
        query.source = Source::Query(Arc::new(with_inner_window(&inner)));
    }
    query
}

/// The time clauses of a query and its sub-selects.
fn windows(query: &Query) -> Vec<&Window> {
    let mut windows: Vec<_> = query.window.iter().collect();
    if let Source::Query(inner) = &query.source {
        windows.extend(self::windows(inner));
    }
    for subquery in &query.subqueries {
        windows.extend(self::windows(&subquery.query));
    }
    windows
}

/// Whether a time clause speaks of the present.
fn counts_back(window: &Window) -> bool {
    match window {
        Window::Last { .. } => true,
        Window::Range { start, stop } => [start, stop].into_iter().any(|it| matches!(it, Some(Moment::Ago(_)))),
        Window::Offense { .. } => false,
    }
}

/// The range of a time clause. Without a present STOP is open: nothing in a file is later than its newest event.
fn range(window: &Window, now: Option<i64>) -> TimeRange {
    let mut range = window.resolve(now.unwrap_or(i64::MAX), &|_| None);
    if matches!(window, Window::Range { stop: None, .. }) && now.is_none() {
        range.stop = i64::MAX;
    }
    range
}

/// What to know of a time clause that leaves out a part of the input.
fn window_note(range: &TimeRange, oldest: i64, newest: i64) -> Option<String> {
    let moment = |it: i64| Timestamp::from_millisecond(it).map_or_else(|_| it.to_string(), |it| it.to_string());
    (oldest < range.start).then(|| {
        format!(
            "LAST counts back from the newest event: from {} to {}; the oldest event, of {}, lies outside; `--now` moves this",
            moment(range.start),
            moment(newest),
            moment(oldest)
        )
    })
}
