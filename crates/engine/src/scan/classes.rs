//! The kinds of the events of a chunk: each event gets the number of its kind, and no text is copied but for a new kind.

use std::collections::HashMap;

use datafusion_common::hash_utils::RandomState;
use ingest::{Event, Value};

use super::facts::{CLASS_COLUMNS, ClassColumns, EventClass};
use crate::event_value::Fields;

/// The classes of some events, numbered as they come.
pub(super) struct Classes<'e> {
    numbers: HashMap<Key<'e>, usize, RandomState>,
    columns: ClassColumns,
    all: Vec<EventClass>,
}

/// A class as an event holds it.
#[derive(PartialEq, Eq, Hash)]
struct Key<'e> {
    device_type: Option<i64>,
    channel: Option<Part<'e>>,
    event_id: Option<Part<'e>>,
}

#[derive(PartialEq, Eq, Hash)]
enum Part<'e> {
    Text(&'e str),
    Number(i64),
}

impl<'e> Classes<'e> {
    /// No class.
    pub(super) fn new() -> Self {
        Self { numbers: HashMap::default(), columns: *CLASS_COLUMNS, all: Vec::new() }
    }

    /// The number of the class of an event with these fields, and whether it is a new one. Two numbers may stand for one class.
    pub(super) fn number(&mut self, event: &'e Event, fields: &Fields<'e>) -> (usize, bool) {
        let part = |column| match fields.value(column) {
            Some(Value::Text(text)) => Some(Part::Text(text)),
            Some(Value::Integer(number)) => Some(Part::Number(*number)),
            _ => None,
        };
        let device_type = match fields.value(self.columns.device_type) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        };
        let key = Key { device_type, channel: part(self.columns.channel), event_id: part(self.columns.event_id) };
        let next = self.all.len();
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.all.push(EventClass::of(event));
        }
        (number, number == next)
    }

    /// A class by its number.
    pub(super) fn class(&self, number: usize) -> &EventClass {
        &self.all[number]
    }

    /// The classes in the order of their numbers.
    pub(super) fn into_all(self) -> Vec<EventClass> {
        self.all
    }
}
