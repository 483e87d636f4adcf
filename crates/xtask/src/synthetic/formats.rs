//! Windows events in the JSON of other programs.

use ingest::WindowsEvent;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The object that `evtx_dump -o jsonl` prints, with everything the event has.
pub(crate) fn evtx_dump(event: &WindowsEvent) -> Value {
    let mut system = Map::new();
    system.insert("Provider".into(), json!({"#attributes": {"Name": event.provider}}));
    let id = match event.qualifiers {
        Some(qualifiers) => json!({"#attributes": {"Qualifiers": qualifiers}, "#text": event.event_id}),
        None => json!(event.event_id),
    };
    system.insert("EventID".into(), id);
    system.insert("Version".into(), json!(event.version));
    system.insert("Level".into(), json!(event.level));
    system.insert("Task".into(), json!(event.task));
    system.insert("Opcode".into(), json!(event.opcode));
    system.insert("Keywords".into(), json!(event.keywords.map(|keywords| format!("{keywords:#x}"))));
    let time = event.time.map(|time| rfc3339(time, 6));
    system.insert("TimeCreated".into(), json!({"#attributes": {"SystemTime": time}}));
    system.insert("EventRecordID".into(), json!(event.record_id));
    if let Some(id) = &event.activity_id {
        system.insert("Correlation".into(), json!({"#attributes": {"ActivityID": id}}));
    }
    let execution = json!({"#attributes": {"ProcessID": event.process_id, "ThreadID": event.thread_id}});
    system.insert("Execution".into(), execution);
    system.insert("Channel".into(), json!(event.channel));
    system.insert("Computer".into(), json!(event.computer));
    let user = event.user_sid.as_ref().map(|user| json!({"#attributes": {"UserID": user}}));
    system.insert("Security".into(), json!(user));
    let data: Map<String, Value> = event.data.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({"Event": {
        "#attributes": {"xmlns": "http://schemas.microsoft.com/win/2004/08/events/event"},
        "System": system,
        "EventData": data,
    }})
}

/// The document that Winlogbeat sends.
pub(crate) fn winlogbeat(event: &WindowsEvent) -> Value {
    let data = event.data.iter().filter(|(_, value)| !value.is_empty());
    let data: Map<String, Value> = data.map(|(name, value)| (name.clone(), json!(value))).collect();
    let mut log = Map::new();
    log.insert("channel".into(), json!(event.channel));
    log.insert("computer_name".into(), json!(event.computer));
    log.insert("event_data".into(), Value::Object(data));
    log.insert("event_id".into(), json!(event.event_id.to_string()));
    match event.channel.as_str() {
        "Security" => log.insert("keywords".into(), json!(["Audit Success"])),
        "System" => log.insert("keywords".into(), json!(["Classic"])),
        _ => None,
    };
    log.insert("provider_name".into(), json!(event.provider));
    let process = json!({"pid": event.process_id, "thread": {"id": event.thread_id}});
    log.insert("process".into(), process);
    log.insert("record_id".into(), json!(event.record_id));
    if let Some(user) = &event.user_sid {
        log.insert("user".into(), json!({"identifier": user}));
    }
    log.insert("version".into(), json!(event.version));
    let host = event.computer.split('.').next().unwrap_or_default();
    json!({
        "@timestamp": event.time.map(|time| rfc3339(time, 3)),
        "agent": {"name": host, "type": "winlogbeat", "version": "8.14.1"},
        "ecs": {"version": "8.0.0"},
        "event": {"code": event.event_id.to_string(), "kind": "event", "provider": event.provider},
        "host": {"name": event.computer},
        "log": {"level": if event.level == Some(2) { "error" } else { "information" }},
        "winlog": log,
    })
}

/// Bytes in hexadecimal, upper case.
pub(crate) fn hexadecimal(bytes: impl IntoIterator<Item = u8>) -> String {
    let digit = |number: u8| char::from(b"0123456789ABCDEF"[usize::from(number)]);
    bytes.into_iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A time such as `2026-03-02T08:15:27.123Z` with this many digits of a second.
pub(crate) fn rfc3339(milliseconds: i64, digits: usize) -> String {
    let time = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    time.strftime(if digits == 6 { "%Y-%m-%dT%H:%M:%S%.6fZ" } else { "%Y-%m-%dT%H:%M:%S%.3fZ" }).to_string()
}
