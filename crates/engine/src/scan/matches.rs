//! What a scan finds.

use std::sync::Arc;

use ingest::{Event, Locator, Value};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Map;

use crate::event_value::value_of;
use crate::explain::Why;

/// A detection fired: on one event, or on a group of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Which detection, by its position in what was scanned for.
    pub detection: usize,
    /// The exclusion that removed it, by its position in [`super::Subject::exclusions`]; nothing for a match that stands.
    /// Of a detection that looks at groups an event was removed, not a row: it has no columns then.
    pub excluded_by: Option<usize>,
    /// Where the event stands; nothing for a group of events.
    pub locator: Option<Locator>,
    /// The columns of the SELECT list, with the names of the result.
    pub columns: Vec<(Arc<str>, serde_json::Value)>,
    /// The number in the column that holds the score.
    pub score: Option<f64>,
    /// The start time of the event, in milliseconds since 1970 UTC.
    pub time: Option<i64>,
    /// The host that the event is about.
    pub host: Option<Arc<str>>,
    /// The user who acted.
    pub user: Option<Arc<str>>,
    /// The whole event; nothing for a group.
    pub event: Option<Arc<Event>>,
    /// Why it matched; nothing for a group.
    pub why: Option<Why>,
}

/// A whole event as JSON: fields by their names, then what no field names under `properties`. Where it stands is not in
/// it.
#[derive(Clone, Copy, Debug)]
pub struct EventJson<'a>(pub &'a Event);

/// [`EventJson`] as an object.
pub fn event_json(event: &Event) -> Map<String, serde_json::Value> {
    match serde_json::to_value(EventJson(event)) {
        Ok(serde_json::Value::Object(object)) => object,
        _ => Map::new(),
    }
}

impl Serialize for EventJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for (index, value) in &self.0.fields {
            if let Some(field) = schema::EVENTS.fields.get(usize::from(*index)) {
                object.serialize_entry(field.name, &ValueJson(value))?;
            }
        }
        if !self.0.properties.is_empty() {
            object.serialize_entry("properties", &Properties(&self.0.properties))?;
        }
        object.end()
    }
}

struct ValueJson<'a>(&'a Value);

impl Serialize for ValueJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Text(text) => text.serialize(serializer),
            Value::Integer(number) => number.serialize(serializer),
            Value::Double(number) => number.serialize(serializer),
            Value::Boolean(value) => value.serialize(serializer),
            Value::Integers(items) => items.serialize(serializer),
        }
    }
}

/// Names and values, each name once: where it first stands, with its last value.
struct Properties<'a>(&'a [(Arc<str>, Arc<str>)]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        for (position, (name, _)) in self.0.iter().enumerate() {
            let is_first = !self.0[..position].iter().any(|(it, _)| it == name);
            let last = self.0[position..].iter().rev().find(|(it, _)| it == name);
            if let Some((_, value)) = last.filter(|_| is_first) {
                object.serialize_entry(&**name, &**value)?;
            }
        }
        object.end()
    }
}

/// The text of the first of these fields that is filled.
pub(crate) fn first_text(event: &Event, columns: &[usize]) -> Option<Arc<str>> {
    columns.iter().find_map(|column| match value_of(event, *column) {
        Some(Value::Text(text)) => Some(Arc::clone(text)),
        _ => None,
    })
}
