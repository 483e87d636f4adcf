//! The texts without which a detection finds nothing: those of all detections are looked for at once, in one search of
//! each field, and a detection is asked only about the events that hold one of its texts. See [`aql::bound::Alternative`].

use std::collections::{BTreeMap, HashMap};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use aql::bound::{Alternative, Guard as ClassGuard, GuardValue, Place, Query};
use aql::text::UNLIKE_ASCII;
use ingest::{Event, Value};
use schema::{Kind, Type};

use super::facts::{CLASS_COLUMNS, EventClass};
use crate::{EngineError, Result};

/// How the filter of a detection can be true, by the kind of an event.
pub(super) struct Ways(Option<Vec<Alternative>>);

/// What of the events of a kind a detection is to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Asked {
    /// None: it cannot match.
    None,
    /// Those that hold one of its texts.
    Found,
    /// Each.
    All,
}

impl Ways {
    /// Those of a query; nothing is known of one without a filter.
    pub(super) fn of(query: &Query) -> Self {
        Self(query.filter.is_some().then(|| query.alternatives()))
    }

    /// What it is to see of the events of a kind.
    pub(super) fn asked(&self, class: &EventClass) -> Asked {
        let Some(ways) = &self.0 else { return Asked::All };
        let admitted = ways.iter().filter(|it| it.guards.iter().all(|guard| admits(guard, class)));
        let asked = |it: &Alternative| match &it.literals {
            Some(texts) if texts.iter().all(|it| searched_field(&it.place).is_some()) => Asked::Found,
            _ => Asked::All,
        };
        admitted.map(asked).max().unwrap_or(Asked::None)
    }

    /// The texts with the fields that are searched for them.
    fn texts(&self) -> impl Iterator<Item = (u16, &str)> {
        let texts = self.0.iter().flatten().filter_map(|it| it.literals.as_ref()).flatten();
        texts.filter_map(|it| Some((searched_field(&it.place)?, it.text.as_str())))
    }
}

/// The field of the database that a place is, if an event holds its values, each a text.
fn searched_field(place: &Place) -> Option<u16> {
    let Place::Field(index) = place else { return None };
    let field = schema::EVENTS.fields.get(*index)?;
    let is_searched = field.value_type == Type::Text && field.kind != Kind::Locator;
    u16::try_from(*index).ok().filter(|_| is_searched)
}

/// Whether an event of a kind may have a value that is required; kinds are not told apart by other fields.
fn admits(guard: &ClassGuard, class: &EventClass) -> bool {
    let text = |held: &Option<std::sync::Arc<str>>| match held {
        Some(held) => guard.values.iter().any(|it| match it {
            GuardValue::Text(text) => **text == **held,
            GuardValue::Integer(number) => held.parse() == Ok(*number),
        }),
        None => false,
    };
    if guard.field == CLASS_COLUMNS.device_type {
        class.device_type.is_some_and(|it| guard.values.contains(&GuardValue::Integer(it)))
    } else if guard.field == CLASS_COLUMNS.channel {
        text(&class.channel)
    } else if guard.field == CLASS_COLUMNS.event_id {
        text(&class.event_id)
    } else {
        true
    }
}

/// The search for the texts of all detections.
pub(super) struct Literals {
    by_field: HashMap<u16, FieldSearch>,
}

/// The search of one field.
struct FieldSearch {
    automaton: AhoCorasick,
    /// The detections of each text.
    wanted_by: Vec<Vec<u32>>,
}

impl Literals {
    /// A search for the texts of these detections.
    ///
    /// # Errors
    /// When the texts are too many for one search.
    pub(super) fn new<'a>(all: impl Iterator<Item = &'a Ways>) -> Result<Self> {
        let mut texts: BTreeMap<u16, BTreeMap<&str, Vec<u32>>> = BTreeMap::new();
        for (detection, ways) in (0_u32..).zip(all) {
            for (field, text) in ways.texts() {
                let wanted_by = texts.entry(field).or_default().entry(text).or_default();
                if wanted_by.last() != Some(&detection) {
                    wanted_by.push(detection);
                }
            }
        }
        let by_field = texts.into_iter().map(|(field, texts)| Ok((field, FieldSearch::new(texts)?)));
        Ok(Self { by_field: by_field.collect::<Result<_>>()? })
    }

    /// For each detection the events that hold one of its texts, ascending.
    pub(super) fn found(&self, events: &[Event], detections: usize) -> Vec<Vec<u32>> {
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); detections];
        for (row, event) in (0_u32..).zip(events) {
            for (field, value) in &event.fields {
                let (Some(search), Value::Text(text)) = (self.by_field.get(field), value) else { continue };
                for found in search.automaton.find_overlapping_iter(&**text) {
                    for detection in &search.wanted_by[found.pattern().as_usize()] {
                        let rows = &mut rows[*detection as usize];
                        if rows.last() != Some(&row) {
                            rows.push(row);
                        }
                    }
                }
            }
        }
        rows
    }
}

impl FieldSearch {
    fn new(texts: BTreeMap<&str, Vec<u32>>) -> Result<Self> {
        // A value with a character that may count as another one is a candidate for all.
        let mut all: Vec<u32> = texts.values().flatten().copied().collect();
        all.sort_unstable();
        all.dedup();
        let unlike = UNLIKE_ASCII.map(String::from);
        let (mut patterns, mut wanted_by): (Vec<&str>, Vec<Vec<u32>>) = texts.into_iter().unzip();
        for it in &unlike {
            patterns.push(it);
            wanted_by.push(all.clone());
        }
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .map_err(|error| {
                EngineError::Unsupported(format!("the search for the texts of all detections: {error}"))
            })?;
        Ok(Self { automaton, wanted_by })
    }
}
