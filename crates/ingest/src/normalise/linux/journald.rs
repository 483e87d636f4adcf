//! An entry of the systemd journal, as `journalctl -o json` prints it.

use serde_json::{Map, Value as Json};

use schema::tables::log_source_types::LINUX;

use super::super::{EventBuilder, Origin, columns};
use super::syslog::severity;
use super::{audit, derive_paths, keep, messages};
use crate::AuditEvent;
use crate::audit::parse_message;

/// Fills an event from an entry. An audit record in it is read as such, each for itself.
pub(in crate::normalise) fn fill(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    let pairs: Vec<(&str, String)> = object.iter().flat_map(|(name, value)| texts(name, value)).collect();
    let value = |name: &str| pairs.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let host = value("_HOSTNAME").to_owned();
    let times = ["__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP"];
    let time = times.iter().find_map(|it| value(it).parse::<i64>().ok()).map(|it| it / 1000);
    let record = parse_message(value("MESSAGE")).filter(|_| value("_TRANSPORT") == "audit");
    let mut origin = Origin { device_type: LINUX, time, host: host.clone(), ..Origin::default() };
    if let Some(record) = record {
        let serial = value("_AUDIT_ID").parse().unwrap_or_default();
        let records = vec![(record.kind, record.fields)];
        let entry = AuditEvent { time: time.unwrap_or_default(), serial, host: Some(host), records, parent_path: None };
        origin = audit(&entry, event);
    } else {
        origin.category = entry(&value, event);
        origin.severity = value("PRIORITY").parse().ok().map(severity);
    }
    derive_paths(event);
    for (name, text) in &pairs {
        keep(name, text, event);
    }
    origin
}

/// Names and texts of a field: several of a field that is there more than once, the text of one that is bytes.
fn texts<'a>(name: &'a str, value: &Json) -> Vec<(&'a str, String)> {
    match value {
        Json::Null => Vec::new(),
        Json::String(text) => vec![(name, text.clone())],
        Json::Array(list) => {
            let bytes: Option<Vec<u8>> =
                list.iter().map(|it| it.as_u64().and_then(|it| u8::try_from(it).ok())).collect();
            match bytes.filter(|it| !it.is_empty()) {
                Some(bytes) => vec![(name, String::from_utf8_lossy(&bytes).into_owned())],
                // A value within may be bytes again, but no deeper.
                None => list.iter().filter(|it| depth(it) < 2).flat_map(|it| texts(name, it)).collect(),
            }
        }
        other => vec![(name, other.to_string())],
    }
}

fn depth(value: &Json) -> usize {
    match value {
        Json::Array(list) if list.iter().any(Json::is_array) => 2,
        Json::Array(_) => 1,
        _ => 0,
    }
}

fn entry<'a>(value: &impl Fn(&str) -> &'a str, event: &mut EventBuilder) -> Option<i64> {
    let columns = columns();
    let program = Some(value("SYSLOG_IDENTIFIER")).filter(|it| !it.is_empty()).unwrap_or(value("_COMM"));
    event.text(columns.provider_name, program);
    event.text(columns.message, value("MESSAGE"));
    event.text(columns.service_name, value("UNIT"));
    event.text(columns.service_name, value("USER_UNIT"));
    let category = messages::fill(program, value("MESSAGE"), event);
    // What sudo reports is about the program that it starts.
    if event.get(columns.command).is_none() {
        event.text(columns.command, value("_CMDLINE"));
        event.text(columns.process_path, value("_EXE"));
    }
    event.text(columns.process_name, value("_COMM"));
    let process = [value("_PID"), value("SYSLOG_PID")].into_iter().find(|it| !it.is_empty());
    event.converted(columns.process_id, process.unwrap_or_default());
    let user = [value("_AUDIT_LOGINUID"), value("_UID")].into_iter().find(|it| !matches!(*it, "" | "4294967295"));
    event.text(columns.username, user.map_or("", |it| if it == "0" { "root" } else { it }));
    event.text(columns.event_id, value("MESSAGE_ID"));
    category
}
