//! The texts without which a detection finds nothing: those of all detections are looked for at once, in one search of
//! each field, and a detection is asked only about the events that hold one of its texts. See [`aql::bound::Alternative`].

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::ops::Range;

use aql::bound::{Alternative, Guard as ClassGuard, GuardValue, Place, Query, RequiredLiteral};
use datafusion_common::hash_utils::RandomState;
use ingest::Event;

use super::facts::{CLASS_COLUMNS, EventClass};
use super::finder::Finder;
use super::precheck::is_text_field;
use crate::Result;

/// The most values whose finds are remembered: a power of two.
const MEMO_SLOTS_MAX: usize = 4096;
/// A longer value is not remembered, in bytes.
const MEMO_VALUE_BYTES_MAX: usize = 16 * 1024;
/// So many finds are remembered before all are forgotten, and those of one value beside.
const MEMO_FOUND_MAX: usize = 1 << 18;

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
            Some(texts) if texts.iter().all(|it| is_searched(&it.place)) => Asked::Found,
            _ => Asked::All,
        };
        admitted.map(asked).max().unwrap_or(Asked::None)
    }

    /// The texts with the places that are searched for them.
    fn texts(&self) -> impl Iterator<Item = &RequiredLiteral> {
        let texts = self.0.iter().flatten().filter_map(|it| it.literals.as_ref()).flatten();
        texts.filter(|it| is_searched(&it.place))
    }
}

/// Whether an event holds the texts of a place as they are tested.
fn is_searched(place: &Place) -> bool {
    match place {
        Place::Field(index) => is_text_field(*index),
        Place::Property(_) => true,
    }
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
    /// By the number of their place: fields as `schema::EVENTS` numbers them, then properties.
    searches: Vec<Option<Search>>,
    /// The numbers of the properties, by key.
    properties: HashMap<String, u16>,
}

/// The search of one place.
struct Search {
    finder: Finder,
    /// The detections of each text.
    wanted_by: Vec<Vec<u32>>,
}

/// What the events of a kind are searched for.
#[derive(PartialEq)]
pub(super) struct Searched {
    /// By detection: whether it is to see the events that hold one of its texts.
    detections: Vec<bool>,
    /// By the number of a place: whether it may hold one of these texts.
    places: Vec<bool>,
}

impl Literals {
    /// A search for the texts of these detections.
    ///
    /// # Errors
    /// When the texts are too many for one search.
    pub(super) fn new<'a>(all: impl Iterator<Item = &'a Ways>) -> Result<Self> {
        let mut texts: BTreeMap<u16, BTreeMap<&str, Vec<u32>>> = BTreeMap::new();
        let mut properties = HashMap::new();
        for (detection, ways) in (0_u32..).zip(all) {
            for RequiredLiteral { place, text } in ways.texts() {
                let number = match place {
                    Place::Field(index) => *index,
                    Place::Property(name) => {
                        let next = schema::EVENTS.fields.len() + properties.len();
                        usize::from(*properties.entry(schema::key(name)).or_insert(next as u16))
                    }
                };
                let wanted_by = texts.entry(number as u16).or_default().entry(text.as_str()).or_default();
                if wanted_by.last() != Some(&detection) {
                    wanted_by.push(detection);
                }
            }
        }
        let mut searches = Vec::new();
        for (place, texts) in texts {
            searches.resize_with(usize::from(place), || None);
            searches.push(Some(Search::new(texts)?));
        }
        Ok(Self { searches, properties })
    }

    /// A search for the texts of some of the detections.
    pub(super) fn searched(&self, detections: Vec<bool>) -> Searched {
        let is_wanted = |it: &u32| detections[*it as usize];
        let has_text = |it: &Search| it.wanted_by.iter().flatten().any(is_wanted);
        let places = self.searches.iter().map(|it| it.as_ref().is_some_and(has_text)).collect();
        Searched { detections, places }
    }

    /// Gives the detections of which an event holds a text, some of them more than once. `kind` is a number that no other
    /// `searched` has.
    pub(super) fn find<'e>(
        &self,
        event: &'e Event,
        (kind, searched): (usize, &Searched),
        memo: &mut Memo<'e>,
        found: &mut impl FnMut(u32),
    ) {
        let mut find = |place: u16, text: Cow<'e, str>, memo: &mut Memo<'e>| {
            let Some(Some(search)) = self.searches.get(usize::from(place)) else { return };
            match text {
                Cow::Borrowed(text) if text.len() <= MEMO_VALUE_BYTES_MAX => {
                    let search = |scratch: &mut Vec<u8>, all: &mut Vec<u32>| {
                        search.find(text, searched, scratch, &mut |it| all.push(it));
                    };
                    memo.find((text, place, kind), search).iter().copied().for_each(&mut *found);
                }
                text => search.find(&text, searched, &mut memo.scratch, found),
            }
        };
        let is_searched = |place: u16| searched.places.get(usize::from(place)) == Some(&true);
        for (field, value) in event.fields.iter().filter(|(field, _)| is_searched(*field)) {
            if let Some(text) = value.as_text() {
                find(*field, text, memo);
            }
        }
        if self.properties.is_empty() {
            return;
        }
        for (name, text) in &event.properties {
            if let Some(place) = memo.place(name, &self.properties).filter(|it| is_searched(*it)) {
                find(place, Cow::Borrowed(text), memo);
            }
        }
    }
}

