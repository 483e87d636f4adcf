//! All detections of a scan that look at one event, evaluated together on each chunk of events: the kind of an event and
//! the texts that it holds say which detections it is a candidate for; what can be told of it as it stands is asked next,
//! and only what is left becomes columns for the filter of the detection.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use aql::Environment;
use datafusion_common::arrow::array::RecordBatch;
use ingest::{BatchBuilder, Event};

use super::classes::Classes;
use super::cost::{self, Clock, Cost};
use super::facts::{CLASSES_MAX, ClassFacts, EventClass, InputFacts};
use super::literals::{Asked, Literals, Memo, Searched};
use super::matches::Match;
use super::program::{About, Program};
use super::{ScanSummary, Subject};
use crate::event_value::Fields;
use crate::pass::{Looks, Wholes};
use crate::physical::Run;
use crate::{EngineError, Result};

/// All detections of a scan that look at one event.
pub(super) struct Programs {
    all: Vec<Program>,
    projection: Vec<usize>,
    builder: BatchBuilder,
    literals: Literals,
    admitted: RwLock<KnownClasses>,
    keep_batches: bool,
    /// For each field whether its values are to be kept.
    kept: Vec<bool>,
    clock: Option<Clock>,
    about: About,
}

/// Which programs may match an event of a class; at most [`CLASSES_MAX`] classes are remembered.
#[derive(Default)]
struct KnownClasses {
    by_class: HashMap<EventClass, Arc<Admitted>>,
    /// Each once.
    all: Vec<Arc<Admitted>>,
}

/// The programs that may match an event of a class.
#[derive(PartialEq)]
struct Admitted {
    /// Those that see each event.
    all: Vec<u32>,
    /// Those that see the events that hold one of their texts.
    searched: Searched,
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

/// A class of the events of a chunk.
struct Kind {
    admitted: Arc<Admitted>,
    facts: ClassFacts,
}

/// The rows that a program is still to see, ascending, and the time that finding them took.
#[derive(Clone, Default)]
struct Candidates {
    rows: Vec<u32>,
    time: Duration,
    /// One more than the row that was asked last, so that it is asked once.
    asked: u32,
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
        let mut all = Vec::with_capacity(subjects.len());
        // Those with sub-selects wait: these are run one after the other.
        let numbers: Vec<usize> = (0..subjects.len()).collect();
        let programs = pack::in_parallel(&numbers, |it| {
            let subject = Some(&subjects[*it]).filter(|it| !it.has_sub_selects())?;
            let run: Run<'_> = &mut |_| Err(EngineError::Unsupported("a sub-select that is not known of".to_owned()));
            Some(Program::compile(*it, subject, setting.environment, run))
        });
        for (detection, program) in programs.into_iter().enumerate() {
            let compile = || Program::compile(detection, &subjects[detection], setting.environment, run);
            match program.unwrap_or_else(compile) {
                Ok(program) => all.extend(program),
                Err(error) => summary.fail(detection, error.to_string()),
            }
        }
        let literals = Literals::new(all.iter().map(|it| &it.ways))?;
        let Setting { keep_batches, kept, clock, .. } = setting;
        Ok(Self {
            all,
            builder: BatchBuilder::new(&projection)?,
            projection,
            literals,
            admitted: RwLock::default(),
            keep_batches,
            kept,
            clock,
            about: About::new(),
        })
    }

    /// The columns of the batches.
    pub(super) fn projection(&self) -> &[usize] {
        &self.projection
    }

    /// Evaluates all detections on some events.
    pub(super) fn evaluate(&self, looks: &Looks<'_>) -> Findings {
        let events = looks.events;
        let mut wholes = Wholes::new(looks);
        let mut findings = Findings::default();
        let candidates = self.candidates(events, &mut findings);
        let mut found = Vec::new();
        for (program, candidates) in self.all.iter().zip(candidates) {
            let started = cost::moment(self.clock.as_ref());
            if !candidates.rows.is_empty() {
                match program.matches(&candidates.rows, &mut wholes, &self.about) {
                    Ok(matches) => found.extend(matches),
                    Err(error) => findings.failures.push((program.detection, error.to_string())),
                }
            }
            let time = candidates.time + cost::since(self.clock.as_ref(), started, 0).time;
            if !program.only_excluded && !time.is_zero() {
                findings.costs.push((program.detection, Cost { events: 0, time }));
            }
        }
        found.sort_by_key(|(row, it)| (*row, it.detection));
        findings.matches = found.into_iter().map(|(_, it)| it).collect();
        findings.batch = self.keep_batches.then(|| self.builder.build(events));
        findings
    }

