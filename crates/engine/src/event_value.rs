//! Reading single values of events.

use ingest::{Event, Value};

/// The value of a field of an event.
pub(crate) fn value_of(event: &Event, column: usize) -> Option<&Value> {
    let column = u16::try_from(column).ok()?;
    let position = event.fields.binary_search_by_key(&column, |(index, _)| *index).ok()?;
    Some(&event.fields[position].1)
}

/// The text of a field by its own name; nothing where it holds something else.
pub fn text_of<'e>(event: &'e Event, name: &str) -> Option<&'e str> {
    match value_of(event, schema::EVENTS.position(name)?) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The fields of one event after the other, each found at once.
pub(crate) struct Fields<'e> {
    event: Option<&'e Event>,
    /// By field: one more than its position in the event, 0 where the event has none.
    positions: Vec<u16>,
}

impl<'e> Fields<'e> {
    /// Of no event.
    pub(crate) fn new() -> Self {
        Self { event: None, positions: vec![0; schema::EVENTS.fields.len()] }
    }

    /// Goes to another event.
    pub(crate) fn take(&mut self, event: &'e Event) {
        let old = self.event.replace(event);
        for (field, _) in old.iter().flat_map(|it| &it.fields) {
            if let Some(position) = self.positions.get_mut(usize::from(*field)) {
                *position = 0;
            }
        }
        for (next, (field, _)) in (1_u16..).zip(&event.fields) {
            if let Some(position) = self.positions.get_mut(usize::from(*field)) {
                *position = next;
            }
        }
    }

    /// The value of a field.
    pub(crate) fn value(&self, field: usize) -> Option<&'e Value> {
        let position = self.positions.get(field)?.checked_sub(1)?;
        self.event?.fields.get(usize::from(position)).map(|(_, value)| value)
    }

    /// The properties.
    pub(crate) fn properties(&self) -> &'e [(std::sync::Arc<str>, std::sync::Arc<str>)] {
        self.event.map_or(&[], |it| &it.properties)
    }
}
