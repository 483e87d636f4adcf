//! Events that were normalised before: their fields stay as they are, nothing is added.

use super::{EventBuilder, LogSources, Origin, columns};
use crate::{StoredEvent, Value};

pub(super) fn fill(stored: &StoredEvent, event: &mut EventBuilder, log_sources: &LogSources) -> Origin {
    for (column, value) in &stored.fields {
        event.set(*column, value.clone());
    }
    for (name, text) in &stored.properties {
        event.property(name.clone(), text.clone());
    }
    let device_type = match value(stored, columns().device_type) {
        Some(Value::Integer(number)) => *number,
        _ => 0,
    };
    if let Some(Value::Text(identifier)) = value(stored, columns().log_source_identifier) {
        // From now on its name can be asked for.
        log_sources.id(device_type, identifier);
    }
    Origin { device_type, ..Origin::default() }
}

fn value(stored: &StoredEvent, column: u16) -> Option<&Value> {
    let place = stored.fields.binary_search_by_key(&column, |it| it.0).ok()?;
    Some(&stored.fields[place].1)
}
