//! An event while its fields are being filled.

use std::sync::Arc;

use schema::{EVENTS, Type};

use super::convert;
use crate::{Event, Locator, Value};

/// The event model has fewer rows than this.
const FIELDS_MAX: usize = 512;
const _: () = assert!(schema::EVENT_FIELDS < FIELDS_MAX, "the places of an event are too few");

/// Fields and properties of one event in the making. The first value of a field stays.
#[derive(Debug)]
pub struct EventBuilder<'a> {
    fields: Vec<(u16, Value)>,
    /// For each field one more than its place in `fields`; 0 when it has no value.
    places: [u16; FIELDS_MAX],
    properties: Vec<(Arc<str>, Arc<str>)>,
    wanted: Option<&'a [bool]>,
}

impl<'a> EventBuilder<'a> {
    pub(super) fn new(wanted: Option<&'a [bool]>) -> Self {
        Self { fields: Vec::with_capacity(48), places: [0; FIELDS_MAX], properties: Vec::new(), wanted }
    }

    /// Whether somebody will read this column: when not, its value need not be made.
    pub fn wants(&self, column: u16) -> bool {
        self.wanted.is_none_or(|it| it[usize::from(column)])
    }

    /// Whether somebody will read what no field takes.
    pub fn wants_properties(&self) -> bool {
        self.wanted.is_none_or(|it| it[EVENTS.properties_column()])
    }

    /// Gives a field its value unless it has one.
    pub fn set(&mut self, column: u16, value: Value) {
        if self.lacks(column) {
            self.push(column, value);
        }
    }

    /// Gives a field this value whatever it had.
    pub fn replace(&mut self, column: u16, value: Value) {
        match self.places[usize::from(column)] {
            0 => self.set(column, value),
            place => self.fields[usize::from(place) - 1].1 = value,
        }
    }

    /// Whether somebody will read this field and it has no value.
    fn lacks(&self, column: u16) -> bool {
        self.places[usize::from(column)] == 0 && self.wants(column)
    }

    fn push(&mut self, column: u16, value: Value) {
        self.fields.push((column, value));
        self.places[usize::from(column)] = self.fields.len() as u16;
    }

    /// Gives a field of text its value unless it has one. An empty text is no value.
    pub fn text(&mut self, column: u16, text: impl AsRef<str> + Into<Arc<str>>) {
        if !text.as_ref().is_empty() && self.lacks(column) {
            self.push(column, Value::Text(text.into()));
        }
    }

    /// Gives a number to a field unless it has one; to a field of text in decimal.
    pub fn integer(&mut self, column: u16, number: i64) {
        if self.lacks(column) {
            let text = EVENTS.fields[usize::from(column)].value_type == Type::Text;
            self.set(column, if text { Value::Text(number.to_string().into()) } else { Value::Integer(number) });
        }
    }

    /// Gives a field the value that a text stands for, converted to the type of the field.
    /// False when the text is no such value: then nothing is set.
    pub fn converted(&mut self, column: u16, text: &str) -> bool {
        if !self.lacks(column) {
            return true;
        }
        match convert::value(EVENTS.fields[usize::from(column)].value_type, text) {
            Some(value) => self.push(column, value),
            None => return false,
        }
        true
    }

    /// Gives a value of the log to the field that has this name or alias, and else keeps it as a property. A value that
    /// the field does not hold in this very form is kept as a property too.
    pub fn named(&mut self, name: &str, text: &str) {
        let column = EVENTS.find(name).and_then(|it| u16::try_from(it).ok());
        if let Some(column) = column {
            self.converted(column, text);
        }
        if !column.is_some_and(|it| !self.wants_properties() || self.holds(it, text)) {
            self.property(name, text);
        }
    }

    /// Keeps a value under the name of the log.
    pub fn property(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) {
        if self.wants_properties() {
            self.properties.push((name.into(), text.into()));
        }
    }

    /// Keeps a value under this name instead of what the log had under it.
    pub fn replace_property(&mut self, name: &str, text: &str) {
        self.properties.retain(|it| !it.0.eq_ignore_ascii_case(name));
        self.property(name, text);
    }

    /// The value of a field, if it has one by now.
    pub fn get(&self, column: u16) -> Option<&Value> {
        match self.places[usize::from(column)] {
            0 => None,
            place => self.fields.get(usize::from(place) - 1).map(|it| &it.1),
        }
    }

    /// The value of a field of text, if it has one by now.
    pub fn get_text(&self, column: u16) -> Option<Arc<str>> {
        match self.get(column) {
            Some(Value::Text(it)) => Some(Arc::clone(it)),
            _ => None,
        }
    }

    /// The value of a field of numbers, if it has one by now.
    pub fn get_integer(&self, column: u16) -> Option<i64> {
        match self.get(column) {
            Some(Value::Integer(it)) => Some(*it),
            _ => None,
        }
    }

    /// Whether a field holds a value that reads exactly so.
    pub fn holds(&self, column: u16, text: &str) -> bool {
        match self.get(column) {
            Some(Value::Text(it)) => **it == *text,
            Some(Value::Integer(it)) => text.parse() == Ok(*it),
            Some(Value::Boolean(it)) => text.parse() == Ok(*it),
            _ => false,
        }
    }

    pub(super) fn finish(mut self, locator: Locator) -> Event {
        self.fields.sort_unstable_by_key(|it| it.0);
        Event { locator, fields: self.fields, properties: self.properties }
    }
}
