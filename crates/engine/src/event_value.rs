//! Reading single values of events.

use ingest::{Event, Value};

/// The value of a field of an event.
pub(crate) fn value_of(event: &Event, column: usize) -> Option<&Value> {
    let column = u16::try_from(column).ok()?;
    let position = event.fields.binary_search_by_key(&column, |(index, _)| *index).ok()?;
    Some(&event.fields[position].1)
}
