//! What `explain` prints: a query in words, an event that it takes or not, events that came near.

mod event;
mod near;
mod query;
mod query_json;

pub(crate) use self::event::{EventReport, event_json, event_text};
pub(crate) use self::near::{near_json, near_summary, near_text};
pub(crate) use self::query::query_text;
pub(crate) use self::query_json::query_json;
