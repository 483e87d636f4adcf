//! Events of macOS Endpoint Security: `eslogger`.

use serde_json::{Map, Value};

use super::Shape;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape =
    Shape { recognises, event: |object| Ok(Body::Json(JsonFamily::EndpointSecurity, Box::new(object))) };

fn recognises(object: &Map<String, Value>) -> bool {
    object.contains_key("event_type")
        && object.get("event").is_some_and(Value::is_object)
        && object.get("process").is_some_and(|it| it.get("executable").is_some() || it.get("audit_token").is_some())
}
