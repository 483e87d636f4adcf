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
    /// Which programs may match an event of a class; at most [`CLASSES_MAX`] classes are remembered.
    by_class: RwLock<HashMap<EventClass, Arc<[usize]>>>,
    keep_batches: bool,
    /// For each field whether its values are to be kept.
    kept: Vec<bool>,
    clock: Option<Clock>,
    about: About,
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
        Ok(Self { all, projection, builder, by_class, keep_batches, kept, clock, about })
    }

    /// The columns of the batches.
    pub(super) fn projection(&self) -> &[usize] {
        &self.projection
    }

    /// Evaluates all detections on some events.
    pub(super) fn evaluate(&self, events: &[Event]) -> Result<Findings> {
        let batch = self.builder.build(events);
        let mut findings = Findings::default();
        let mut rows_of: HashMap<EventClass, Vec<u32>> = HashMap::new();
        for (row, event) in (0_u32..).zip(events) {
            let class = EventClass::of(event);
            findings.facts.add(&class, event, &self.kept);
            rows_of.entry(class).or_default().push(row);
        }
        let mut found = Vec::new();
        for (rows, programs) in self.groups(rows_of) {
            let part = if rows.len() == events.len() {
                batch.clone()
            } else {
                take_record_batch(&batch, &UInt32Array::from(rows.clone()))?
            };
            for program in programs {
                let program = &self.all[program];
                let started = cost::moment(self.clock.as_ref());
                let matches = self.matches(program, &part, &rows, events);
                if !program.only_excluded {
                    let cost = cost::since(self.clock.as_ref(), started, rows.len() as u64);
                    findings.costs.push((program.detection, cost));
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

    /// Programs that are to see the same rows, with these rows in their order.
    fn groups(&self, rows_of: HashMap<EventClass, Vec<u32>>) -> Vec<(Vec<u32>, Vec<usize>)> {
        let mut classes: Vec<_> = rows_of.into_iter().collect();
        classes.sort_unstable();
        let mut classes_of: HashMap<usize, Vec<usize>> = HashMap::new();
        for (position, (class, _)) in classes.iter().enumerate() {
            for program in self.admitting(class).iter() {
                classes_of.entry(*program).or_default().push(position);
            }
        }
        let mut groups: HashMap<Vec<usize>, Vec<usize>> = HashMap::new();
        for (program, positions) in classes_of {
            groups.entry(positions).or_default().push(program);
        }
        let rows = |positions: Vec<usize>| {
            let mut rows: Vec<u32> = positions.iter().flat_map(|it| classes[*it].1.iter().copied()).collect();
            rows.sort_unstable();
            rows
        };
        groups.into_iter().map(|(positions, programs)| (rows(positions), programs)).collect()
    }

    /// The programs whose guard admits a class.
    fn admitting(&self, class: &EventClass) -> Arc<[usize]> {
        let known = self.by_class.read().unwrap_or_else(PoisonError::into_inner).get(class).cloned();
        if let Some(programs) = known {
            return programs;
        }
        let admitted = self.all.iter().enumerate().filter(|(_, it)| it.guard.admits(class));
        let programs: Arc<[usize]> = admitted.map(|(position, _)| position).collect();
        let mut by_class = self.by_class.write().unwrap_or_else(PoisonError::into_inner);
        if by_class.len() < CLASSES_MAX {
            by_class.insert(class.clone(), Arc::clone(&programs));
        }
        programs
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

/// Unknown is not true.
fn true_only(truth: &ArrayRef) -> BooleanArray {
    let truth = truth.as_boolean();
    if truth.null_count() == 0 { truth.clone() } else { prep_null_mask_filter(truth) }
}