impl Search {
    fn new(texts: BTreeMap<&str, Vec<u32>>) -> Result<Self> {
        let (texts, wanted_by): (Vec<&str>, Vec<Vec<u32>>) = texts.into_iter().unzip();
        Ok(Self { finder: Finder::new(&texts)?, wanted_by })
    }

    fn find(&self, text: &str, searched: &Searched, scratch: &mut Vec<u8>, found: &mut impl FnMut(u32)) {
        self.finder.find(text, scratch, &mut |text| {
            let wanted_by = self.wanted_by[text as usize].iter().copied();
            wanted_by.filter(|it| searched.detections[*it as usize]).for_each(&mut *found);
        });
    }
}

/// What was found in values that may occur again, in a table where a new value replaces the old one of its slot.
pub(super) struct Memo<'e> {
    slots: Vec<Option<Known<'e>>>,
    found: Vec<u32>,
    /// The places of properties, by name.
    names: HashMap<&'e str, Option<u16>, RandomState>,
    hasher: RandomState,
    /// For searches.
    scratch: Vec<u8>,
}

struct Known<'e> {
    value: Searching<'e>,
    found: Range<usize>,
}

/// A value, its place, and the number of what is searched.
type Searching<'e> = (&'e str, u16, usize);

impl<'e> Memo<'e> {
    /// For so many events.
    pub(super) fn new(events: usize) -> Self {
        let slots = events.next_power_of_two().min(MEMO_SLOTS_MAX);
        let slots = std::iter::repeat_with(|| None).take(slots).collect();
        Self {
            slots,
            found: Vec::new(),
            names: HashMap::default(),
            hasher: RandomState::default(),
            scratch: Vec::new(),
        }
    }

    /// The place that a property is.
    fn place(&mut self, name: &'e str, places: &HashMap<String, u16>) -> Option<u16> {
        *self.names.entry(name).or_insert_with(|| places.get(&schema::key(name)).copied())
    }

    fn find(&mut self, value: Searching<'e>, search: impl FnOnce(&mut Vec<u8>, &mut Vec<u32>)) -> &[u32] {
        let slot = self.hasher.hash_one(value) as usize & (self.slots.len() - 1);
        if let Some(known) = &self.slots[slot]
            && known.value == value
        {
            return &self.found[known.found.clone()];
        }
        if self.found.len() > MEMO_FOUND_MAX {
            self.found.clear();
            self.slots.fill_with(|| None);
        }
        let start = self.found.len();
        search(&mut self.scratch, &mut self.found);
        self.found[start..].sort_unstable();
        let mut kept = start;
        for position in start..self.found.len() {
            if position == start || self.found[position] != self.found[kept - 1] {
                self.found[kept] = self.found[position];
                kept += 1;
            }
        }
        self.found.truncate(kept);
        let found = start..kept;
        self.slots[slot] = Some(Known { value, found: found.clone() });
        &self.found[found]
    }
}
