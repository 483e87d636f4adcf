//! Values in JSON.

use std::borrow::Cow;

use schema::properties::JsonStep;
use serde_json::Value as Json;

use super::Source;

/// The value at a path: in the object that the event was read from, else in the JSON that its payload holds from the
/// first `{` on. A text as it is, a number or truth value printed, a list or object as JSON.
pub(super) fn find<'a>(path: &[JsonStep], source: Source<'a>) -> Option<Cow<'a, str>> {
    if let Some(object) = source.object {
        let Some(JsonStep::Key(first)) = path.first() else { return None };
        return walk(object.get(first)?, &path[1..]).and_then(print);
    }
    let payload = source.payload?;
    let text = &payload[payload.find('{')?..];
    // What follows the object, such as the end of a syslog frame, does not matter.
    let object: Json = serde_json::Deserializer::from_str(text).into_iter().next()?.ok()?;
    walk(&object, path).and_then(print).map(|it| Cow::Owned(it.into_owned()))
}

fn walk<'a>(value: &'a Json, path: &[JsonStep]) -> Option<&'a Json> {
    path.iter().try_fold(value, |value, step| match step {
        JsonStep::Key(key) => value.get(key),
        JsonStep::Index(index) => value.get(index),
    })
}

fn print(value: &Json) -> Option<Cow<'_, str>> {
    match value {
        Json::Null => None,
        Json::String(it) => Some(Cow::Borrowed(it)),
        other => Some(Cow::Owned(other.to_string())),
    }
}
