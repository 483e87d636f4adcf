//! The tests of a page: their events, read by the same readers as any log, and what a query makes of them.
//!
//! Reading and running are apart, so that the events are read once and run against as many queries as wanted: that of
//! the page, another version of it, one with exclusions.

mod read;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use aql::Environment;
use ingest::{Event, LogSources, UserProperties};
use pack::{Detection, Test};

pub use self::read::TEST_PRESENT;
pub(crate) use self::read::raw_events;
pub(crate) use self::read::text as read_text;
use crate::explain::{NearMiss, nearest_miss};
use crate::files::Names;
use crate::scan::{Match, ScanOptions, Subject, scan};
use crate::{EventSource, MemorySource, ReadSettings};

/// Matches of one test that are kept; all are counted.
pub const TEST_MATCHES_MAX: usize = 1000;

/// Memory for grouping and sorting the events of a test, in bytes.
const MEMORY: usize = 64 << 20;

/// Gives the bytes of a file beside the page, or says why it cannot.
pub type BesideFiles<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// The tests of a page with their events, ready to be run.
#[derive(Clone, Debug)]
pub struct PageTests {
    tests: Vec<ReadTest>,
    cases: Vec<Case>,
    log_sources: Arc<LogSources>,
    /// All events, each case a part.
    all: Arc<dyn EventSource>,
}

/// A test and its events.
#[derive(Clone, Debug)]
struct ReadTest {
    test: Test,
    /// What is wrong with the events, if anything.
    unreadable: Option<String>,
    events: Vec<Event>,
}

/// A log of its own: the events of a test, or, of one with `each`, one of them.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// The test, by its position.
    pub(crate) test: usize,
    /// Which of its events.
    pub(crate) events: Range<usize>,
    /// The name of its part; the pointer tells the case of a match.
    name: Arc<str>,
}

/// What a query made of a test.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// The test, by its position in [`Detection::tests`].
    pub test: usize,
    /// Of a test with `each` that does not hold: which of its events shows it, from 0.
    pub event: Option<usize>,
    /// The rows that the query gave, in their order; at most [`TEST_MATCHES_MAX`].
    pub matches: Vec<Match>,
    /// How many rows it gave.
    pub count: u64,
    /// How many further rows, or events of a query that looks at groups, the exclusions removed.
    pub excluded: u64,
    /// Why the test does not hold; nothing when it does.
    pub failure: Option<Failure>,
}

/// Why a test does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The events cannot be read.
    Unreadable(String),
    /// The query cannot be run.
    NotEvaluated(String),
    /// There is no match, and there must be one.
    NoMatch,
    /// There is a match, and there must be none.
    Matched,
    /// A column of the first match has another value.
    WrongValue {
        /// The column.
        column: String,
        /// The value that the page wants.
        expected: String,
        /// The value that it has.
        found: String,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(reason) => write!(formatter, "the events cannot be read: {reason}"),
            Self::NotEvaluated(reason) => write!(formatter, "the query cannot be run: {reason}"),
            Self::NoMatch => formatter.write_str("no match, and there must be one"),
            Self::Matched => formatter.write_str("a match, and there must be none"),
            Self::WrongValue { column, expected, found } => write!(formatter, "{column} is {found}, not {expected}"),
        }
    }
}

impl Verdict {
    /// Whether the test holds.
    pub const fn passed(&self) -> bool {
        self.failure.is_none()
    }
}

