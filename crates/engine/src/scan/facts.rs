//! What an input holds: how many events of which class, and how often each field is filled. Says why a detection could
//! not fire.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use ingest::{Event, Value};

use crate::event_value::value_of;

/// The most classes that are told apart; events of further ones are counted together.
pub const CLASSES_MAX: usize = 20_000;

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

/// Counts over all events of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputFacts {
    classes: HashMap<EventClass, u64>,
    other_classes: u64,
    filled: Vec<u64>,
}

impl InputFacts {
    /// Counts one event.
    pub(crate) fn add(&mut self, class: &EventClass, event: &Event) {
        self.count(class, 1);
        if self.filled.is_empty() {
            self.filled = vec![0; schema::EVENTS.fields.len()];
        }
        for (index, _) in &event.fields {
            if let Some(count) = self.filled.get_mut(usize::from(*index)) {
                *count += 1;
            }
        }
    }

    /// Adds the counts of other events.
    pub(crate) fn append(&mut self, other: Self) {
        // In the order of the classes, so that the same ones are kept in every run.
        let mut classes: Vec<_> = other.classes.into_iter().collect();
        classes.sort_unstable();
        for (class, events) in classes {
            self.count(&class, events);
        }
        self.other_classes += other.other_classes;
        if self.filled.is_empty() {
            self.filled = other.filled;
        } else {
            self.filled.iter_mut().zip(other.filled).for_each(|(count, more)| *count += more);
        }
    }

    fn count(&mut self, class: &EventClass, events: u64) {
        if let Some(count) = self.classes.get_mut(class) {
            *count += events;
        } else if self.classes.len() < CLASSES_MAX {
            self.classes.insert(class.clone(), events);
        } else {
            self.other_classes += events;
        }
    }

    /// Events of each class, by class.
    pub fn classes(&self) -> Vec<(&EventClass, u64)> {
        let mut classes: Vec<_> = self.classes.iter().map(|(class, events)| (class, *events)).collect();
        classes.sort_unstable();
        classes
    }

    /// Events whose class is not told apart: there were more than [`CLASSES_MAX`].
    pub fn other_classes(&self) -> u64 {
        self.other_classes
    }

    /// In how many events a field of `schema::EVENTS` is filled.
    pub fn filled(&self, field: usize) -> u64 {
        self.filled.get(field).copied().unwrap_or(0)
    }
}
