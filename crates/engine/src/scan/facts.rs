//! What an input holds: how many events of which class, how often each field is filled, and with which values. Says why
//! a detection could not fire.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

use ingest::{Event, Value};

use crate::event_value::value_of;

/// The most classes that are told apart; events of further ones are counted together.
pub const CLASSES_MAX: usize = 20_000;
/// The most values of a field of a class that are kept; of a field with more none are.
pub const VALUES_MAX: usize = 1_000;
/// The longest value that is kept, in bytes; of a field with a longer one none are.
const VALUE_BYTES_MAX: usize = 16 << 10;
/// The most bytes of values of all classes together; then no further values are kept.
const VALUES_BYTES_MAX: usize = 256 << 20;

/// The kind of an event: what the guard of a detection asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventClass {
    /// The log source type.
    pub device_type: Option<i64>,
    /// The channel, or another category text of the log source.
    pub channel: Option<Arc<str>>,
    /// The id that the log source gives this kind of event.
    pub event_id: Option<Arc<str>>,
}

/// Positions of the fields that make a class.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassColumns {
    pub(crate) device_type: usize,
    pub(crate) channel: usize,
    pub(crate) event_id: usize,
}

/// The columns of `schema::EVENTS` that make a class.
pub(crate) static CLASS_COLUMNS: LazyLock<ClassColumns> = LazyLock::new(|| {
    let position = |name| schema::EVENTS.position(name).unwrap_or(usize::MAX);
    ClassColumns {
        device_type: position("devicetype"),
        channel: position("qideventcategory"),
        event_id: position("Event ID"),
    }
});

impl EventClass {
    /// The class of an event.
    pub fn of(event: &Event) -> Self {
        let text = |column| match value_of(event, column) {
            Some(Value::Text(text)) => Some(Arc::clone(text)),
            Some(Value::Integer(number)) => Some(number.to_string().into()),
            _ => None,
        };
        let device_type = match value_of(event, CLASS_COLUMNS.device_type) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        };
        Self { device_type, channel: text(CLASS_COLUMNS.channel), event_id: text(CLASS_COLUMNS.event_id) }
    }
}

/// What is counted of the events of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassFacts {
    /// How many there are.
    pub events: u64,
    fields: Vec<FieldFacts>,
}

/// What is counted of a field of the events of a class.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldFacts {
    /// In how many events it is filled.
    pub filled: u64,
    /// Bytes of its values, text as UTF-8, anything else 8 bytes.
    pub bytes: u64,
    values: Option<Box<Values>>,
}

/// The values of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Values {
    all: BTreeSet<FieldValue>,
    /// There are too many, or values of a kind that is not kept: `all` is empty.
    is_open: bool,
}

/// A value that is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldValue {
    /// A number, a time, a port.
    Integer(i64),
    /// A text, an address.
    Text(Arc<str>),
}

/// Counts over all events of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputFacts {
    classes: HashMap<EventClass, ClassFacts>,
    other_classes: ClassFacts,
    kept_bytes: usize,
}

impl InputFacts {
    /// The counts of some classes; of classes that are given twice those together. `kept_bytes` are the bytes of their
    /// values.
    pub(super) fn of(classes: impl Iterator<Item = (EventClass, ClassFacts)>, kept_bytes: usize) -> Self {
        let mut all = Self { kept_bytes, ..Self::default() };
        for (class, facts) in classes {
            match all.classes.entry(class) {
                // Values that both have were counted twice, which keeps fewer of them.
                Entry::Occupied(mut known) => known.get_mut().append(facts, &mut all.kept_bytes),
                Entry::Vacant(place) => {
                    place.insert(facts);
                }
            }
        }
        all
    }

    /// Adds the counts of other events.
    pub(crate) fn append(&mut self, other: Self) {
        // In the order of the classes, so that the same ones are kept in every run.
        let mut classes: Vec<_> = other.classes.into_iter().collect();
        classes.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        for (class, facts) in classes {
            let mut bytes = self.kept_bytes;
            self.class(&class).append(facts, &mut bytes);
            self.kept_bytes = bytes;
        }
        self.other_classes.append(other.other_classes, &mut self.kept_bytes);
    }

    fn class(&mut self, class: &EventClass) -> &mut ClassFacts {
        if !self.classes.contains_key(class) {
            if self.classes.len() >= CLASSES_MAX {
                return &mut self.other_classes;
            }
            self.classes.insert(class.clone(), ClassFacts::default());
        }
        self.classes.entry(class.clone()).or_default()
    }

