//! Events of the Kubernetes audit log: `audit.k8s.io`, kind `Event`.

use serde_json::{Map, Value};

use super::Shape;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape =
    Shape { recognises, event: |object| Ok(Body::Json(JsonFamily::Kubernetes, Box::new(object))) };

fn recognises(object: &Map<String, Value>) -> bool {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    text("kind") == "Event" && text("apiVersion").starts_with("audit.k8s.io/")
}
