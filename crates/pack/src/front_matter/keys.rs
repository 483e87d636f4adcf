//! Each key of the front matter, described once.

use serde_json::{Map, Value, json};

use crate::detection::{Confidence, Level, Status};

/// The version of JSON Schema that the schemas are written in.
pub(crate) const SCHEMA: &str = "https://json-schema.org/draft/2020-12/schema";

/// What the format says of a key.
#[derive(Debug)]
pub struct Key {
    /// As the page spells it.
    pub name: &'static str,
    /// Whether a page must have it.
    pub required: bool,
    /// What its value looks like.
    pub shape: Shape,
    /// What it means.
    pub meaning: &'static str,
}

/// What the value of a key looks like.
#[derive(Debug)]
pub enum Shape {
    /// Any text of one line.
    Text,
    /// Lower-case letters, digits and hyphens.
    Id,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts, not empty.
    Texts,
    /// A list of these words.
    Words(&'static [&'static str]),
    /// A list of ATT&CK techniques; empty only on imported pages.
    Techniques,
    /// A list of ids, not empty: this prefix and four digits, such as `DET0552`.
    Numbered(&'static str),
    /// A list of GUIDs, not empty.
    Guids,
    /// A number of 0-100, or the name of a selected column.
    Score,
    /// A map with the key `escapes`: `strict` or `c-style`.
    Dialect,
    /// `2026-11-21`
    Date,
    /// True or false.
    Boolean,
    /// Ids of detections, techniques, or `*`.
    Scope,
    /// What would stand after WHERE.
    Filter,
}

pub(crate) const fn key(name: &'static str, required: bool, shape: Shape, meaning: &'static str) -> Key {
    Key { name, required, shape, meaning }
}

/// The operating systems and the like that a page may name.
pub(crate) const PLATFORMS: &[&str] = &["windows", "linux", "macos", "containers", "cloud", "network", "applications"];

/// All keys, in the order that pages have them.
pub static KEYS: &[Key] = &[
    key("id", true, Shape::Id, "The permanent name of the detection."),
    key("title", true, Shape::Text, "What an analyst reads first."),
    key("status", true, Shape::Word(Status::NAMES), "How far the detection can be trusted."),
    key("severity", true, Shape::Word(Level::NAMES), "How bad a true match is."),
    key("confidence", true, Shape::Word(Confidence::NAMES), "How likely a match is true."),
    key("score", true, Shape::Score, "The risk score of a match: a number of 0-100 or the column that holds it."),
    key("techniques", true, Shape::Techniques, "The ATT&CK techniques that a match shows."),
    key("platforms", true, Shape::Words(PLATFORMS), "Where the behaviour occurs."),
    key("log_sources", true, Shape::Texts, "The logs that show it, in words."),
    key("detection_strategies", false, Shape::Numbered("DET"), "The ATT&CK detection strategies that it follows."),
    key("data_components", false, Shape::Numbered("DC"), "The ATT&CK data components that it reads."),
    key("atomics", false, Shape::Guids, "The Atomic Red Team tests that it answers; a test of the page shows each."),
    key("author", false, Shape::Text, "Who wrote the page."),
    key("date", false, Shape::Date, "When the query last changed."),
    key(
        "origin",
        false,
        Shape::Text,
        "Where the page was imported from; such a page may have no tests and no techniques.",
    ),
    key("tags", false, Shape::Texts, "Further labels, as other systems use them."),
    key("dialect", false, Shape::Dialect, "How the query is read; `escapes: c-style` makes `\\\\` one backslash."),
];

/// The JSON Schema of the front matter.
pub fn json_schema() -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!(SCHEMA));
    schema.insert("title".to_owned(), json!("Front matter of a Prospero detection page"));
    schema.extend(object_schema(KEYS));
    Value::Object(schema)
}

/// The JSON Schema of an object with these keys and no others.
pub(crate) fn object_schema(keys: &[Key]) -> Map<String, Value> {
    let properties = keys.iter().map(|key| {
        let mut shape = key.shape.json_schema();
        if let Value::Object(shape) = &mut shape {
            shape.insert("description".to_owned(), json!(key.meaning));
        }
        (key.name.to_owned(), shape)
    });
    let required: Vec<_> = keys.iter().filter(|it| it.required).map(|it| it.name).collect();
    let mut object = Map::new();
    object.insert("type".to_owned(), json!("object"));
    object.insert("properties".to_owned(), Value::Object(properties.collect()));
    object.insert("required".to_owned(), json!(required));
    object.insert("additionalProperties".to_owned(), json!(false));
    object
}

impl Shape {
    /// In words, for messages and the format's document.
    pub fn describe(&self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Id => "lower-case letters, digits and hyphens".to_owned(),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Texts => "a list of texts".to_owned(),
            Self::Words(words) => format!("a list of {}", words.join(", ")),
            Self::Techniques => "a list of ATT&CK techniques, such as `T1543.003`".to_owned(),
            Self::Numbered(prefix) => format!("a list of ids, each `{prefix}` and four digits"),
            Self::Guids => "a list of GUIDs, such as `f42df4d0-4b1c-4dbc-a2c2-0ed1fb4ad6cd`".to_owned(),
            Self::Score => "a number of 0-100, or the name of a selected column".to_owned(),
            Self::Dialect => "a map with the key `escapes`: strict or c-style".to_owned(),
            Self::Date => "a date such as 2026-11-21".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Scope => "a list of ids of detections, techniques such as `T1543.003`, or `*`".to_owned(),
            Self::Filter => "an AQL filter, as it would stand after WHERE".to_owned(),
        }
    }

    fn json_schema(&self) -> Value {
        match self {
            Self::Text | Self::Filter => json!({ "type": "string", "minLength": 1 }),
            Self::Id => json!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" }),
            Self::Word(words) => json!({ "type": "string", "enum": words }),
            Self::Texts => json!({ "type": "array", "items": { "type": "string" }, "minItems": 1 }),
            Self::Words(words) => json!({ "type": "array", "items": { "enum": words }, "minItems": 1 }),
            Self::Techniques => {
                json!({ "type": "array", "items": { "pattern": "^T[0-9]{4}(\\.[0-9]{3})?$" } })
            }
            Self::Numbered(prefix) => {
                json!({ "type": "array", "items": { "pattern": format!("^{prefix}[0-9]{{4}}$") }, "minItems": 1 })
            }
            Self::Guids => json!({
                "type": "array",
                "items": { "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" },
                "minItems": 1,
            }),
            Self::Score => json!({ "type": ["number", "string"], "minimum": 0, "maximum": 100 }),
            Self::Dialect => json!({
                "type": "object",
                "properties": { "escapes": { "enum": ["strict", "c-style"] } },
                "additionalProperties": false,
            }),
            Self::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Scope => json!({
                "type": "array",
                "items": { "pattern": "^(\\*|T[0-9]{4}(\\.[0-9]{3})?|[a-z0-9]+(-[a-z0-9]+)*)$" },
                "minItems": 1,
            }),
        }
    }
}
