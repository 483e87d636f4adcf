//! Detections that look at one event: all of them evaluated on each chunk of events.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use aql::Environment;
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, UInt32Array};
use datafusion_common::arrow::compute::{filter_record_batch, prep_null_mask_filter, take_record_batch};
use datafusion_physical_expr::PhysicalExpr;
use ingest::{BatchBuilder, Event, Value};

use super::cost::{self, Clock, Cost};
use super::exclude::innermost;
use super::expressions::{Expressions, NamedExpr};
use super::facts::{CLASSES_MAX, EventClass, InputFacts};
use super::guard::Guard;
use super::literals::{Asked, Literals, Ways};
use super::matches::{Match, event_json, first_text};
use super::{ScanSummary, Subject};
use crate::event_value::value_of;
use crate::explain::{Explainer, SubSelects, Why};
use crate::physical::Run;
use crate::{Result, cell};

/// One detection, compiled.
struct Program {
    detection: usize,
    guard: Guard,
    ways: Ways,
    predicate: Option<Arc<dyn PhysicalExpr>>,
    columns: Vec<NamedExpr>,
    score: Option<usize>,
    exclusions: Vec<Arc<dyn PhysicalExpr>>,
    /// Whether it only shows what the exclusions remove: the events of a detection that looks at groups.
    only_excluded: bool,
    explainer: Arc<Explainer>,
}

impl Program {
    /// Nothing for a detection that looks at groups, of which nothing is to be excluded.
    fn compile(
        detection: usize,
        subject: &Subject,
        environment: &Environment,
        expressions: &Expressions<'_>,
        run: Run<'_>,
    ) -> Result<Option<Self>> {
        let only_excluded = !subject.is_single();
        let query = match innermost(&subject.query) {
            Some(query) if !only_excluded || !subject.exclusions.is_empty() => query,
            _ => return Ok(None),
        };
        let query = &query;
        let mut sub_selects = SubSelects::default();
        let columns = if only_excluded {
            Vec::new()
        } else {
            expressions.columns(query, &mut sub_selects.recording(&mut *run))?
        };
        let predicate = expressions.filter(query, &mut sub_selects.recording(&mut *run))?;
        let score = subject.score_column.as_ref();
        let mut exclusions = Vec::with_capacity(subject.exclusions.len());
        for exclusion in &subject.exclusions {
            exclusions.extend(expressions.filter(exclusion, run)?);
        }
        Ok(Some(Self {
            detection,
            exclusions,
            only_excluded,
            guard: Guard::of(query.filter.as_ref()),
            ways: Ways::of(query),
            predicate,
            score: score.and_then(|name| columns.iter().position(|(it, _)| it.eq_ignore_ascii_case(name))),
            columns,
            explainer: Arc::new(Explainer::deferred(Arc::clone(query), environment, sub_selects)?),
        }))
    }

    /// For each row the exclusion that removes it; empty without exclusions.
    fn excluded(&self, rows: &RecordBatch) -> Result<Vec<Option<usize>>> {
        let mut excluded = Vec::new();
        for (position, exclusion) in self.exclusions.iter().enumerate() {
            excluded.resize(rows.num_rows(), None);
            let truth = true_only(&exclusion.evaluate(rows)?.into_array(rows.num_rows())?);
            for (row, _) in truth.values().iter().enumerate().filter(|(_, it)| *it) {
                excluded[row] = excluded[row].or(Some(position));
            }
        }
        Ok(excluded)
    }
}

/// All detections of a scan that look at one event.
pub(super) struct Programs {
    all: Vec<Program>,
    projection: Vec<usize>,
    builder: BatchBuilder,
    literals: Literals,
    /// Which programs may match an event of a class; at most [`CLASSES_MAX`] classes are remembered.
    by_class: RwLock<HashMap<EventClass, Arc<Admitted>>>,
    keep_batches: bool,
    /// For each field whether its values are to be kept.
    kept: Vec<bool>,
    clock: Option<Clock>,
    about: About,
}

/// The programs that may match an event of a class.
struct Admitted {
    /// Those that see each event.
    all: Vec<usize>,
    /// Those that see the events that hold one of their texts; by program.
    found: Vec<bool>,
    /// Those whose guard lets the class through; by program.
    is_of_kind: Vec<bool>,
}

/// How the programs of a scan run.
pub(super) struct Setting<'a> {
    /// Time, reference data and lookups.
    pub(super) environment: &'a Environment,
    /// Whether the events are wanted as batches.
    pub(super) keep_batches: bool,
    /// For each field whether its values are to be kept.
    pub(super) kept: Vec<bool>,
    /// Measures the work.
    pub(super) clock: Option<Clock>,
}

/// Fields that say what an event is about.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) time: usize,
    pub(super) hosts: Vec<usize>,
    pub(super) users: Vec<usize>,
}

