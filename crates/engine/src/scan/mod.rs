//! One pass over events for many detections.
//!
//! Detections that look at one event are evaluated by the threads that read; those that look at groups are plans, fed
//! by the consumer in the order of the input. The output is the same for any number of threads and any size of chunk.
//!
//! The time clause of a detection is its look-back, not a filter, and is ignored; so is the LIMIT of one that looks at
//! one event, for a match too many for a screen is still a match.

mod branch;
mod classes;
mod cost;
mod exclude;
mod expressions;
mod facts;
mod feed;
mod finder;
mod firing;
mod groups;
mod guard;
mod held;
mod lack;
mod literals;
mod matcher;
mod matches;
mod precheck;
mod program;
mod programs;
mod summary;

use std::sync::Arc;

use aql::Environment;
use aql::bound::{ExprKind, Query, Source};
use datafusion_common::arrow::array::RecordBatch;
use datafusion_expr::LogicalPlan;
use ingest::Kinds;
use pack::{Detection, Score};

pub use self::branch::Branches;
pub use self::cost::{Clock, Cost};
pub(crate) use self::exclude::innermost;
pub(crate) use self::expressions::{Expressions, refused};
pub(crate) use self::facts::CLASS_COLUMNS;
pub use self::facts::{CLASSES_MAX, ClassFacts, EventClass, FieldFacts, FieldValue, InputFacts, VALUES_MAX};
pub use self::firing::{FillRate, Firing, fill_rates, firing};
use self::groups::Group;
pub(crate) use self::guard::Guard;
pub use self::lack::{Lack, Observed, describe};
pub use self::matcher::Matcher;
pub use self::matches::{EventJson, Match, event_json};
use self::programs::{Findings, Programs, Setting};
pub use self::summary::{ScanSummary, Silence, peak_memory};
use crate::execute::{physical_plan, start};
use crate::pass::{Looks, Pass};
use crate::runtime::Runtime;
use crate::{EventSource, EventTable, ReadSettings, Result, Tables, Wanted};

/// What a scan looks for.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The bound query.
    pub query: Arc<Query>,
    /// The column of the result that holds the score of a match.
    pub score_column: Option<String>,
    /// Filters over `events`, as [`aql::compile_filter`] makes them. A match for which one is true is removed; where a
    /// filter is unknown it removes nothing. Of a query that looks at groups they remove events, before these are put
    /// together.
    pub exclusions: Vec<Arc<Query>>,
}

impl Subject {
    /// A query whose matches are all wanted.
    pub fn new(query: Arc<Query>) -> Self {
        Self { query, score_column: None, exclusions: Vec::new() }
    }

    /// What a page looks for.
    pub fn of(detection: &Detection) -> Self {
        let score_column = match &detection.score {
            Score::Column(name) => Some(name.clone()),
            Score::Constant(_) => None,
        };
        Self { score_column, ..Self::new(Arc::new(detection.bound.clone())) }
    }

    /// Whether a sub-select in IN has to be run for it.
    fn has_sub_selects(&self) -> bool {
        let query = innermost(&self.query);
        query.iter().chain(&self.exclusions).any(|it| !it.subqueries.is_empty())
    }

    /// Whether a match depends on one event alone, and on no sub-select.
    pub fn looks_at_one_event(&self) -> bool {
        self.is_single() && self.query.subqueries.is_empty()
    }

    /// Whether it looks at one event at a time.
    pub fn is_single(&self) -> bool {
        let query = &self.query;
        let is_table = matches!(query.source, Source::Database(it) if it.name == schema::EVENTS.name);
        is_table && !query.is_aggregating() && query.session.is_none()
    }
}

/// How a scan runs.
#[derive(Clone, Debug)]
pub struct ScanOptions {
    /// How the events are read.
    pub read: ReadSettings,
    /// Memory for sorting and grouping of all detections together, in bytes.
    pub memory: usize,
}

/// Looks for all detections in one pass; `found` gets the matches in the order of the input and, for the same event, of
/// the detections, then those of groups in the order of the detections. What an exclusion removed is among them, marked:
/// see [`Match::excluded_by`]. A detection that fails is reported in the
/// summary and does not disturb the others. A sub-select in IN is run before, in a pass of its own.
pub fn scan(
    subjects: &[Subject],
    environment: &Environment,
    source: &Arc<dyn EventSource>,
    options: &ScanOptions,
    found: &mut dyn FnMut(Match) -> Result<()>,
) -> Result<ScanSummary> {
    let mut environment = environment.clone();
    environment.log_sources = environment.log_sources.or_else(|| source.log_sources());
    let environment = &environment;
    let mut summary = ScanSummary::new(subjects);
    let projection = projection(subjects);
    let plans = subjects.iter().filter(|it| !it.is_single()).count();
    let runtime = Arc::new(Runtime::for_plans(options.memory, plans)?);
    let mut run = sub_select_runner(source, &options.read, &runtime);
    let mut groups = Vec::new();
    for (detection, subject) in subjects.iter().enumerate().filter(|(_, it)| !it.is_single()) {
        match Group::start(detection, subject, environment, &projection, &runtime, &mut run) {
            Ok(group) => groups.push(group),
            Err(error) => summary.fail(detection, error.to_string()),
        }
    }
    let keep_batches = !groups.is_empty();
    let kept = if options.read.keep_values { tested_fields(subjects) } else { Vec::new() };
    let setting = Setting { environment, keep_batches, kept, clock: options.read.clock.clone() };
    let programs = Programs::compile(subjects, setting, projection, &mut run, &mut summary)?;
    let programs = Arc::new(programs);
    let kinds = (!options.read.keep_values).then(|| kinds(subjects));
    let wanted = Wanted::columns(programs.projection().to_vec()).with_wholes().of_kinds(kinds);
    let work = move |looks: &Looks<'_>| Ok(programs.evaluate(looks));
    for chunk in Pass::start(source, &options.read, wanted, Arc::new(work))? {
        summary.statistics.append(chunk.statistics);
        if let Some(findings) = chunk.result {
            take(findings?, &mut groups, &mut summary, options.read.clock.as_ref(), found)?;
        }
    }
    summary.spilled_bytes = runtime.environment().disk_manager.used_disk_space();
    for group in groups {
        end(group, &mut summary, options.read.clock.as_ref(), found)?;
    }
    summary.statistics.cancelled |= options.read.is_cancelled();
    summary.finish(subjects);
    Ok(summary)
}

