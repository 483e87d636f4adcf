//! Which detections and branches can fire on an input, which cannot and for lack of what, and how far the fields that
//! they read are filled.

use std::collections::{BTreeMap, BTreeSet};

use aql::bound::Expr;
use aql::possible::Possible;

use super::exclude::innermost;
use super::facts::{EventClass, InputFacts};
use super::guard::Guard;
use super::lack::{Lack, Observed};
use super::{Branches, Subject};

/// What an input allows a detection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firing {
    /// Events of the kinds that it asks for.
    pub events: u64,
    /// Bytes of the values of the fields that it reads, in these events.
    pub bytes: u64,
    /// What keeps it from firing; nothing when it fired or might.
    pub lack: Option<Lack>,
    /// The same for each branch, in the order of the labels.
    pub branches: Vec<Option<Lack>>,
}

/// How far a field is filled in the events of the kinds that the detections which read it ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FillRate {
    /// Index in the fields of `schema::EVENTS`.
    pub field: usize,
    /// How many detections read it.
    pub detections: usize,
    /// How many events of those kinds there are.
    pub events: u64,
    /// In how many of these the field is filled.
    pub filled: u64,
}

/// What an input allows each detection. `fired` has the matches of each detection, and of each of its branches.
pub fn firing(
    subjects: &[Subject],
    branches: &[Branches],
    fired: &[(u64, Vec<u64>)],
    facts: &InputFacts,
) -> Vec<Firing> {
    let observed = Observed::new(facts);
    let each = subjects.iter().zip(branches).zip(fired);
    each.map(|((subject, branches), (matches, of_branches))| {
        let query = innermost(&subject.query);
        let filter = query.as_ref().and_then(|it| it.filter.as_ref());
        let (events, bytes) = read(subject, filter, facts);
        let filter: Vec<&Expr> = filter.into_iter().collect();
        // One for the filter and all branches: what was found of a test is remembered.
        let mut possible = Possible::new();
        // A look at each value by itself may miss what a match proves.
        let whole = if *matches > 0 { None } else { observed.lack(&filter, &mut possible) };
        let mut of_each = Vec::with_capacity(branches.labels.len());
        for branch in 0..branches.labels.len() {
            if of_branches.get(branch).is_some_and(|it| *it > 0) {
                of_each.push(None);
                continue;
            }
            let conditions: Vec<&Expr> = filter.iter().copied().chain(branches.condition(branch)).collect();
            of_each.push(observed.lack(&conditions, &mut possible));
        }
        let branches = of_each;
        Firing { events, bytes, lack: whole, branches }
    })
    .collect()
}

/// Events of the kinds that a detection asks for, and the bytes of the fields that it reads in them.
fn read(subject: &Subject, filter: Option<&Expr>, facts: &InputFacts) -> (u64, u64) {
    let guard = Guard::of(filter);
    let fields = subject.query.fields_read();
    let (mut events, mut bytes) = (facts.other_classes(), 0);
    for (class, facts) in facts.class_facts() {
        if guard.admits(class) {
            events += facts.events;
            bytes += fields.iter().filter_map(|it| facts.of_field(*it)).map(|it| it.bytes).sum::<u64>();
        }
    }
    (events, bytes)
}

/// How far each field that a detection reads is filled, by field.
pub fn fill_rates(subjects: &[Subject], facts: &InputFacts) -> Vec<FillRate> {
    let classes = facts.class_facts();
    let mut read: BTreeMap<usize, (usize, BTreeSet<&EventClass>)> = BTreeMap::new();
    for subject in subjects {
        let query = innermost(&subject.query);
        let guard = Guard::of(query.as_ref().and_then(|it| it.filter.as_ref()));
        let admitted: Vec<&EventClass> = classes.iter().map(|it| it.0).filter(|it| guard.admits(it)).collect();
        for field in subject.query.fields_read() {
            let (detections, classes) = read.entry(field).or_default();
            *detections += 1;
            classes.extend(&admitted);
        }
    }
    let facts: BTreeMap<_, _> = classes.into_iter().collect();
    let rate = |(field, (detections, classes)): (usize, (usize, BTreeSet<&EventClass>))| {
        let of_classes = || classes.iter().filter_map(|it| facts.get(it));
        let filled = of_classes().filter_map(|it| it.of_field(field)).map(|it| it.filled).sum();
        FillRate { field, detections, events: of_classes().map(|it| it.events).sum(), filled }
    };
    read.into_iter().map(rate).collect()
}