impl PageTests {
    /// Reads the events of the tests of a page.
    pub fn read(detection: &Detection, files: BesideFiles<'_>, user_properties: &Arc<UserProperties>) -> Self {
        let log_sources = Arc::<LogSources>::default();
        let (mut tests, mut cases, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        for (position, test) in detection.tests.iter().enumerate() {
            let name = test.name.as_str().into();
            let events = read::events(&test.input, &name, files, user_properties, &log_sources);
            let (mut events, unreadable) = match events {
                Ok(events) => (events, None),
                Err(reason) => (Vec::new(), Some(reason)),
            };
            for range in logs(test, events.len()) {
                let name: Arc<str> = test.name.as_str().into();
                let part = &mut events[range.clone()];
                for it in part.iter_mut() {
                    it.locator.file = Arc::clone(&name);
                }
                parts.push((Arc::clone(&name), part.to_vec()));
                cases.push(Case { test: position, events: range, name });
            }
            tests.push(ReadTest { test: test.clone(), unreadable, events });
        }
        Self { tests, cases, log_sources, all: Arc::new(MemorySource::new(parts)) }
    }

    /// The events of a test; none when they cannot be read.
    pub fn events(&self, test: usize) -> &[Event] {
        self.tests.get(test).map_or(&[], |it| &it.events)
    }

    /// The events of a test as a source.
    pub fn source(&self, test: usize) -> Arc<dyn EventSource> {
        let cases = self.cases.iter().filter(|it| it.test == test);
        Arc::new(MemorySource::new(cases.map(|it| self.part(it)).collect()))
    }

    /// The logs that the tests are, in the order of the tests.
    pub(crate) fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// The events of a log.
    pub(crate) fn events_of(&self, case: &Case) -> &[Event] {
        self.events(case.test).get(case.events.clone()).unwrap_or_default()
    }

    /// The test of a log.
    pub(crate) fn test_of(&self, case: &Case) -> &Test {
        &self.tests[case.test].test
    }

    fn part(&self, case: &Case) -> (Arc<str>, Vec<Event>) {
        (Arc::clone(&case.name), self.events_of(case).to_vec())
    }

    /// Runs all tests, each by itself; the verdicts are in the order of the tests. A query that looks at one event at a
    /// time is compiled once and runs over the events of all tests in one pass.
    pub fn run(&self, subject: &Subject, environment: &Environment) -> Vec<Verdict> {
        let environment = &self.environment(environment);
        let mut rows: Vec<Rows> = self.cases.iter().map(|_| Rows::default()).collect();
        let failed = if subject.looks_at_one_event() {
            self.run_together(subject, environment, &mut rows)
        } else {
            self.run_apart(subject, environment, &mut rows)
        };
        let mut rows = self.cases.iter().zip(rows).peekable();
        let verdicts = self.tests.iter().enumerate().map(|(position, test)| {
            let mut verdict = Verdict { test: position, ..Verdict::default() };
            while let Some((case, rows)) = rows.next_if(|(case, _)| case.test == position) {
                verdict.add(test, case, rows, failed.as_deref());
            }
            verdict
        });
        verdicts.collect()
    }

    /// Why a test that must match does not: the event that came nearest, and where it fell short. `query` is its text.
    /// Nothing where there is nothing to show.
    pub fn nearest_miss(
        &self,
        verdict: &Verdict,
        subject: &Subject,
        query: &str,
        environment: &Environment,
    ) -> Option<NearMiss> {
        let events = self.events(verdict.test);
        let events = verdict.event.and_then(|it| events.get(it..=it)).unwrap_or(events);
        // What cannot be evaluated was said by the verdict.
        nearest_miss(&subject.query, query, events, &self.environment(environment)).ok().flatten()
    }

    /// The environment with the names of the log sources of the events, at a present that is the same on any day.
    pub(crate) fn environment(&self, environment: &Environment) -> Environment {
        let log_sources = Arc::new(Names(Arc::clone(&self.log_sources)));
        Environment { log_sources: Some(log_sources), now: TEST_PRESENT, ..environment.clone() }
    }

    fn run_together(&self, subject: &Subject, environment: &Environment, rows: &mut [Rows]) -> Option<String> {
        let mut take = |found: Match| {
            let file = found.locator.as_ref().map(|it| &it.file);
            let case = self.cases.iter().position(|it| file.is_some_and(|file| Arc::ptr_eq(file, &it.name)));
            if let Some(rows) = case.and_then(|it| rows.get_mut(it)) {
                rows.push(found);
            }
        };
        run(subject, environment, &self.all, &mut take).err()
    }

    fn run_apart(&self, subject: &Subject, environment: &Environment, rows: &mut [Rows]) -> Option<String> {
        for (case, rows) in self.cases.iter().zip(rows) {
            let source: Arc<dyn EventSource> = Arc::new(MemorySource::new(vec![self.part(case)]));
            if let Err(message) = run(subject, environment, &source, &mut |found| rows.push(found)) {
                return Some(message);
            }
        }
        None
    }
}

/// The rows that a test got.
#[derive(Default)]
struct Rows {
    kept: Vec<Match>,
    count: u64,
    excluded: u64,
}

impl Rows {
    fn push(&mut self, found: Match) {
        if found.excluded_by.is_some() {
            self.excluded += 1;
            return;
        }
        self.count += 1;
        if self.kept.len() < TEST_MATCHES_MAX {
            self.kept.push(found);
        }
    }
}

/// Scans for one detection.
fn run(
    subject: &Subject,
    environment: &Environment,
    source: &Arc<dyn EventSource>,
    take: &mut dyn FnMut(Match),
) -> Result<(), String> {
    let options = ScanOptions { read: ReadSettings { threads: 1, ..ReadSettings::default() }, memory: MEMORY };
    let mut found = |it| {
        take(it);
        Ok(())
    };
    let subjects = std::slice::from_ref(subject);
    let summary = scan(subjects, environment, source, &options, &mut found).map_err(|error| error.to_string())?;
    summary.failures.into_iter().next().map_or(Ok(()), |(_, message)| Err(message))
}

/// Which events of a test are a log: all of them, or each; a test without events is an empty log.
fn logs(test: &Test, events: usize) -> Vec<Range<usize>> {
    if test.each && events > 0 {
        (0..events).map(|it| it..it + 1).collect()
    } else {
        std::iter::once(0..events).collect()
    }
}

impl Verdict {
    /// Adds what a log of the test gave. Once one does not hold, only its rows are kept.
    fn add(&mut self, of: &ReadTest, case: &Case, rows: Rows, failed: Option<&str>) {
        if self.failure.is_some() {
            return;
        }
        self.failure = if let Some(reason) = &of.unreadable {
            Some(Failure::Unreadable(reason.clone()))
        } else if let Some(message) = failed {
            Some(Failure::NotEvaluated(message.to_owned()))
        } else {
            judge(&of.test, rows.kept.first().map(|it| it.columns.as_slice()))
        };
        if self.failure.is_some() {
            self.event = of.test.each.then_some(case.events.start);
            (self.matches, self.count, self.excluded) = (Vec::new(), 0, 0);
        }
        self.count += rows.count;
        self.excluded += rows.excluded;
        self.matches.extend(rows.kept);
        self.matches.truncate(TEST_MATCHES_MAX);
    }
}

/// Whether the first row of a log, if there is one, is what the test wants; why not.
pub(crate) fn judge(test: &Test, first: Option<&[(Arc<str>, serde_json::Value)]>) -> Option<Failure> {
    match (test.kind.must_match(), first) {
        (true, None) => Some(Failure::NoMatch),
        (false, Some(_)) => Some(Failure::Matched),
        (true, Some(first)) => wrong_value(test, first),
        (false, None) => None,
    }
}

/// The first expected value that a match does not have.
fn wrong_value(test: &Test, found: &[(Arc<str>, serde_json::Value)]) -> Option<Failure> {
    test.expected.iter().find_map(|(column, expected)| {
        let value = found.iter().find(|(it, _)| **it == **column).map(|(_, value)| value);
        let value = value.map_or_else(|| "absent".to_owned(), plain);
        // Aggregates are doubles; a page may write them as whole numbers.
        let holds = value == *expected || value.strip_suffix(".0") == Some(expected);
        (!holds).then(|| Failure::WrongValue { column: column.clone(), expected: expected.clone(), found: value })
    })
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
