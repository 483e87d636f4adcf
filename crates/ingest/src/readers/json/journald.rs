//! Entries of the systemd journal: `journalctl -o json`, `json-pretty`, `json-seq`, `json-sse`.

use serde_json::{Map, Value};

use super::Shape;
use crate::readers::syslog;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape = Shape { recognises, event: |object| Ok(event(object)) };

fn recognises(object: &Map<String, Value>) -> bool {
    object.contains_key("__REALTIME_TIMESTAMP") || (object.contains_key("__CURSOR") && object.contains_key("MESSAGE"))
}

/// An entry; what Sysmon for Linux wrote is a Windows event.
fn event(object: Map<String, Value>) -> Body {
    let message = object.get("MESSAGE").and_then(Value::as_str).unwrap_or_default();
    match syslog::sysmon(message) {
        Some(Ok(body)) => body,
        _ => Body::Json(JsonFamily::Journald, Box::new(object)),
    }
}
