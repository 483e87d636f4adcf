//! Finds exclusions for detections that are noisy on an input: few, each of at most three predicates on fields that are
//! stable and specific, such that most matches go and every attack and evasion of the page is still found.
//!
//! What is frequent is not harmless: these are proposals for people to judge.

mod grade;
mod items;
mod mine;

use std::sync::Arc;

use aql::Environment;
use aql::bound::Query;
use ingest::Locator;
use pack::Detection;

use self::items::Observations;
pub use self::items::{Item, Operation};
use crate::scan::{Match, ScanOptions, ScanSummary, Subject, scan};
use crate::{EventSource, PageTests, Result};

/// The most matches of a detection that are looked into; all are counted.
pub const OBSERVED_MAX: usize = 50_000;
/// The most predicates of an exclusion.
pub const PREDICATES_MAX: usize = 3;
/// The most exclusions that are proposed for a detection.
const PROPOSALS_MAX: usize = 5;
/// The most candidates that are tried against the tests of a page for one proposal.
const TRIES_MAX: usize = 24;
/// The share of the matches at which no further exclusion is looked for.
const ENOUGH: f64 = 0.9;
/// The least share of the matches that an exclusion is proposed for.
const SHARE_MIN: f64 = 0.05;
/// The least number of matches that an exclusion is proposed for.
const MATCHES_MIN: usize = 3;
/// Examples of what a proposal removes.
const EXAMPLES_MAX: usize = 3;

/// A proposed exclusion.
#[derive(Clone, Debug)]
pub struct Exclude {
    /// All of these must hold.
    pub items: Vec<Item>,
    /// The same as an AQL filter.
    pub filter: String,
    /// The filter, bound.
    pub bound: Arc<Query>,
    /// What a scan with all proposals removed by it: matches, or events of a detection that looks at groups.
    pub removed: u64,
    /// Whether it rests on a path that says little: a shared folder, or a driver among those of the system.
    pub is_weak: bool,
    /// The first of what it removes: place, time, host, user.
    pub examples: Vec<Example>,
}

/// A match that a proposal would remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Where the event stands.
    pub locator: Option<Locator>,
    /// Its time, in milliseconds since 1970 UTC.
    pub time: Option<i64>,
    /// The host that it is about.
    pub host: Option<Arc<str>>,
    /// The user who acted.
    pub user: Option<Arc<str>>,
}

/// What was found for one noisy detection.
#[derive(Clone, Debug)]
pub struct Noisy {
    /// The detection, by its position.
    pub detection: usize,
    /// Its matches.
    pub matches: u64,
    /// Whether a match is one event; else proposals remove events of its groups.
    pub by_event: bool,
    /// Its matches with all proposals applied.
    pub remaining: u64,
    /// How many matches, or events of a detection that looks at groups, were looked into.
    pub observed: u64,
    /// The exclusions, in the order in which they are to be applied.
    pub proposals: Vec<Exclude>,
    /// Candidates that would have hidden an attack or an evasion of the page.
    pub refused: usize,
}

/// What to look for.
#[derive(Clone, Debug)]
pub struct TuneOptions {
    /// How the logs are scanned.
    pub scan: ScanOptions,
    /// The least number of matches of a noisy detection.
    pub matches_min: u64,
}

/// Scans, proposes, and scans again with the proposals: the numbers are those of that second scan. `subjects` are those
/// of the detections, with the exclusions already in use; `tests` reads the tests of a page.
pub fn tune(
    detections: &[Detection],
    subjects: &[Subject],
    tests: &dyn Fn(&Detection) -> PageTests,
    environment: &Environment,
    source: &Arc<dyn EventSource>,
    options: &TuneOptions,
) -> Result<(Vec<Noisy>, ScanSummary)> {
    let compile = aql::Options::new(environment.clone());
    let mut observations: Vec<Observations> = subjects.iter().map(|_| Observations::default()).collect();
    let probed = with_probes(subjects, &compile);
    let mut take = |found: Match| {
        if let Some(position) = probed.observed(&found) {
            observations[position].add(&found);
        }
        Ok(())
    };
    let first = scan(&probed.subjects, environment, source, &options.scan, &mut take)?;
    let mut noisy: Vec<Noisy> = Vec::new();
    for (position, observed) in observations.iter().enumerate() {
        if first.matches[position] < options.matches_min.max(1) || options.scan.read.is_cancelled() {
            continue;
        }
        let judge = Judge::new(&subjects[position], tests(&detections[position]), environment, &compile);
        noisy.push(propose(position, first.matches[position], observed, &judge));
    }
    noisy.sort_by_key(|it| (std::cmp::Reverse(it.matches), it.detection));
    verify(&mut noisy, subjects, environment, source, &options.scan)?;
    Ok((noisy, first))
}

/// The subjects, and for each that looks at groups a second one that shows its events.
struct Probed {
    subjects: Vec<Subject>,
    /// For each further subject the one that it stands for.
    of: Vec<usize>,
    count: usize,
}

fn with_probes(subjects: &[Subject], compile: &aql::Options) -> Probed {
    let mut probed = Probed { subjects: subjects.to_vec(), of: Vec::new(), count: subjects.len() };
    let everything = aql::compile_filter("devicetype IS NULL OR devicetype IS NOT NULL", &schema::EVENTS, compile);
    let Some(everything) = everything.query.map(Arc::new) else { return probed };
    for (position, subject) in subjects.iter().enumerate().filter(|(_, it)| !it.is_single()) {
        let mut probe = subject.clone();
        probe.exclusions.push(Arc::clone(&everything));
        probed.subjects.push(probe);
        probed.of.push(position);
    }
    probed
}

