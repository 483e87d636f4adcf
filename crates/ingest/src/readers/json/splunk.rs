//! Windows events of a Splunk export: `_raw` as XML or as the lines `Name=Value` of the classic input.

use serde_json::{Map, Value};

use super::Shape;
use super::flat_windows;
use crate::{Body, windows_xml};

pub(in crate::readers) static SHAPE: Shape = Shape { recognises, event: |object| event(&object) };

fn recognises(object: &Map<String, Value>) -> bool {
    let raw = raw(object);
    raw.starts_with("<Event") || is_classic(raw)
}

fn event(object: &Map<String, Value>) -> Result<Body, String> {
    let raw = raw(object);
    if raw.starts_with('<') {
        return Ok(Body::Windows(Box::new(windows_xml::parse(raw, None)?)));
    }
    flat_windows::event(&classic(raw, object))
}

fn raw(object: &Map<String, Value>) -> &str {
    object.get("_raw").and_then(Value::as_str).unwrap_or_default().trim_start()
}

fn is_classic(raw: &str) -> bool {
    ["LogName=", "EventCode=", "SourceName="].iter().all(|name| raw.lines().any(|it| it.starts_with(name)))
}

/// The lines `Name=Value` as an object. `Message` stands last and runs to the end; the lines `Name: Value` in it are
/// the data of the event. The time is the one that Splunk took from the event.
fn classic(raw: &str, object: &Map<String, Value>) -> Map<String, Value> {
    let mut fields = Map::new();
    let time = object.get("_time").cloned().or_else(|| raw.lines().next().map(Value::from));
    fields.insert("_time".into(), time.unwrap_or_default());
    let (head, message) = raw.split_once("\nMessage=").unwrap_or((raw, ""));
    for (name, value) in head.lines().filter_map(|it| it.split_once('=')) {
        // The type of the classic input is a number, and says no more than the keywords.
        let shipped = matches!(name, "EventType" | "Type" | "SidType" | "TaskCategory" | "OpCode");
        if !shipped && (name, value) != ("User", "NOT_TRANSLATED") {
            fields.insert(name.into(), value.trim_end().into());
        }
    }
    for (name, value) in message.lines().skip(1).filter_map(|it| it.split_once(':')) {
        let (name, value) = (name.trim(), value.trim());
        if !name.is_empty() && !value.is_empty() && !fields.contains_key(name) {
            fields.insert(name.into(), value.into());
        }
    }
    fields.insert("Message".into(), message.into());
    fields
}
