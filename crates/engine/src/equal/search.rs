//! Looking for events that one query matches and another does not.

use std::sync::Arc;

use aql::Environment;
use ingest::{Event, Locator};

use super::{EqualSide, Equality, OnlyExample, memory, missed, options};
use crate::scan::{Match, ScanOptions, scan};
use crate::{Entry, EventSource, ReadStatistics, Result, Wanted};

/// What was read on the way.
#[derive(Clone, Debug, Default)]
pub struct Searched {
    /// Of the logs.
    pub statistics: ReadStatistics,
}

impl Equality {
    /// Looks in logs for events on which two queries that look at single events differ; the first of each direction is
    /// kept, where there is none yet.
    ///
    /// # Errors
    /// When a query cannot be run.
    pub fn search(
        &mut self,
        first: &EqualSide<'_>,
        second: &EqualSide<'_>,
        environment: &Environment,
        source: &Arc<dyn EventSource>,
        options: &ScanOptions,
    ) -> Result<Searched> {
        let mut environment = environment.clone();
        environment.log_sources = environment.log_sources.or_else(|| source.log_sources());
        let statistics = differences(self, [first, second], &environment, source, options)?;
        self.searched += statistics.events + statistics.recovered;
        Ok(Searched { statistics })
    }
}

/// Puts events to both queries.
pub(super) fn try_events(
    equality: &mut Equality,
    first: &EqualSide<'_>,
    second: &EqualSide<'_>,
    events: &[Event],
    environment: &Environment,
) -> Result<()> {
    if !events.is_empty() {
        equality.generated += events.len() as u64;
        differences(equality, [first, second], environment, &memory(events), &options())?;
    }
    Ok(())
}

fn differences(
    equality: &mut Equality,
    sides: [&EqualSide<'_>; 2],
    environment: &Environment,
    source: &Arc<dyn EventSource>,
    options: &ScanOptions,
) -> Result<ReadStatistics> {
    let mut pending: Option<Match> = None;
    let mut only: [Option<Match>; 2] = [None, None];
    let mut keep = |found: Match| {
        let place = &mut only[found.detection];
        if place.is_none() {
            *place = Some(found);
        }
    };
    // The matches of one event come together, that of the first query before that of the second.
    let mut take = |found: Match| {
        match pending.take() {
            Some(first) if first.locator == found.locator => {}
            first => {
                first.into_iter().for_each(&mut keep);
                if found.detection == 0 {
                    pending = Some(found);
                } else {
                    keep(found);
                }
            }
        }
        Ok(())
    };
    let subjects = sides.map(|it| it.subject.clone());
    let summary = scan(&subjects, environment, source, options, &mut take)?;
    pending.into_iter().for_each(&mut keep);
    if let Some((_, message)) = summary.failures.iter().next() {
        return Err(crate::EngineError::Unsupported(message.clone()));
    }
    for (position, found) in only.into_iter().enumerate() {
        let Some(found) = found else { continue };
        let place = equality.only(position == 0);
        if place.example.is_none() {
            let event = found.locator.as_ref().and_then(|it| event_at(source, it));
            let missed = event.and_then(|it| missed(sides[1 - position], &it, environment));
            place.example = Some(OnlyExample { found, missed });
        }
    }
    Ok(summary.statistics)
}

/// Reads an event again.
fn event_at(source: &Arc<dyn EventSource>, locator: &Locator) -> Option<Event> {
    let mut parts = (0..source.parts()).filter(|it| source.name(*it) == locator.file);
    let wanted = Wanted::everything();
    parts.by_ref().flat_map(|part| source.read(part, &wanted)).find_map(|entry| match entry {
        Entry::Event(look) | Entry::Recovered(look) if look.event.locator == *locator => Some(look.event),
        _ => None,
    })
}
