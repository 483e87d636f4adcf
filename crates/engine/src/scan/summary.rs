//! What a scan says at its end.

use std::collections::BTreeMap;
use std::fmt;

use aql::possible::Possible;

use super::Subject;
use super::cost::Cost;
use super::exclude::innermost;
use super::facts::InputFacts;
use super::lack::{Lack, Observed};
use super::matches::Match;
use crate::ReadStatistics;

/// The figures of a scan.
#[derive(Clone, Debug)]
pub struct ScanSummary {
    /// What was read.
    pub statistics: ReadStatistics,
    /// What the input holds.
    pub facts: InputFacts,
    /// Matches of each detection.
    pub matches: Vec<u64>,
    /// What each exclusion of each detection removed: matches, or events of a detection that looks at groups. What two
    /// exclusions would remove counts for the first.
    pub excluded: Vec<Vec<u64>>,
    /// What each detection cost.
    pub costs: Vec<Cost>,
    /// The most bytes that detections which look at groups had in temporary files when the input was read.
    pub spilled_bytes: u64,
    /// Detections that could not fire on this input, and why.
    pub silent: Vec<Silence>,
    /// Detections that could not be evaluated, with the first error of each.
    pub failures: BTreeMap<usize, String>,
}

/// Why a detection could not fire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// The detection.
    pub detection: usize,
    /// What the input has not.
    pub lack: Lack,
}

impl fmt::Display for Silence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lack.fmt(formatter)
    }
}

impl ScanSummary {
    pub(super) fn new(subjects: &[Subject]) -> Self {
        Self {
            statistics: ReadStatistics::default(),
            facts: InputFacts::default(),
            matches: vec![0; subjects.len()],
            excluded: subjects.iter().map(|it| vec![0; it.exclusions.len()]).collect(),
            costs: vec![Cost::default(); subjects.len()],
            spilled_bytes: 0,
            silent: Vec::new(),
            failures: BTreeMap::new(),
        }
    }

    pub(super) fn count(&mut self, found: &Match) {
        match found.excluded_by {
            Some(exclusion) => self.excluded[found.detection][exclusion] += 1,
            None => self.matches[found.detection] += 1,
        }
    }

    pub(super) fn fail(&mut self, detection: usize, message: String) {
        self.failures.entry(detection).or_insert(message);
    }

    /// Finds the detections that could not fire.
    pub(super) fn finish(&mut self, subjects: &[Subject]) {
        let observed = Observed::new(&self.facts);
        for (detection, subject) in subjects.iter().enumerate() {
            if self.matches[detection] > 0 || self.failures.contains_key(&detection) {
                continue;
            }
            let Some(query) = innermost(&subject.query) else { continue };
            let Some(filter) = &query.filter else { continue };
            let lack = observed.lack(&[filter], &mut Possible::new());
            self.silent.extend(lack.map(|lack| Silence { detection, lack }));
        }
    }
}

/// The most memory that this process has had, in bytes; where the system does not tell, nothing.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024)
}