impl About {
    pub(super) fn new() -> Self {
        let find = |names: &[&str]| names.iter().filter_map(|it| schema::EVENTS.position(it)).collect();
        Self {
            time: schema::EVENTS.position("starttime").unwrap_or(usize::MAX),
            hosts: find(&["Machine Identifier", "logsourceidentifier", "identityhostname"]),
            users: find(&["username"]),
        }
    }
}

/// What one chunk of events gave.
#[derive(Default)]
pub(super) struct Findings {
    pub(super) matches: Vec<Match>,
    pub(super) facts: InputFacts,
    /// The events as a batch, for the detections that look at groups.
    pub(super) batch: Option<RecordBatch>,
    /// Detections that could not be evaluated, and why.
    pub(super) failures: Vec<(usize, String)>,
    /// What the detections cost on this chunk.
    pub(super) costs: Vec<(usize, Cost)>,
}

impl Programs {
    /// Compiles detections. `projection` are the columns of `schema::EVENTS` that all detections of the scan read.
    pub(super) fn compile(
        subjects: &[Subject],
        setting: Setting<'_>,
        projection: Vec<usize>,
        run: Run<'_>,
        summary: &mut ScanSummary,
    ) -> Result<Self> {
        let builder = BatchBuilder::new(&projection)?;
        let expressions = Expressions::new(setting.environment, &builder.schema())?;
        let mut all = Vec::with_capacity(subjects.len());
        for (detection, subject) in subjects.iter().enumerate() {
            match Program::compile(detection, subject, setting.environment, &expressions, run) {
                Ok(program) => all.extend(program),
                Err(error) => summary.fail(detection, error.to_string()),
            }
        }
        let Setting { keep_batches, kept, clock, .. } = setting;
        let (by_class, about) = (RwLock::default(), About::new());
        let literals = Literals::new(all.iter().map(|it| &it.ways))?;
        Ok(Self { all, projection, builder, literals, by_class, keep_batches, kept, clock, about })
    }

    /// The columns of the batches.
    pub(super) fn projection(&self) -> &[usize] {
        &self.projection
    }

    /// Evaluates all detections on some events.
    pub(super) fn evaluate(&self, events: &[Event]) -> Result<Findings> {
        let mut findings = Findings::default();
        let mut rows_of: HashMap<EventClass, Vec<u32>> = HashMap::new();
        for (row, event) in (0_u32..).zip(events) {
            let class = EventClass::of(event);
            findings.facts.add(&class, event, &self.kept);
            rows_of.entry(class).or_default().push(row);
        }
        findings.costs = self.kinds(&rows_of);
        let groups = self.groups(rows_of, events);
        let needed =
            if self.keep_batches { (0..events.len() as u32).collect() } else { union(groups.iter().map(|it| &*it.0)) };
        let batch = self.builder.build(&needed.iter().map(|row| &events[*row as usize]).collect::<Vec<_>>());
        let mut found = Vec::new();
        for (rows, programs) in groups {
            let part = if rows.len() == needed.len() {
                batch.clone()
            } else {
                let place = |row: &u32| needed.binary_search(row).map_or(0, |it| it as u32);
                take_record_batch(&batch, &UInt32Array::from_iter_values(rows.iter().map(place)))?
            };
            for program in programs {
                let program = &self.all[program];
                let started = cost::moment(self.clock.as_ref());
                let matches = self.matches(program, &part, &rows, events);
                if !program.only_excluded {
                    findings.costs.push((program.detection, cost::since(self.clock.as_ref(), started, 0)));
                }
                match matches {
                    Ok(matches) => found.extend(matches),
                    Err(error) => findings.failures.push((program.detection, error.to_string())),
                }
            }
        }
        found.sort_by_key(|(row, it)| (*row, it.detection));
        findings.matches = found.into_iter().map(|(_, it)| it).collect();
        findings.batch = self.keep_batches.then_some(batch);
        Ok(findings)
    }

    /// For each detection the events that its class guard lets through.
    fn kinds(&self, rows_of: &HashMap<EventClass, Vec<u32>>) -> Vec<(usize, Cost)> {
        let mut events: Vec<u64> = vec![0; self.all.len()];
        for (class, rows) in rows_of {
            let admitted = self.admitting(class);
            for (program, events) in events.iter_mut().enumerate() {
                if admitted.is_of_kind[program] {
                    *events += rows.len() as u64;
                }
            }
        }
        let single = self.all.iter().zip(events).filter(|(it, events)| !it.only_excluded && *events > 0);
        single.map(|(it, events)| (it.detection, Cost { events, ..Cost::default() })).collect()
    }