    /// Events of each class, by class.
    pub fn classes(&self) -> Vec<(&EventClass, u64)> {
        let mut classes: Vec<_> = self.classes.iter().map(|(class, facts)| (class, facts.events)).collect();
        classes.sort_unstable();
        classes
    }

    /// What is counted of each class, by class.
    pub fn class_facts(&self) -> Vec<(&EventClass, &ClassFacts)> {
        let mut classes: Vec<_> = self.classes.iter().collect();
        classes.sort_unstable_by_key(|it| it.0);
        classes
    }

    /// Events whose class is not told apart: there were more than [`CLASSES_MAX`].
    pub fn other_classes(&self) -> u64 {
        self.other_classes.events
    }

    /// In how many events a field of `schema::EVENTS` is filled.
    pub fn filled(&self, field: usize) -> u64 {
        let all = self.classes.values().chain([&self.other_classes]);
        all.filter_map(|it| it.fields.get(field)).map(|it| it.filled).sum()
    }
}

impl ClassFacts {
    /// Counts one event; the values of those fields are kept whose place in `kept` says so, and `kept_bytes` grows by
    /// their bytes.
    pub(super) fn add(&mut self, event: &Event, kept: &[bool], kept_bytes: &mut usize) {
        self.events += 1;
        for (index, value) in &event.fields {
            let index = usize::from(*index);
            let field = self.field(index);
            field.filled += 1;
            field.bytes += value_bytes(value);
            if kept.get(index) == Some(&true) {
                *kept_bytes += field.values.get_or_insert_default().add(value, *kept_bytes);
            }
        }
    }

    /// What is counted of a field of `schema::EVENTS`; nothing of one that is never filled.
    pub fn of_field(&self, field: usize) -> Option<&FieldFacts> {
        self.fields.get(field).filter(|it| it.filled > 0)
    }

    fn field(&mut self, index: usize) -> &mut FieldFacts {
        if self.fields.len() <= index {
            self.fields.resize_with(index + 1, FieldFacts::default);
        }
        &mut self.fields[index]
    }

    fn append(&mut self, other: Self, kept_bytes: &mut usize) {
        self.events += other.events;
        for (index, more) in other.fields.into_iter().enumerate().filter(|(_, it)| it.filled > 0) {
            let field = self.field(index);
            field.filled += more.filled;
            field.bytes += more.bytes;
            if let Some(more) = more.values {
                *kept_bytes += field.values.get_or_insert_default().append(*more, *kept_bytes);
            }
        }
    }
}

impl FieldFacts {
    /// The values that it has; nothing when they were not kept, or were too many to be.
    pub fn values(&self) -> Option<&BTreeSet<FieldValue>> {
        self.values.as_ref().filter(|it| !it.is_open).map(|it| &it.all)
    }
}

impl Values {
    /// Adds a value; how many bytes it takes. `kept` bytes are taken already.
    fn add(&mut self, value: &Value, kept: usize) -> usize {
        if self.is_open {
            return 0;
        }
        let value = match value {
            Value::Text(text) => FieldValue::Text(Arc::clone(text)),
            Value::Integer(number) => FieldValue::Integer(*number),
            Value::Double(_) | Value::Boolean(_) | Value::Integers(_) => {
                self.open();
                return 0;
            }
        };
        self.insert(value, kept)
    }

    fn insert(&mut self, value: FieldValue, kept: usize) -> usize {
        let bytes = match &value {
            FieldValue::Text(text) => text.len(),
            FieldValue::Integer(_) => 8,
        };
        let is_too_much = bytes > VALUE_BYTES_MAX || kept + bytes > VALUES_BYTES_MAX;
        if is_too_much || (self.all.len() >= VALUES_MAX && !self.all.contains(&value)) {
            self.open();
            return 0;
        }
        if self.all.insert(value) { bytes } else { 0 }
    }

    fn append(&mut self, other: Self, kept: usize) -> usize {
        if other.is_open {
            self.open();
        }
        let mut added = 0;
        for value in other.all {
            if self.is_open {
                return added;
            }
            added += self.insert(value, kept + added);
        }
        added
    }

    fn open(&mut self) {
        self.is_open = true;
        self.all.clear();
    }
}

fn value_bytes(value: &Value) -> u64 {
    match value {
        Value::Text(text) => text.len() as u64,
        Value::Integers(items) => items.len() as u64 * 8,
        Value::Integer(_) | Value::Double(_) | Value::Boolean(_) => 8,
    }
}
