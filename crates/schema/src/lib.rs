//! The one event model: fields, aliases, log source types, categories and QIDs, as static tables.
//!
//! Everything else is a projection of these rows: the Arrow schema, the normaliser, the binder, the reference pages,
//! completion. A row is added in one place.

mod database;
mod field;
mod fields;
pub mod properties;
mod refused;
pub mod tables;

pub use database::{DATABASES, Database, PROPERTIES, database, has_key, key, properties_type};
pub use field::{Field, Kind, Type};
pub use fields::{EVENT_FIELDS, EVENTS, FLOWS, SIMARC};
pub use refused::{REFUSED, Refused, refused};
