//! Values of JSON as fields of events.

use serde_json::{Map, Value};

use crate::time;

/// The text of a scalar; nothing for null, objects and arrays.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number, also one written as text.
pub(super) fn integer<T: TryFrom<i64>>(value: &Value) -> Option<T> {
    let number = match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|it| it as i64))?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    T::try_from(number).ok()
}

/// A time in any of the spellings of [`time::parse`].
pub(super) fn time(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => time::epoch(number.as_f64()?),
        Value::String(text) => time::parse(text),
        _ => None,
    }
}

/// The value at a path of names, whether its parts are nested or joined by dots.
pub(super) fn at<'object>(object: &'object Map<String, Value>, path: &str) -> Option<&'object Value> {
    if let Some(value) = object.get(path) {
        return Some(value);
    }
    path.match_indices('.').find_map(|(dot, _)| at(object.get(&path[..dot])?.as_object()?, &path[dot + 1..]))
}

/// Appends a value as pairs of name and text: lists repeat the name, objects give the pairs of their members, null is
/// what `null` says.
pub(super) fn pairs(name: &str, value: &Value, null: Option<&str>, data: &mut Vec<(String, String)>) {
    match value {
        Value::Array(list) => list.iter().for_each(|it| pairs(name, it, null, data)),
        Value::Object(object) => object.iter().for_each(|(name, value)| pairs(name, value, null, data)),
        Value::Null => data.extend(null.map(|it| (name.to_owned(), it.to_owned()))),
        scalar => data.extend(text(scalar).map(|it| (name.to_owned(), it))),
    }
}
