//! Detections over events that come in batches: what a scan does with the events of its source.

use aql::Environment;
use ingest::Event;

use super::matches::Match;
use super::programs::{Programs, Setting};
use super::{ScanSummary, Subject, projection};
use crate::pass::Looks;
use crate::{EngineError, Result};

/// Detections that look at one event each, compiled once for any number of batches, on any number of threads.
///
/// ```
/// use std::sync::Arc;
/// use engine::{Matcher, Subject};
///
/// let environment = aql::Environment::new(0);
/// let options = aql::Options::new(environment.clone());
/// let query = aql::compile("SELECT username FROM events WHERE username ILIKE 'adm%'", &options).query;
/// let subject = Subject::new(Arc::new(query.expect("there is no error")));
/// let matcher = Matcher::new(&[subject], &environment)?;
/// assert!(matcher.failures().is_empty() && matcher.matches(&[])?.is_empty());
/// # Ok::<(), engine::EngineError>(())
/// ```
pub struct Matcher {
    programs: Programs,
    failures: Vec<(usize, String)>,
}

impl Matcher {
    /// Compiles detections. One that looks at groups of events, or has a sub-select, is among the [`Self::failures`].
    pub fn new(subjects: &[Subject], environment: &Environment) -> Result<Self> {
        let refused = || EngineError::Unsupported("a sub-select over events that come in batches".to_owned());
        let mut summary = ScanSummary::new(subjects);
        let setting = Setting { environment, keep_batches: false, kept: Vec::new(), clock: None };
        let programs =
            Programs::compile(subjects, setting, projection(subjects), &mut |_| Err(refused()), &mut summary)?;
        for (detection, _) in subjects.iter().enumerate().filter(|(_, it)| !it.is_single()) {
            summary.fail(detection, "it looks at groups of events".to_owned());
        }
        Ok(Self { programs, failures: summary.failures.into_iter().collect() })
    }

    /// Detections that cannot be evaluated, by their position, each with the reason.
    pub fn failures(&self) -> &[(usize, String)] {
        &self.failures
    }

    /// The columns of `schema::EVENTS.arrow_schema()` that some detection reads; no other one changes what matches.
    pub fn columns(&self) -> &[usize] {
        self.programs.projection()
    }

    /// The matches in the order of the events and, for the same event, of the detections.
    ///
    /// # Errors
    /// When a detection cannot be evaluated on these events.
    pub fn matches(&self, events: &[Event]) -> Result<Vec<Match>> {
        let findings = self.programs.evaluate(&Looks::of(events));
        match findings.failures.into_iter().next() {
            Some((_, message)) => Err(EngineError::Unsupported(message)),
            None => Ok(findings.matches),
        }
    }
}
