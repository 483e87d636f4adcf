//! The events that came near to a match: one or two tests away, and what of each would have to differ.

use std::cmp::Reverse;
use std::sync::Arc;

use ingest::Event;

use super::compile::{Compiled, NodeKind};
use super::distance::{Change, Distance, Goal, Measure};
use super::tree::Predicate;
use super::{Explainer, build};
use crate::pass::{Looks, Pass};
use crate::scan::{EventClass, Guard, wanted_of};
use crate::{EventSource, ReadSettings, ReadStatistics, Result};

/// How near-misses are looked for.
#[derive(Clone, Debug)]
pub struct NearMissOptions {
    /// How the events are read.
    pub read: ReadSettings,
    /// The most tests that may have come out otherwise.
    pub tests_max: u32,
    /// The most events that are kept: the nearest, in the order of the input.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct NearMisses {
    /// The nearest first; those as near in the order of the input.
    pub events: Vec<NearEvent>,
    /// How many events there are that are as near as is asked for.
    pub count: u64,
    /// How many events match.
    pub matches: u64,
    /// How many events are of a class that the query cannot take.
    pub other_classes: u64,
    /// What was read.
    pub statistics: ReadStatistics,
}

/// An event that came near.
#[derive(Clone, Debug)]
pub struct NearEvent {
    /// The event.
    pub event: Event,
    /// How many tests would have to come out otherwise.
    pub tests: u32,
    /// What would have to differ.
    pub needed: Vec<Needed>,
}

/// A test that would have to come out otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Needed {
    /// The test, as it is.
    pub predicate: Predicate,
    /// Whether it would have to be true; else it must not be.
    pub holds: bool,
}

/// How near an event is: by what would have to differ, then by what is as it must be.
type Nearness = (Distance, Reverse<u32>);

/// What a chunk of events gave.
#[derive(Default)]
struct Found {
    near: Vec<(Nearness, Event)>,
    count: u64,
    matches: u64,
    other_classes: u64,
}

impl Explainer {
    /// What would have to differ for an event to be taken; nothing where it is taken. The fewest tests are named, of
    /// several choices the first.
    pub fn needed(&self, event: &Event) -> Result<Vec<Needed>> {
        let compiled = self.compiled()?;
        let Some(filter) = &compiled.filter else { return Ok(Vec::new()) };
        let row = self.batch(std::slice::from_ref(event));
        let truths = compiled.truths(&row)?;
        let truth = |leaf: usize| truths[leaf][0];
        let measure = Measure { compiled, truths: &truth };
        let mut changes: Vec<Change> = Vec::new();
        measure.changes(filter, Goal::True, &mut changes);
        let mut needed: Vec<Needed> = Vec::new();
        for change in changes {
            let predicate = build::single(compiled, &row, change.leaf)?;
            let found = Needed { predicate, holds: matches!(change.goal, Goal::True | Goal::NotFalse) };
            // The same test may stand in several places of the query.
            if !needed.iter().any(|it| it.holds == found.holds && it.predicate.says == found.predicate.says) {
                needed.push(found);
            }
        }
        Ok(needed)
    }

    /// How near each event is, and whether it may be called near: of an event that meets nothing no test is nearly met.
    fn nearness(&self, events: &[Event]) -> Result<Vec<(Nearness, bool)>> {
        let compiled: &Compiled = self.compiled()?;
        let Some(filter) = &compiled.filter else {
            return Ok(vec![((Distance::default(), Reverse(0)), false); events.len()]);
        };
        let truths = compiled.truths(&self.batch(events))?;
        let is_single_test = matches!(filter.kind, NodeKind::Leaf(_));
        let nearness = |row: usize| {
            let measure = Measure { compiled, truths: &|leaf| truths[leaf][row] };
            let (distance, held) = (measure.distance(filter, Goal::True), measure.held(filter, Goal::True));
            ((distance, Reverse(held)), is_single_test || held > 0)
        };
        Ok((0..events.len()).map(nearness).collect())
    }
}

/// Looks for the events that come nearest to what an explainer's query asks for without being taken. Events of a class
/// that the query cannot take are passed by.
pub fn near_misses(
    explainer: &Arc<Explainer>,
    source: &Arc<dyn EventSource>,
    options: &NearMissOptions,
) -> Result<NearMisses> {
    let guard = Guard::of(explainer.query.filter.as_ref());
    let (limit, tests_max) = (options.limit, options.tests_max);
    let worker = Arc::clone(explainer);
    let work = move |looks: &Looks<'_>| -> Result<Found> {
        let events = looks.events;
        let of_class: Vec<Event> = events.iter().filter(|it| guard.admits(&EventClass::of(it))).cloned().collect();
        let mut found = Found { other_classes: (events.len() - of_class.len()) as u64, ..Found::default() };
        let nearness = worker.nearness(&of_class)?;
        for ((nearness, may_be_near), event) in nearness.into_iter().zip(of_class) {
            let distance = nearness.0;
            if distance == Distance::default() {
                found.matches += 1;
            } else if may_be_near && distance.is_possible() && distance.tests <= tests_max {
                found.count += 1;
                found.near.push((nearness, event));
            }
        }
        keep_nearest(&mut found.near, limit);
        Ok(found)
    };
    let mut all = NearMisses::default();
    let mut near = Vec::new();
    for chunk in Pass::start(source, &options.read, wanted_of(&explainer.query), Arc::new(work))? {
        all.statistics.append(chunk.statistics);
        let Some(found) = chunk.result.transpose()? else { continue };
        all.count += found.count;
        all.matches += found.matches;
        all.other_classes += found.other_classes;
        near.extend(found.near);
        keep_nearest(&mut near, limit);
    }
    all.statistics.cancelled |= options.read.is_cancelled();
    for ((distance, _), event) in near {
        let needed = explainer.needed(&event)?;
        all.events.push(NearEvent { event, tests: distance.tests, needed });
    }
    Ok(all)
}

/// Keeps the nearest, in the order of the input.
fn keep_nearest(near: &mut Vec<(Nearness, Event)>, limit: usize) {
    near.sort_by_key(|(nearness, _)| *nearness);
    near.truncate(limit);
}
