//! Queries that look at one event: each event that matches is rewritten by itself.

use ingest::{Event, Normaliser, RawEvent, normalise};
use pack::Detection;

use super::{EVASIONS_MAX, Evade, Evasion, number_of, numbered, raw_events};
use crate::page_tests::BesideFiles;
use crate::scan::Subject;

impl Evade {
    pub(super) fn single(
        &self,
        detection: &Detection,
        subject: &Subject,
        files: BesideFiles<'_>,
    ) -> Result<Vec<Evasion>, String> {
        let mut evasions: Vec<Evasion> = Vec::new();
        for (test, case) in detection.tests.iter().enumerate().filter(|(_, it)| it.kind.must_match() && it.of.is_none())
        {
            let raw = raw_events(case, files)?;
            let events = raw.iter().map(|it| self.normalised(it)).collect::<Vec<_>>();
            for event in self.matched(subject, &events)?.into_iter().filter_map(|it| raw.get(it)) {
                self.rewrite(test, event, &mut evasions);
            }
        }
        let events: Vec<Vec<Event>> = evasions.iter().map(|it| it.events.clone()).collect();
        for number in self.matched(subject, &events.concat())? {
            if let Some(evasion) = evasions.get_mut(number) {
                evasion.caught = true;
            }
        }
        Ok(evasions)
    }

    /// Adds the variants of an event that differ from those that are there.
    fn rewrite(&self, test: usize, event: &RawEvent, evasions: &mut Vec<Evasion>) {
        for transformation in &self.transformations {
            for rewritten in evade::rewrite(event, transformation) {
                let is_known =
                    |it: &Evasion| it.transformation.name == transformation.name && it.changes == rewritten.changes;
                if evasions.len() < EVASIONS_MAX && !evasions.iter().any(is_known) {
                    evasions.push(Evasion {
                        transformation,
                        test,
                        changes: rewritten.changes,
                        caught: false,
                        events: vec![self.normalised(&rewritten.event)],
                    });
                }
            }
        }
    }

    /// The positions of the events that match by themselves.
    fn matched(&self, subject: &Subject, events: &[Event]) -> Result<Vec<usize>, String> {
        let events = events.iter().enumerate().flat_map(|(number, it)| numbered(std::slice::from_ref(it), number));
        let mut matched = Vec::new();
        let subjects = std::slice::from_ref(subject);
        self.scan(subjects, events.collect(), &mut |it| matched.extend(number_of(&it)))?;
        matched.sort_unstable();
        matched.dedup();
        Ok(matched)
    }

    pub(super) fn normalised(&self, event: &RawEvent) -> Event {
        let normaliser = Normaliser::new(self.log_sources.clone()).with(self.user_properties.clone());
        normalise(event, &normaliser)
    }
}