    /// Programs that are to see the same rows, with these rows in their order; none that is to see no row.
    fn groups(&self, rows_of: HashMap<EventClass, Vec<u32>>, events: &[Event]) -> Vec<(Vec<u32>, Vec<usize>)> {
        let mut found = self.literals.found(events, self.all.len());
        let mut class_of: Vec<u32> = vec![0; events.len()];
        let mut classes: Vec<(Arc<Admitted>, Vec<u32>)> = Vec::with_capacity(rows_of.len());
        for (class, rows) in rows_of {
            for row in &rows {
                class_of[*row as usize] = classes.len() as u32;
            }
            classes.push((self.admitting(&class), rows));
        }
        let mut rows_of: HashMap<usize, Vec<u32>> = HashMap::new();
        for (program, rows) in found.iter_mut().enumerate() {
            rows.retain(|row| classes[class_of[*row as usize] as usize].0.found[program]);
            if !rows.is_empty() {
                rows_of.insert(program, std::mem::take(rows));
            }
        }
        for (admitted, rows) in &classes {
            for program in &admitted.all {
                rows_of.entry(*program).or_default().extend(rows);
            }
        }
        let mut groups: HashMap<Vec<u32>, Vec<usize>> = HashMap::new();
        for (program, mut rows) in rows_of {
            rows.sort_unstable();
            groups.entry(rows).or_default().push(program);
        }
        groups.into_iter().collect()
    }

    /// The programs whose guard admits a class.
    fn admitting(&self, class: &EventClass) -> Arc<Admitted> {
        let known = self.by_class.read().unwrap_or_else(PoisonError::into_inner).get(class).cloned();
        if let Some(programs) = known {
            return programs;
        }
        let is_of_kind: Vec<bool> = self.all.iter().map(|it| it.guard.admits(class)).collect();
        let asked = |(it, is_of_kind): (&Program, &bool)| if *is_of_kind { it.ways.asked(class) } else { Asked::None };
        let asked: Vec<Asked> = self.all.iter().zip(&is_of_kind).map(asked).collect();
        let all = asked.iter().enumerate().filter(|(_, it)| **it == Asked::All).map(|(position, _)| position).collect();
        let found = asked.iter().map(|it| *it == Asked::Found).collect();
        let admitted = Arc::new(Admitted { all, found, is_of_kind });
        let mut by_class = self.by_class.write().unwrap_or_else(PoisonError::into_inner);
        if by_class.len() < CLASSES_MAX {
            by_class.insert(class.clone(), Arc::clone(&admitted));
        }
        admitted
    }

    /// The matches of one detection with the rows of the chunk that they stand for.
    fn matches(
        &self,
        program: &Program,
        part: &RecordBatch,
        rows: &[u32],
        events: &[Event],
    ) -> Result<Vec<(u32, Match)>> {
        let (hits, matched) = match &program.predicate {
            None => (rows.to_vec(), part.clone()),
            Some(predicate) => {
                let truth = predicate.evaluate(part)?.into_array(part.num_rows())?;
                let truth = true_only(&truth);
                if truth.true_count() == 0 {
                    return Ok(Vec::new());
                }
                let hits = rows.iter().zip(truth.values()).filter(|(_, hit)| *hit).map(|(row, _)| *row).collect();
                (hits, filter_record_batch(part, &truth)?)
            }
        };
        let mut columns = Vec::with_capacity(program.columns.len());
        for (_, column) in &program.columns {
            columns.push(column.evaluate(&matched)?.into_array(matched.num_rows())?);
        }
        let excluded = program.excluded(&matched)?;
        let mut found = Vec::with_capacity(hits.len());
        for (index, row) in hits.into_iter().enumerate() {
            let excluded_by = excluded.get(index).copied().flatten();
            if program.only_excluded && excluded_by.is_none() {
                continue;
            }
            let event = &events[row as usize];
            found.push((row, Match { excluded_by, ..self.one(program, event, &columns, index) }));
        }
        Ok(found)
    }

    fn one(&self, program: &Program, event: &Event, columns: &[ArrayRef], row: usize) -> Match {
        let names = program.columns.iter().map(|(name, _)| Arc::clone(name));
        let columns: Vec<_> = names.zip(columns).map(|(name, column)| (name, cell(column, row))).collect();
        Match {
            detection: program.detection,
            excluded_by: None,
            locator: Some(event.locator.clone()),
            score: program.score.and_then(|it| columns.get(it)).and_then(|(_, value)| value.as_f64()),
            columns,
            time: match value_of(event, self.about.time) {
                Some(Value::Integer(time)) => Some(*time),
                _ => None,
            },
            host: first_text(event, &self.about.hosts),
            user: first_text(event, &self.about.users),
            event: Some(event_json(event)),
            why: Some(Why::new(&program.explainer, event)),
        }
    }
}

/// The rows of all together, ascending, each once.
fn union<'a>(parts: impl Iterator<Item = &'a [u32]>) -> Vec<u32> {
    let mut rows: Vec<u32> = parts.flatten().copied().collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Unknown is not true.
fn true_only(truth: &ArrayRef) -> BooleanArray {
    let truth = truth.as_boolean();
    if truth.null_count() == 0 { truth.clone() } else { prep_null_mask_filter(truth) }
}