impl Probed {
    /// The detection that a match tells something of: a match of its own, or an event of its groups.
    fn observed(&self, found: &Match) -> Option<usize> {
        match found.detection.checked_sub(self.count) {
            None => (found.excluded_by.is_none() && found.event.is_some()).then_some(found.detection),
            Some(probe) => {
                let exclusions = self.subjects[found.detection].exclusions.len();
                (found.excluded_by? + 1 == exclusions).then_some(self.of[probe])
            }
        }
    }
}

/// Says whether a set of exclusions leaves the attacks of a page in sight.
struct Judge<'a> {
    subject: &'a Subject,
    tests: PageTests,
    /// For each test whether it must match and does, without proposals.
    must_hold: Vec<bool>,
    environment: &'a Environment,
    compile: &'a aql::Options,
}

impl<'a> Judge<'a> {
    fn new(subject: &'a Subject, tests: PageTests, environment: &'a Environment, compile: &'a aql::Options) -> Self {
        let plain = Subject { exclusions: Vec::new(), ..subject.clone() };
        let verdicts = tests.run(&plain, environment);
        let must_hold = verdicts.iter().map(|it| it.passed() && it.count > 0).collect();
        Self { subject, tests, must_hold, environment, compile }
    }

    /// Whether all tests that must match still do.
    fn accepts(&self, accepted: &[Exclude], candidate: &Arc<Query>) -> bool {
        let mut subject = self.subject.clone();
        subject.exclusions.extend(accepted.iter().map(|it| Arc::clone(&it.bound)));
        subject.exclusions.push(Arc::clone(candidate));
        let verdicts = self.tests.run(&subject, self.environment);
        verdicts.iter().zip(&self.must_hold).all(|(verdict, must)| !must || verdict.passed())
    }
}

/// Takes the candidate that removes most and is accepted, again and again.
fn propose(detection: usize, matches: u64, observed: &Observations, judge: &Judge<'_>) -> Noisy {
    let rows = observed.len();
    let support_min = ((rows as f64 * SHARE_MIN).ceil() as usize).max(MATCHES_MIN);
    let mut covered = vec![false; rows];
    let (mut proposals, mut refused): (Vec<Exclude>, usize) = (Vec::new(), 0);
    while proposals.len() < PROPOSALS_MAX {
        let left = covered.iter().filter(|it| !**it).count();
        if (rows - left) as f64 >= rows as f64 * ENOUGH {
            break;
        }
        let candidates = mine::candidates(observed, &covered, support_min);
        let accepted = candidates.into_iter().take(TRIES_MAX).find_map(|candidate| {
            let items: Vec<Item> = candidate.items.iter().map(|it| observed.item(*it).clone()).collect();
            let filter = items.iter().map(Item::filter).collect::<Vec<_>>().join(" AND ");
            let bound = aql::compile_filter(&filter, &schema::EVENTS, judge.compile).query.map(Arc::new)?;
            if !judge.accepts(&proposals, &bound) {
                refused += 1;
                return None;
            }
            let is_weak = candidate.is_weak;
            Some((candidate.rows, Exclude { items, filter, bound, removed: 0, is_weak, examples: Vec::new() }))
        });
        let Some((removed, proposal)) = accepted else { break };
        for row in removed {
            covered[row] = true;
        }
        proposals.push(proposal);
    }
    let by_event = judge.subject.is_single();
    Noisy { detection, by_event, matches, remaining: matches, observed: rows as u64, proposals, refused }
}

/// Scans with the proposals, and writes down what each removes.
fn verify(
    noisy: &mut [Noisy],
    subjects: &[Subject],
    environment: &Environment,
    source: &Arc<dyn EventSource>,
    options: &ScanOptions,
) -> Result<()> {
    if noisy.iter().all(|it| it.proposals.is_empty()) {
        return Ok(());
    }
    let tuned: Vec<Subject> = noisy
        .iter()
        .map(|it| {
            let mut subject = subjects[it.detection].clone();
            subject.exclusions.extend(it.proposals.iter().map(|it| Arc::clone(&it.bound)));
            subject
        })
        .collect();
    let mut take = |found: Match| {
        let noisy = &mut noisy[found.detection];
        let before = subjects[noisy.detection].exclusions.len();
        let proposal = found.excluded_by.and_then(|it| it.checked_sub(before));
        if let Some(proposal) = proposal.and_then(|it| noisy.proposals.get_mut(it))
            && proposal.examples.len() < EXAMPLES_MAX
        {
            let Match { locator, time, host, user, .. } = found;
            proposal.examples.push(Example { locator, time, host, user });
        }
        Ok(())
    };
    let summary = scan(&tuned, environment, source, options, &mut take)?;
    for (position, it) in noisy.iter_mut().enumerate() {
        let before = subjects[it.detection].exclusions.len();
        it.remaining = summary.matches[position];
        for (proposal, removed) in it.proposals.iter_mut().zip(&summary.excluded[position][before..]) {
            proposal.removed = *removed;
        }
    }
    Ok(())
}
