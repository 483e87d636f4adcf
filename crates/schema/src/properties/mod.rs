//! Properties that users define: plain data, read from the text of a TOML file.
//!
//! The kinds of expressions are those of QRadar's custom properties, so that definitions can be carried over. The
//! format is described in `docs/properties.md`. Values are taken out of events by the crate `ingest`.

mod path;
mod read;

pub use path::{JsonStep, XmlStep, json_path, xml_path};
pub use read::read;

use crate::{Type, key};

/// A pattern may have so many bytes.
pub const PATTERN_BYTES_MAX: usize = 8192;
/// A compiled pattern may take so many bytes.
pub const PATTERN_MEMORY_MAX: usize = 1 << 20;
/// A file may define so many properties.
pub const DEFINITIONS_MAX: usize = 4096;
/// A property may have so many expressions.
pub const EXPRESSIONS_MAX: usize = 64;

/// One property.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// The name; queries write it in double quotes when it has blanks.
    pub name: String,
    /// The type of its values.
    pub value_type: Type,
    /// What it means.
    pub description: String,
    /// Which events may have it.
    pub filter: Filter,
    /// Where it is found; the first expression that finds something counts.
    pub expressions: Vec<Expression>,
    /// The line of the file where it begins, from 1.
    pub line: usize,
}

/// Which events a property is looked for in. What is not set fits every event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The log source type.
    pub device_type: Option<i64>,
    /// The channel, or category of the event in LEEF; case does not matter.
    pub channel: Option<String>,
    /// Event ids, any of them; empty for all.
    pub event_ids: Vec<String>,
}

/// A way to find a value in an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// `/"a"/"b"[0]`: a value in JSON.
    Json(Vec<JsonStep>),
    /// A group of a regular expression over the payload; group 0 is the whole match.
    Regex {
        /// The pattern, valid and within [`PATTERN_MEMORY_MAX`].
        pattern: String,
        /// The number of the group.
        group: usize,
    },
    /// An attribute of LEEF; case does not matter.
    Leef(String),
    /// An extension of CEF; case matters. Of a custom one (`cs1` with `cs1Label`) also the label.
    Cef(String),
    /// The value behind a key.
    NameValue {
        /// The key; case does not matter.
        key: String,
        /// What parts pairs, a blank by default.
        delimiter: String,
        /// What parts key and value, `=` by default.
        separator: String,
    },
    /// An item of a list.
    List {
        /// Which, from 1.
        position: usize,
        /// What parts the items, a comma by default.
        delimiter: String,
    },
    /// `/Event/EventData/Data[@Name="x"]`, `/Event/System/Provider/@Name`: a value in XML.
    Xml(Vec<XmlStep>),
}

/// What is wrong with a file of definitions. The rest of the file is still read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionError {
    /// The line, from 1.
    pub line: usize,
    /// A short phrase.
    pub message: String,
}

impl std::fmt::Display for DefinitionError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.message)
    }
}

/// The definition of this name, ignoring case and blanks.
pub fn find<'a>(definitions: &'a [Definition], name: &str) -> Option<&'a Definition> {
    let wanted = key(name);
    definitions.iter().find(|it| key(&it.name) == wanted)
}
