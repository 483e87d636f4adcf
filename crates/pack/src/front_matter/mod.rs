//! The part of a page that machines read: YAML between two lines of `---`.
//!
//! [`KEYS`] describes each key once; the reader, the JSON Schema and the format's document are projections of it.

mod keys;
mod values;

pub use keys::{KEYS, Key, Shape, json_schema};
pub(crate) use keys::{SCHEMA, key, object_schema};
pub use values::FrontMatter;
pub(crate) use values::{is_id, is_technique, read};
