//! Events in the Elastic Common Schema that are not of a Windows log: Auditbeat, Elastic Defend.

use serde_json::{Map, Value};

use super::Shape;
use super::value::at;
use crate::{Body, JsonFamily};

pub(in crate::readers) static SHAPE: Shape =
    Shape { recognises, event: |object| Ok(Body::Json(JsonFamily::Ecs, Box::new(object))) };

/// What the schema has and no other program writes beside a program or a file.
const MARKS: [&str; 3] = ["ecs.version", "agent.type", "event.action"];
/// What an event must be about to be read so.
const SUBJECTS: [&str; 5] = ["process.executable", "process.args", "process.command_line", "process.name", "file.path"];

fn recognises(object: &Map<String, Value>) -> bool {
    let has_any = |names: &[&str]| names.iter().any(|it| at(object, it).is_some_and(|it| !it.is_null()));
    has_any(&MARKS) && has_any(&SUBJECTS)
}
