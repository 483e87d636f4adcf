//! JSON objects without a family of their own, and those that QRadar forwards.

use serde_json::{Map, Value as Json};

use schema::tables::{categories, log_source_types, qids};

use super::{EventBuilder, Origin, columns, convert};
/// Objects inside objects are followed so far; what lies deeper is kept as JSON text.
const MAXIMUM_DEPTH: usize = 16;

/// Keys that hold the time of an event, the surest first. Names of our own time columns come before all.
const TIME_KEYS: [&str; 10] =
    ["@timestamp", "timestamp", "time", "eventtime", "_time", "date", "datetime", "ts", "createdat", "timegenerated"];

/// Fills an event from an object whose keys are names of fields, aliases or properties. Keys of inner objects are
/// joined by dots.
pub(super) fn flat(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    let mut pairs = Vec::new();
    flatten(object, &mut String::new(), 0, &mut pairs);
    for (name, value) in &pairs {
        event.named(name, value);
    }
    let host = event.get_text(columns().machine).map(|it| it.to_string()).unwrap_or_default();
    Origin { device_type: log_source_types::GENERIC, host, time: time_of(&pairs), ..Origin::default() }
}

/// Fills an event from an object of QRadar's JSON forwarding profile. Its `category` is the event id.
pub(super) fn forwarding(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    const RENAMED: [(&str, &str); 12] = [
        ("category", "Event ID"),
        ("sev", "severity"),
        ("src", "sourceip"),
        ("dst", "destinationip"),
        ("srcPort", "sourceport"),
        ("dstPort", "destinationport"),
        ("startTimeEpoch", "starttime"),
        ("endTimeEpoch", "endtime"),
        ("devTimeEpoch", "devicetime"),
        ("usrName", "username"),
        ("logSourceIdentifier", "logsourceidentifier"),
        ("proto", "protocolid"),
    ];
    let mut pairs = Vec::new();
    flatten(object, &mut String::new(), 0, &mut pairs);
    let mut origin = Origin { device_type: log_source_types::GENERIC, ..Origin::default() };
    for (name, value) in &pairs {
        let renamed = RENAMED.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map(|it| it.1);
        match name.to_ascii_lowercase().as_str() {
            "logsourcetype" => {
                origin.device_type = log_source_types::by_name(value).map_or(origin.device_type, |it| it.id);
            }
            "lowlevelcategory" => origin.category = categories::by_low_level_name(value).map(|it| it.id),
            "eventname" => origin.qid = qid_of(value, &pairs),
            "logsourceidentifier" => origin.host.clone_from(value),
            "devtimeepoch" => origin.time = convert::time(value),
            _ => {}
        }
        event.named(renamed.unwrap_or(name), value);
    }
    if let Some(host) = event.get_text(columns().machine) {
        origin.host = host.to_string();
    }
    origin.time = origin.time.or_else(|| time_of(&pairs));
    origin
}

/// The QID of this name; of several kinds of events with one name that of the event's own id.
fn qid_of(name: &str, pairs: &[(String, String)]) -> Option<i64> {
    let event_id = pairs.iter().find(|it| it.0.eq_ignore_ascii_case("category")).and_then(|it| it.1.parse().ok());
    let mut named = qids::all().iter().filter(|it| it.name.is_some_and(|it| it.eq_ignore_ascii_case(name)));
    let own = named.clone().find(|it| it.event_id == event_id);
    own.or_else(|| named.next()).map(|it| it.id)
}

/// The pairs of an object, found by name.
pub(super) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// The text under a name; empty when there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str())
    }

    /// The texts of a list; a text that is no list is its only one.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        match self.text(name) {
            "" => Vec::new(),
            text => serde_json::from_str(text).unwrap_or_else(|_| vec![text.to_owned()]),
        }
    }

    /// Gives every value to the field of its name unless that has one, and else keeps it as a property.
    pub(super) fn keep(&self, event: &mut EventBuilder) {
        for (name, value) in &self.0 {
            event.named(name, value);
        }
    }
}

/// The pairs of a whole object, as [`flatten`] has them.
pub(super) fn flatten_all(object: &Map<String, Json>) -> Pairs {
    let mut pairs = Vec::new();
    flatten(object, &mut String::new(), 0, &mut pairs);
    Pairs(pairs)
}

/// The pairs of an object in its order: keys of inner objects joined by dots, numbers and truth values as text,
/// lists as JSON, nulls left out.
pub(super) fn flatten(
    object: &Map<String, Json>,
    prefix: &mut String,
    depth: usize,
    pairs: &mut Vec<(String, String)>,
) {
    for (key, value) in object {
        let length = prefix.len();
        if length > 0 {
            prefix.push('.');
        }
        prefix.push_str(key);
        match value {
            Json::Null => {}
            Json::Object(inner) if depth < MAXIMUM_DEPTH => flatten(inner, prefix, depth + 1, pairs),
            Json::String(it) => pairs.push((prefix.clone(), it.clone())),
            other => pairs.push((prefix.clone(), other.to_string())),
        }
        prefix.truncate(length);
    }
}

fn time_of(pairs: &[(String, String)]) -> Option<i64> {
    TIME_KEYS.iter().find_map(|key| {
        let found = pairs.iter().find(|it| it.0.eq_ignore_ascii_case(key));
        found.and_then(|it| convert::time(&it.1))
    })
}
