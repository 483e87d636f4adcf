//! Collections as JSON: plain values, or what QRadar's API exports.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::Collection;

/// A line, from 1, and what is wrong with it.
type Fault = (usize, String);

/// Reads a collection. An array is a set. An object is a map when its values are plain, a map of sets when they are
/// arrays, a table when they are objects. What QRadar's API gives, an object with `element_type` and `data` whose
/// values are objects with `value`, is understood as well.
pub(super) fn read(text: &str) -> Result<Collection, Fault> {
    let value: Value = serde_json::from_str(text).map_err(|error| (error.line().max(1), error.to_string()))?;
    let value = exported(value);
    let collection = match value {
        Value::Array(values) => set(values).map(Collection::Set),
        Value::Object(object) => object_collection(object),
        _ => Err((String::new(), "expected an array or an object".to_owned())),
    };
    collection.map_err(|(key, message)| (line_of(text, &key), message))
}

/// The data of an export of QRadar's API.
fn exported(value: Value) -> Value {
    match value {
        Value::Object(mut object) if object.contains_key("element_type") && object.contains_key("data") => {
            object.remove("data").unwrap_or_default()
        }
        other => other,
    }
}

/// The value itself, where the export wraps it with the times at which it was seen.
fn unwrapped(value: Value) -> Value {
    match value {
        Value::Object(mut object) if object.contains_key("value") && object.contains_key("first_seen") => {
            object.remove("value").unwrap_or_default()
        }
        other => other,
    }
}

/// A key near the fault, and the fault.
type KeyFault = (String, String);

fn object_collection(object: Map<String, Value>) -> Result<Collection, KeyFault> {
    let object: Map<String, Value> = object.into_iter().map(|(key, value)| (key, unwrapped(value))).collect();
    let first = object.values().next();
    match first {
        Some(Value::Array(_)) => map_of_sets(object),
        Some(Value::Object(_)) => table(object),
        _ => cells(object).map(Collection::Map),
    }
}

fn map_of_sets(object: Map<String, Value>) -> Result<Collection, KeyFault> {
    let mut map = HashMap::with_capacity(object.len());
    for (key, value) in object {
        let Value::Array(values) = value else {
            return Err((key.clone(), format!("`{key}` is not an array as the first value is")));
        };
        let values: HashSet<String> = set(values).map_err(|(_, message)| (key.clone(), message))?;
        map.insert(key, values);
    }
    Ok(Collection::MapOfSets(map))
}

fn table(object: Map<String, Value>) -> Result<Collection, KeyFault> {
    let mut table = HashMap::with_capacity(object.len());
    for (key, value) in object {
        let Value::Object(row) = value else {
            return Err((key.clone(), format!("`{key}` is not an object as the first value is")));
        };
        let row = row.into_iter().map(|(name, value)| (name, unwrapped(value))).collect();
        table.insert(key, cells(row)?);
    }
    Ok(Collection::Table(table))
}

fn cells(object: Map<String, Value>) -> Result<HashMap<String, String>, KeyFault> {
    let mut cells = HashMap::with_capacity(object.len());
    for (key, value) in object {
        match plain(&value) {
            Some(text) => cells.insert(key, text),
            None => return Err((key.clone(), format!("`{key}` is not a plain value"))),
        };
    }
    Ok(cells)
}

fn set(values: Vec<Value>) -> Result<HashSet<String>, KeyFault> {
    let text = |value: Value| {
        let value = unwrapped(value);
        plain(&value).ok_or_else(|| (value.to_string(), format!("`{value}` is not a plain value")))
    };
    values.into_iter().map(text).collect()
}

/// The text of a plain value.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The line on which a key stands first.
fn line_of(text: &str, key: &str) -> usize {
    let quoted = Value::from(key).to_string();
    let position = text.find(&quoted).or_else(|| text.find(key)).unwrap_or(0);
    text[..position].matches('\n').count() + 1
}
