//! QRadar's JSON forwarding profile (`reference/event-model.md`, section 4).

use serde_json::{Map, Value};

use super::Shape;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape =
    Shape { recognises, event: |object| Ok(Body::Json(JsonFamily::Forwarding, Box::new(object))) };

/// Names of the profile that no other program writes together.
const NAMES: [&str; 12] = [
    "logSource",
    "logSourceId",
    "logSourceType",
    "logSourceTypeId",
    "logSourceIdentifier",
    "startTimeEpoch",
    "devTimeEpoch",
    "storeTimeEpoch",
    "lowLevelCategory",
    "highLevelCategory",
    "eventName",
    "hasOffense",
];

fn recognises(object: &Map<String, Value>) -> bool {
    NAMES.iter().filter(|it| object.contains_key(**it)).count() >= 3
}
