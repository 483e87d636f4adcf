//! Queries that look at groups: all events of a test are rewritten together.

use evade::{Change, Rewritten, Transformation};
use ingest::{Event, RawEvent, ScriptBlocks};
use pack::Detection;

use super::{EVASIONS_MAX, Evade, Evasion, raw_events};
use crate::page_tests::BesideFiles;
use crate::scan::Subject;

/// Different changes of one attack that are reported; an attack of many events repeats the same few.
const CHANGES_MAX: usize = 8;

impl Evade {
    pub(super) fn grouped(
        &self,
        detection: &Detection,
        subject: &Subject,
        files: BesideFiles<'_>,
    ) -> Result<Vec<Evasion>, String> {
        let mut evasions = Vec::new();
        for (test, case) in detection.tests.iter().enumerate().filter(|(_, it)| it.kind.must_match() && it.of.is_none())
        {
            let all = raw_events(case, files)?;
            // Of a test with `each`, every event is a log of its own.
            let logs = all.chunks(if case.each { 1 } else { all.len().max(1) });
            for raw in logs {
                if !self.has_rows(subject, self.all_normalised(raw))? {
                    continue;
                }
                for transformation in &self.transformations {
                    for (events, changes) in together(raw, transformation) {
                        let events = self.all_normalised(&events);
                        let caught = self.has_rows(subject, events.clone())?;
                        if evasions.len() < EVASIONS_MAX {
                            evasions.push(Evasion { transformation, test, changes, caught, events });
                        }
                    }
                }
            }
        }
        Ok(evasions)
    }

    fn has_rows(&self, subject: &Subject, events: Vec<Event>) -> Result<bool, String> {
        let mut found = false;
        self.scan(std::slice::from_ref(subject), events, &mut |_| found = true)?;
        Ok(found)
    }

    fn all_normalised(&self, raw: &[RawEvent]) -> Vec<Event> {
        let mut script_blocks = ScriptBlocks::default();
        let events = raw.iter().map(|it| {
            let mut event = self.normalised(it);
            script_blocks.join(&mut event);
            event
        });
        events.collect()
    }
}

/// The events with the first, the second, ... variant of each; an event without that many keeps its last one.
fn together(raw: &[RawEvent], transformation: &Transformation) -> Vec<(Vec<RawEvent>, Vec<Change>)> {
    let rewritten: Vec<Vec<Rewritten>> = raw.iter().map(|it| evade::rewrite(it, transformation)).collect();
    let count = rewritten.iter().map(Vec::len).max().unwrap_or_default();
    let variants = (0..count).map(|number| {
        let mut changes = Vec::new();
        let events = raw.iter().zip(&rewritten).map(|(event, variants)| {
            let Some(variant) = variants.get(number).or(variants.last()) else { return event.clone() };
            for change in &variant.changes {
                if changes.len() < CHANGES_MAX && !changes.contains(change) {
                    changes.push(change.clone());
                }
            }
            variant.event.clone()
        });
        (events.collect(), changes)
    });
    variants.collect()
}