/// The columns that some detection reads.
fn projection(subjects: &[Subject]) -> Vec<usize> {
    let queries = subjects.iter().flat_map(|it| std::iter::once(&it.query).chain(&it.exclusions));
    let mut columns: Vec<usize> = queries.flat_map(|it| projection_of(it)).collect();
    columns.extend(schema::EVENTS.position("starttime"));
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// The columns that a query reads, and the time.
pub(crate) fn projection_of(query: &Query) -> Vec<usize> {
    let mut columns = query.fields_read();
    columns.extend(schema::EVENTS.position("starttime"));
    if query.reads_properties() {
        columns.push(schema::EVENTS.properties_column());
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

/// For each field whether the filter of some detection reads it, or a CASE, which tells branches apart.
fn tested_fields(subjects: &[Subject]) -> Vec<bool> {
    let mut tested = vec![false; schema::EVENTS.fields.len()];
    for query in subjects.iter().filter_map(|it| exclude::innermost(&it.query)) {
        let cases = query.columns.iter().map(|it| &it.expr).filter(|it| matches!(it.kind, ExprKind::Case { .. }));
        for expr in cases.chain(&query.filter) {
            expr.visit(&mut |it| {
                if let ExprKind::Field(field) = it.kind {
                    tested[field] = true;
                }
            });
        }
    }
    tested
}

/// Whole events, with their original text when a query reads it.
pub(crate) fn wanted_of(query: &Query) -> Wanted {
    Wanted { columns: None, ..Wanted::columns(projection_of(query)) }
}

/// The kinds of events that some detection asks for.
fn kinds(subjects: &[Subject]) -> Kinds {
    let guard = |it: &Subject| exclude::innermost(&it.query).map(|it| Guard::of(it.filter.as_ref()));
    let guards: Vec<Option<Guard>> = subjects.iter().map(guard).collect();
    Kinds::new(move |device_type, channel, event_id| {
        let class = EventClass {
            device_type: Some(device_type),
            channel: Some(channel).filter(|it| !it.is_empty()).map(Into::into),
            event_id: Some(event_id.to_string().into()),
        };
        guards.iter().any(|it| it.as_ref().is_none_or(|it| it.admits(&class)))
    })
}

/// Runs sub-selects in IN, each in a pass of its own.
pub(crate) fn sub_select_runner<'a>(
    source: &Arc<dyn EventSource>,
    read: &ReadSettings,
    runtime: &'a Arc<Runtime>,
) -> impl FnMut(LogicalPlan) -> Result<Vec<RecordBatch>> + 'a {
    let events = EventTable::new(Arc::clone(source), read.clone());
    let tables = Tables::without_events().with("events", Arc::new(events));
    move |plan| start(runtime, &physical_plan(plan, &tables, runtime)?)?.collect()
}

/// Takes what a chunk gave: its matches, and its batch for the plans.
fn take(
    findings: Findings,
    groups: &mut Vec<Group>,
    summary: &mut ScanSummary,
    clock: Option<&Clock>,
    found: &mut dyn FnMut(Match) -> Result<()>,
) -> Result<()> {
    summary.facts.append(findings.facts);
    for (detection, cost) in findings.costs {
        summary.costs[detection].append(cost);
    }
    for (detection, message) in findings.failures {
        summary.fail(detection, message);
    }
    deliver(findings.matches, summary, found)?;
    let Some(batch) = findings.batch else { return Ok(()) };
    let mut failed = Vec::new();
    for group in groups.iter_mut() {
        let started = cost::moment(clock);
        if let Err(error) = group.push(&batch) {
            summary.fail(group.detection(), error.to_string());
            failed.push(group.detection());
        }
        summary.costs[group.detection()].append(cost::since(clock, started, batch.num_rows() as u64));
    }
    groups.retain(|it| !failed.contains(&it.detection()));
    Ok(())
}

/// Ends a plan: the rest of its matches.
fn end(
    mut group: Group,
    summary: &mut ScanSummary,
    clock: Option<&Clock>,
    found: &mut dyn FnMut(Match) -> Result<()>,
) -> Result<()> {
    group.close();
    loop {
        let started = cost::moment(clock);
        let matches = group.next();
        summary.costs[group.detection()].append(cost::since(clock, started, 0));
        match matches {
            None => return Ok(()),
            Some(Ok(matches)) => deliver(matches, summary, found)?,
            Some(Err(error)) => {
                summary.fail(group.detection(), error.to_string());
                return Ok(());
            }
        }
    }
}

fn deliver(matches: Vec<Match>, summary: &mut ScanSummary, found: &mut dyn FnMut(Match) -> Result<()>) -> Result<()> {
    for it in matches {
        summary.count(&it);
        found(it)?;
    }
    Ok(())
}
