//! What a scan finds.

use std::sync::Arc;

use ingest::{Event, Locator, Value};
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
    /// The whole event: fields by their names, then what no field names under `properties`; nothing for a group.
    pub event: Option<Map<String, serde_json::Value>>,
    /// Why it matched; nothing for a group.
    pub why: Option<Why>,
}

/// A whole event as JSON: where it stands is not in it.
pub fn event_json(event: &Event) -> Map<String, serde_json::Value> {
    let mut object = Map::new();
    for (index, value) in &event.fields {
        if let Some(field) = schema::EVENTS.fields.get(usize::from(*index)) {
            object.insert(field.name.to_owned(), json(value));
        }
    }
    if !event.properties.is_empty() {
        let properties = event.properties.iter().map(|(name, value)| (name.to_string(), value.to_string().into()));
        object.insert("properties".to_owned(), serde_json::Value::Object(properties.collect()));
    }
    object
}

fn json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => (**text).into(),
        Value::Integer(number) => (*number).into(),
        Value::Double(number) => (*number).into(),
        Value::Boolean(value) => (*value).into(),
        Value::Integers(items) => items.clone().into(),
    }
}

/// The text of the first of these fields that is filled.
pub(crate) fn first_text(event: &Event, columns: &[usize]) -> Option<Arc<str>> {
    columns.iter().find_map(|column| match value_of(event, *column) {
        Some(Value::Text(text)) => Some(Arc::clone(text)),
        _ => None,
    })
}
