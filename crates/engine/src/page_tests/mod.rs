//! The tests of a page: their events, read by the same readers as any log, and what a query makes of them.
//!
//! Reading and running are apart, so that the events are read once and run against as many queries as wanted: that of
//! the page, another version of it, one with exclusions.

mod read;

use std::fmt;
use std::sync::Arc;

use aql::Environment;
use ingest::{Event, LogSources, UserProperties};
use pack::{Detection, Test};

pub use self::read::TEST_PRESENT;
use crate::files::Names;
use crate::scan::{Match, NearMiss, ScanOptions, Subject, nearest_miss, scan};
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
    cases: Vec<Case>,
    log_sources: Arc<LogSources>,
    /// All events, each case a part.
    all: Arc<dyn EventSource>,
}

/// A test and its events.
#[derive(Clone, Debug)]
struct Case {
    test: Test,
    /// The name of its part; the pointer tells the case of a match.
    name: Arc<str>,
    /// What is wrong with the events, if anything.
    unreadable: Option<String>,
    events: Vec<Event>,
}

/// What a query made of a test.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The test, by its position in [`Detection::tests`].
    pub test: usize,
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
        let cases = detection.tests.iter().map(|test| {
            let name = test.name.as_str().into();
            let events = read::events(&test.input, &name, files, user_properties, &log_sources);
            let (events, unreadable) = match events {
                Ok(events) => (events, None),
                Err(reason) => (Vec::new(), Some(reason)),
            };
            Case { test: test.clone(), name, unreadable, events }
        });
        let cases: Vec<_> = cases.collect();
        let parts = cases.iter().map(|it| (Arc::clone(&it.name), it.events.clone())).collect();
        Self { cases, log_sources, all: Arc::new(MemorySource::new(parts)) }
    }

    /// The events of a test; none when they cannot be read.
    pub fn events(&self, test: usize) -> &[Event] {
        self.cases.get(test).map_or(&[], |it| &it.events)
    }

    /// The events of a test as a source.
    pub fn source(&self, test: usize) -> Arc<dyn EventSource> {
        let part = self.cases.get(test).map(|it| (Arc::clone(&it.name), it.events.clone()));
        Arc::new(MemorySource::new(part.into_iter().collect()))
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
        let cases = self.cases.iter().zip(rows).enumerate();
        cases.map(|(test, (case, rows))| verdict(test, case, rows, failed.as_deref())).collect()
    }

    /// Why a test that must match does not: the event that came nearest, and where it fell short. `query` is its text.
    /// Nothing where there is nothing to show.
    pub fn nearest_miss(
        &self,
        test: usize,
        subject: &Subject,
        query: &str,
        environment: &Environment,
    ) -> Option<NearMiss> {
        // What cannot be evaluated was said by the verdict.
        nearest_miss(&subject.query, query, self.events(test), &self.environment(environment)).ok().flatten()
    }

    /// The environment with the names of the log sources of the events, at a present that is the same on any day.
    fn environment(&self, environment: &Environment) -> Environment {
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
        for (test, rows) in rows.iter_mut().enumerate() {
            if let Err(message) = run(subject, environment, &self.source(test), &mut |found| rows.push(found)) {
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

fn verdict(test: usize, case: &Case, rows: Rows, failed: Option<&str>) -> Verdict {
    let failure = if let Some(reason) = &case.unreadable {
        Some(Failure::Unreadable(reason.clone()))
    } else if let Some(message) = failed {
        Some(Failure::NotEvaluated(message.to_owned()))
    } else {
        match (case.test.kind.must_match(), rows.kept.first()) {
            (true, None) => Some(Failure::NoMatch),
            (false, Some(_)) => Some(Failure::Matched),
            (true, Some(first)) => wrong_value(&case.test, first),
            (false, None) => None,
        }
    };
    Verdict { test, matches: rows.kept, count: rows.count, excluded: rows.excluded, failure }
}

/// The first expected value that a match does not have.
fn wrong_value(test: &Test, found: &Match) -> Option<Failure> {
    test.expected.iter().find_map(|(column, expected)| {
        let value = found.columns.iter().find(|(it, _)| **it == **column).map(|(_, value)| value);
        let value = value.map_or_else(|| "absent".to_owned(), plain);
        // Aggregates are doubles; a page may write them as whole numbers.
        let holds = value == *expected || value.strip_suffix(".0") == Some(expected);
        (!holds).then(|| Failure::WrongValue { column: column.clone(), expected: expected.clone(), found: value })
    })
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
