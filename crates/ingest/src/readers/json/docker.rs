//! Events of the Docker daemon: `docker events --format '{{json .}}'`.

use serde_json::{Map, Value};

use super::Shape;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape =
    Shape { recognises, event: |object| Ok(Body::Json(JsonFamily::Docker, Box::new(object))) };

fn recognises(object: &Map<String, Value>) -> bool {
    let actor = object.get("Actor").and_then(Value::as_object);
    ["Type", "Action"].iter().all(|it| object.get(*it).is_some_and(Value::is_string))
        && actor.is_some_and(|it| it.contains_key("ID") || it.contains_key("Attributes"))
}
