//! Windows events of Winlogbeat and the Elastic Agent (ECS): `winlog.*`, nested or with dotted keys.

use serde_json::{Map, Value};

use super::Shape;
use super::value::{at, integer, pairs, text, time};
use crate::{Body, WindowsEvent, windows_xml};

pub(in crate::readers) static SHAPE: Shape = Shape { recognises, event: |object| event(&object) };

/// Levels by the names of `log.level`.
const LEVELS: [(&str, u8); 6] =
    [("critical", 1), ("error", 2), ("warning", 3), ("information", 4), ("info", 4), ("verbose", 5)];
/// Keywords by the names that Windows shows.
pub(super) const KEYWORDS: [(&str, u64); 3] =
    [("audit failure", 0x10_0000_0000_0000), ("audit success", 0x20_0000_0000_0000), ("classic", 0x80_0000_0000_0000)];

fn recognises(object: &Map<String, Value>) -> bool {
    at(object, "winlog.event_id").is_some()
        || (object.get("winlog").is_some_and(Value::is_object) && at(object, "event.code").is_some())
        || (at(object, "winlog.channel").is_some() && at(object, "event.code").is_some())
}

fn event(object: &Map<String, Value>) -> Result<Body, String> {
    let find = |path: &str| at(object, path);
    let string = |path: &str| find(path).and_then(text).filter(|it| !it.is_empty());
    let id = find("winlog.event_id").or_else(|| find("event.code")).and_then(integer);
    let channel = string("winlog.channel").unwrap_or_default();
    let mut event = WindowsEvent {
        provider: string("winlog.provider_name").or_else(|| string("event.provider")).unwrap_or_default(),
        event_id: id.ok_or("`winlog.event_id` is no number")?,
        version: find("winlog.version").and_then(integer),
        level: level(string("log.level").or_else(|| string("winlog.level")), &channel),
        task: find("winlog.task").and_then(integer),
        opcode: find("winlog.opcode").and_then(opcode),
        keywords: find("winlog.keywords").and_then(keywords),
        time: find("winlog.time_created").or_else(|| find("@timestamp")).and_then(time),
        record_id: find("winlog.record_id").and_then(integer),
        activity_id: string("winlog.activity_id").and_then(|it| windows_xml::activity_id(&it)),
        process_id: find("winlog.process.pid").and_then(integer),
        thread_id: find("winlog.process.thread.id").and_then(integer),
        computer: string("winlog.computer_name").or_else(|| string("host.name")).unwrap_or_default(),
        user_sid: string("winlog.user.identifier"),
        message: string("message"),
        channel,
        ..WindowsEvent::default()
    };
    for section in ["winlog.event_data", "winlog.user_data"] {
        read_data(object, section, &mut event.data);
    }
    Ok(Body::Windows(Box::new(event)))
}

/// Reads the members of a section, also when their names are written out: `winlog.event_data.ServiceName`.
fn read_data(object: &Map<String, Value>, section: &str, data: &mut Vec<(String, String)>) {
    if let Some(members) = at(object, section).and_then(Value::as_object) {
        for (name, value) in members.iter().filter(|(name, _)| *name != "xml_name") {
            pairs(name, value, None, data);
        }
    }
    for (name, value) in object {
        if let Some(name) = name.strip_prefix(section).and_then(|it| it.strip_prefix('.')) {
            pairs(name, value, None, data);
        }
    }
    let winlog = object.get("winlog").and_then(Value::as_object).into_iter().flatten();
    let section = section.strip_prefix("winlog.").unwrap_or(section);
    for (name, value) in winlog {
        if let Some(name) = name.strip_prefix(section).and_then(|it| it.strip_prefix('.')) {
            pairs(name, value, None, data);
        }
    }
}

/// The level of a name. Audit events have level 0, which Windows shows as information.
pub(super) fn level(name: Option<String>, channel: &str) -> Option<u8> {
    let name = name?.to_ascii_lowercase();
    let level = LEVELS.iter().find(|(it, _)| *it == name).map(|(_, level)| *level);
    match level.or_else(|| name.parse().ok()) {
        Some(4) if channel.eq_ignore_ascii_case("Security") => Some(0),
        level => level,
    }
}

/// The opcode of a number or of the names that Windows has for the commonest.
pub(super) fn opcode(value: &Value) -> Option<u8> {
    integer(value).or_else(|| match value.as_str()?.to_ascii_lowercase().as_str() {
        "info" => Some(0),
        "start" => Some(1),
        "stop" => Some(2),
        _ => None,
    })
}

/// The bits of keywords given by number, by name or as a list of names.
pub(super) fn keywords(value: &Value) -> Option<u64> {
    match value {
        Value::Array(list) => list.iter().filter_map(keywords).reduce(|bits, it| bits | it),
        Value::Number(number) => number.as_u64().or_else(|| number.as_i64().map(i64::cast_unsigned)),
        Value::String(text) => windows_xml::keywords(text).or_else(|| {
            let names = text.split([',', '|']).map(|it| it.trim().to_ascii_lowercase());
            let bits = names.filter_map(|name| KEYWORDS.iter().find(|(it, _)| *it == name).map(|(_, bits)| *bits));
            bits.reduce(|bits, it| bits | it)
        }),
        _ => None,
    }
}
