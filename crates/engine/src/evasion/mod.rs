//! Evasion: the attack events of a page as the log would show them, had the attacker written the same differently, and
//! what the page's query makes of them.
//!
//! Of a query that looks at one event at a time, each event that it matches is rewritten by itself. Of one that looks at
//! groups, all events of a test are rewritten together, each to which the transformation applies.

mod grouped;
mod variants;

use std::sync::Arc;

use aql::Environment;
use evade::{Change, Transformation};
use ingest::{Event, LogSources, UserProperties};
use pack::Detection;

use crate::explain::{NearMiss, NearTest, nearest_miss};
use crate::files::Names;
use crate::page_tests::{self, BesideFiles, TEST_PRESENT};
use crate::scan::{Match, ScanOptions, Subject, scan};
use crate::{EventSource, MemorySource, ReadSettings};

/// Variants of one page; what comes later is left out.
pub const EVASIONS_MAX: usize = 5_000;

/// Memory for grouping and sorting, in bytes.
const MEMORY: usize = 64 << 20;

/// An attack that was rewritten, and whether the query still finds it.
#[derive(Clone, Debug)]
pub struct Evasion {
    /// How it was rewritten.
    pub transformation: &'static Transformation,
    /// The test that has the attack, by its position in [`Detection::tests`].
    pub test: usize,
    /// What differs.
    pub changes: Vec<Change>,
    /// Whether the query gives a row.
    pub caught: bool,
    /// The events.
    pub events: Vec<Event>,
}

/// The attack events of pages, rewritten.
#[derive(Clone, Debug)]
pub struct Evade {
    transformations: Vec<&'static Transformation>,
    user_properties: Arc<UserProperties>,
    environment: Environment,
    log_sources: Arc<LogSources>,
}

impl Evade {
    /// Rewrites by these transformations; queries run in this environment, at the present of tests.
    pub fn new(
        transformations: Vec<&'static Transformation>,
        environment: &Environment,
        user_properties: &Arc<UserProperties>,
    ) -> Self {
        let log_sources = Arc::<LogSources>::default();
        let names = Arc::new(Names(Arc::clone(&log_sources)));
        let environment = Environment { log_sources: Some(names), now: TEST_PRESENT, ..environment.clone() };
        Self { transformations, user_properties: Arc::clone(user_properties), environment, log_sources }
    }

    /// Rewrites the attacks of a page and runs its query. An error says which test cannot be read or run.
    pub fn page(&self, detection: &Detection, files: BesideFiles<'_>) -> Result<Vec<Evasion>, String> {
        let subject = Subject::of(detection);
        if subject.looks_at_one_event() {
            self.single(detection, &subject, files)
        } else {
            self.grouped(detection, &subject, files)
        }
    }

    /// The tests of a page's query that the nearest event of an evasion fails; none where that cannot be said.
    pub fn missed(&self, detection: &Detection, evasion: &Evasion) -> Vec<NearTest> {
        let query = Subject::of(detection).query;
        match nearest_miss(&query, &detection.query.text, &evasion.events, &self.environment) {
            Ok(Some(NearMiss::Event { tests, .. })) => tests.into_iter().filter(|it| !it.holds).collect(),
            _ => Vec::new(),
        }
    }

    /// Which of these detections match each evasion, by their positions; detections that look at groups do not take part.
    pub fn matching(&self, subjects: &[Subject], evasions: &[&Evasion]) -> Result<Vec<Vec<usize>>, String> {
        let single: Vec<usize> =
            subjects.iter().enumerate().filter(|(_, it)| it.looks_at_one_event()).map(|(place, _)| place).collect();
        let chosen: Vec<Subject> = single.iter().map(|it| subjects[*it].clone()).collect();
        let events = evasions.iter().enumerate().flat_map(|(number, it)| numbered(&it.events, number)).collect();
        let mut found: Vec<Vec<usize>> = vec![Vec::new(); evasions.len()];
        self.scan(&chosen, events, &mut |it| {
            if let Some(list) = number_of(&it).and_then(|it| found.get_mut(it))
                && !list.contains(&single[it.detection])
            {
                list.push(single[it.detection]);
            }
        })?;
        for it in &mut found {
            it.sort_unstable();
        }
        Ok(found)
    }

    /// Runs detections over events, as one file.
    fn scan(&self, subjects: &[Subject], events: Vec<Event>, take: &mut dyn FnMut(Match)) -> Result<(), String> {
        let source: Arc<dyn EventSource> = Arc::new(MemorySource::new(vec![("-".into(), events)]));
        let options = ScanOptions { read: ReadSettings { threads: 1, ..ReadSettings::default() }, memory: MEMORY };
        let mut found = |it| {
            take(it);
            Ok(())
        };
        let summary = scan(subjects, &self.environment, &source, &options, &mut found).map_err(|it| it.to_string())?;
        summary.failures.into_iter().next().map_or(Ok(()), |(_, message)| Err(message))
    }
}

/// The events of a test as its log has them.
fn raw_events(test: &pack::Test, files: BesideFiles<'_>) -> Result<Vec<ingest::RawEvent>, String> {
    page_tests::raw_events(&test.input, files)
        .map_err(|reason| format!("the events of \"{}\" cannot be read: {reason}", test.name))
}

/// The events with a number instead of their place, by which their matches are told apart.
fn numbered(events: &[Event], number: usize) -> Vec<Event> {
    let mut events = events.to_vec();
    for it in &mut events {
        it.locator.record = number as u64;
    }
    events
}

/// The number of the event of a match.
fn number_of(found: &Match) -> Option<usize> {
    found.locator.as_ref().and_then(|it| usize::try_from(it.record).ok())
}