    /// For each program the rows for which its filter may be true; counts the events.
    fn candidates(&self, events: &[Event], findings: &mut Findings) -> Vec<Candidates> {
        let mut candidates = vec![Candidates::default(); self.all.len()];
        let mut classes = Classes::new();
        let mut kinds: Vec<Kind> = Vec::new();
        let (mut memo, mut kept_bytes) = (Memo::new(events.len()), 0);
        let mut fields = Fields::new();
        for (row, event) in (0_u32..).zip(events) {
            fields.take(event);
            let (number, is_new) = classes.number(event, &fields);
            if is_new {
                let admitted = self.admitting(classes.class(number));
                kinds.push(Kind { admitted, facts: ClassFacts::default() });
            }
            let Kind { admitted, facts } = &mut kinds[number];
            facts.add(event, &self.kept, &mut kept_bytes);
            for program in &admitted.all {
                self.ask(*program, row, &fields, &mut candidates);
            }
            let searched = (Arc::as_ptr(admitted).addr(), &admitted.searched);
            self.literals.find(event, searched, &mut memo, &mut |program| {
                if candidates[program as usize].asked <= row {
                    self.ask(program, row, &fields, &mut candidates);
                }
            });
        }
        findings.costs = self.kinds(&kinds);
        let facts = kinds.into_iter().map(|it| it.facts);
        findings.facts = InputFacts::of(classes.into_all().into_iter().zip(facts), kept_bytes);
        candidates
    }

    /// Whether an event may pass the filter of a program.
    fn ask(&self, program: u32, row: u32, event: &Fields<'_>, candidates: &mut [Candidates]) {
        let (program, candidates) = (&self.all[program as usize], &mut candidates[program as usize]);
        candidates.asked = row + 1;
        let started = cost::moment(self.clock.as_ref());
        if program.precheck.may_pass(event) {
            candidates.rows.push(row);
        }
        candidates.time += cost::since(self.clock.as_ref(), started, 0).time;
    }

    /// For each detection the events that its class guard lets through.
    fn kinds(&self, kinds: &[Kind]) -> Vec<(usize, Cost)> {
        let mut events: Vec<u64> = vec![0; self.all.len()];
        for Kind { admitted, facts } in kinds {
            let of_kind = events.iter_mut().zip(&admitted.is_of_kind).filter(|(_, is_of_kind)| **is_of_kind);
            of_kind.for_each(|(it, _)| *it += facts.events);
        }
        let single = self.all.iter().zip(events).filter(|(it, events)| !it.only_excluded && *events > 0);
        single.map(|(it, events)| (it.detection, Cost { events, ..Cost::default() })).collect()
    }

    /// The programs whose guard admits a class.
    fn admitting(&self, class: &EventClass) -> Arc<Admitted> {
        let known = self.admitted.read().unwrap_or_else(PoisonError::into_inner).by_class.get(class).cloned();
        if let Some(admitted) = known {
            return admitted;
        }
        let is_of_kind: Vec<bool> = self.all.iter().map(|it| it.guard.admits(class)).collect();
        let asked = |(it, is_of_kind): (&Program, &bool)| if *is_of_kind { it.ways.asked(class) } else { Asked::None };
        let asked: Vec<Asked> = self.all.iter().zip(&is_of_kind).map(asked).collect();
        let all = (0_u32..).zip(&asked).filter(|(_, it)| **it == Asked::All).map(|(program, _)| program).collect();
        let searched = self.literals.searched(asked.iter().map(|it| *it == Asked::Found).collect());
        let admitted = Admitted { all, searched, is_of_kind };
        self.admitted.write().unwrap_or_else(PoisonError::into_inner).add(class, admitted)
    }
}

impl KnownClasses {
    fn add(&mut self, class: &EventClass, admitted: Admitted) -> Arc<Admitted> {
        let known = self.all.iter().find(|it| ***it == admitted).cloned();
        let admitted = known.unwrap_or_else(|| {
            let admitted = Arc::new(admitted);
            if self.by_class.len() < CLASSES_MAX {
                self.all.push(Arc::clone(&admitted));
            }
            admitted
        });
        if self.by_class.len() < CLASSES_MAX {
            self.by_class.insert(class.clone(), Arc::clone(&admitted));
        }
        admitted
    }
}
