//! An entry of the unified log of macOS, as `log show --style ndjson` prints it.

use serde_json::{Map, Value as Json};

use schema::tables::log_source_types::MACOS;

use super::super::json::flatten;
use super::super::{EventBuilder, Origin, columns, paths};
use crate::time;

/// Severities of the types of messages, 0-10.
const TYPES: [(&str, i64); 5] = [("Fault", 8), ("Error", 7), ("Default", 3), ("Info", 2), ("Debug", 1)];

pub(in crate::normalise) fn fill(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    let mut pairs = Vec::new();
    flatten(object, &mut String::new(), 0, &mut pairs);
    let value = |name: &str| pairs.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let columns = columns();
    event.text(columns.message, value("eventMessage"));
    event.text(columns.process_path, value("processImagePath"));
    event.text(columns.process_name, paths::file_name(value("processImagePath")));
    event.text(columns.process_id, value("processID"));
    event.text(columns.loaded_image, value("senderImagePath"));
    event.text(columns.provider_name, value("subsystem"));
    event.text(columns.event_category, value("category"));
    event.text(columns.event_type, value("eventType"));
    event.text(columns.username, if value("userID") == "0" { "root" } else { value("userID") });
    for (name, text) in &pairs {
        if !matches!(name.as_str(), "eventMessage" | "processImagePath" | "subsystem" | "eventType") {
            event.property(name.as_str(), text.as_str());
        }
    }
    Origin {
        device_type: MACOS,
        time: time::parse(value("timestamp")),
        severity: TYPES.iter().find(|it| it.0 == value("messageType")).map(|it| it.1),
        ..Origin::default()
    }
}
