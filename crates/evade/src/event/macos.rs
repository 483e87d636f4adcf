//! Programs that were started on macOS, as `eslogger` writes them: the arguments as the caller gave them, the path of
//! the program with all links followed.

use serde_json::{Map, Value};

use super::{Change, Written};
use crate::{Action, Platform, UnixProcess};

fn exec(object: &Map<String, Value>) -> Option<&Map<String, Value>> {
    object.get("event")?.get("exec")?.as_object()
}

fn arguments(exec: &Map<String, Value>) -> Option<Vec<String>> {
    exec.get("args")?.as_array()?.iter().map(|it| it.as_str().map(str::to_owned)).collect()
}

pub(super) fn action(object: &Map<String, Value>) -> Option<Action> {
    let exec = exec(object)?;
    let arguments = arguments(exec).filter(|it| !it.is_empty())?;
    let image = exec.get("target")?.get("executable")?.get("path")?.as_str()?.to_owned();
    Some(Action::UnixProcess(UnixProcess { platform: Platform::MacOs, image, arguments, sudo: false }))
}

pub(super) fn write(object: &mut Map<String, Value>, after: &Action) -> Written {
    let Action::UnixProcess(process) = after else { return Written::default() };
    let mut written = Written::default();
    let Some(exec) = object.get_mut("event").and_then(|it| it.get_mut("exec")) else { return written };
    let mut replace = |field: &str, place: &mut Value, new: Value, show: fn(&Value) -> String| {
        if *place != new {
            let (before, after) = (place.to_string(), new.to_string());
            written.0.push(Change { field: field.to_owned(), before: show(place), after: show(&new) });
            written.1.push(vec![(before, after)]);
            *place = new;
        }
    };
    if let Some(place) = exec.get_mut("args") {
        let new = Value::from(process.arguments.clone());
        replace("args", place, new, |it| {
            it.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        });
    }
    if let Some(place) =
        exec.get_mut("target").and_then(|it| it.get_mut("executable")).and_then(|it| it.get_mut("path"))
    {
        replace("executable.path", place, process.image.clone().into(), |it| {
            it.as_str().unwrap_or_default().to_owned()
        });
    }
    written
}
