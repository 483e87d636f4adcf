//! Each key of an exclusion, described once.

use serde_json::{Value, json};

use crate::front_matter::{Key, SCHEMA, Shape, key, object_schema};

/// All keys, in the order in which files have them.
pub static KEYS: &[Key] = &[
    key("id", true, Shape::Id, "The permanent name of the exclusion; scans count under it."),
    key(
        "detections",
        true,
        Shape::Scope,
        "What it is about: detections, techniques with their sub-techniques, or all.",
    ),
    key("product", false, Shape::Id, "The product that makes the events. It is off until chosen with `--exclude`."),
    key("owner", true, Shape::Text, "Who answers for it."),
    key("reason", true, Shape::Text, "Why what it removes is no attack, and how that is known."),
    key("expires", false, Shape::Date, "The last day on which it holds; required without `product`."),
    key("enabled", false, Shape::Boolean, "False keeps it in the file without using it."),
    key("filter", true, Shape::Filter, "A match for which this is true is removed; unknown removes nothing."),
];

/// The JSON Schema of a tuning file.
pub fn json_schema() -> Value {
    json!({
        "$schema": SCHEMA,
        "title": "A Prospero tuning file",
        "type": "object",
        "properties": { "exclusion": { "type": "array", "items": Value::Object(object_schema(KEYS)) } },
        "required": ["exclusion"],
        "additionalProperties": false,
    })
}
