//! The one event model: fields, aliases, log source types, categories and QIDs, as static tables.
//!
//! Everything else is a projection of these rows: the Arrow schema, the normaliser, the binder, the reference pages,
//! completion. A row is added in one place.

mod database;
mod field;

pub use database::{DATABASES, Database, key};
pub use field::{Field, Kind, Type};
