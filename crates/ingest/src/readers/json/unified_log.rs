//! Entries of the unified log of macOS: `log show --style ndjson` or `json`.

use serde_json::{Map, Value};

use super::Shape;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape =
    Shape { recognises, event: |object| Ok(Body::Json(JsonFamily::UnifiedLog, Box::new(object))) };

fn recognises(object: &Map<String, Value>) -> bool {
    object.contains_key("eventMessage")
        && (object.contains_key("processImagePath") || object.contains_key("machTimestamp"))
}

/// Whether the object is what `log show` writes behind the last entry.
pub(super) fn is_end(object: &Map<String, Value>) -> bool {
    object.len() == 2 && object.contains_key("count") && object.contains_key("finished")
}
