//! Windows events as one flat object: NXLog, OTRF Security-Datasets, PowerShell's `Get-WinEvent`, Splunk's fields.
//!
//! Keys that say how the event is kept (number, channel, provider, computer, ...) fill the head of the event, keys that
//! the shipper added are passed over, all others are its data. `ProcessID` is the process that wrote the event, while
//! `ProcessId` is data: only the case tells them apart.

use serde_json::{Map, Value};

use super::Shape;
use super::value::{integer, pairs, text, time};
use super::winlogbeat::{keywords, level, opcode};
use crate::{Body, WindowsEvent, time as times, windows_xml};

pub(in crate::readers) static SHAPE: Shape = Shape { recognises, event: |object| event(&object) };

const EVENT_ID: &[&str] = &["eventid", "eventcode", "eventidentifier"];
const CHANNEL: &[&str] = &["channel", "logname", "eventlog"];
const PROVIDER: &[&str] = &["sourcename", "providername", "provider", "eventsource"];
const COMPUTER: &[&str] = &["hostname", "computername", "computer", "machinename"];
/// Names that Splunk's classic input gives to providers, and those that the events themselves have.
const SPLUNK_PROVIDERS: [(&str, &str); 2] = [
    ("Microsoft-Windows-Service Control Manager", "Service Control Manager"),
    ("Microsoft Windows security auditing.", "Microsoft-Windows-Security-Auditing"),
];
/// Times of the event, the most exact first; the last ones may be those of the shipper.
const TIME: &[&str] = &["timecreated", "systemtime", "eventtime", "timegenerated", "@timestamp", "_time", "timestamp"];
/// What shippers add: no part of the event.
const SHIPPING: &[&str] = &[
    "@version",
    "@timestamp",
    "_bkt",
    "_cd",
    "_indextime",
    "_raw",
    "_serial",
    "_si",
    "_sourcetype",
    "_subsecond",
    "_time",
    "category",
    "eventreceivedtime",
    "eventtypeorignal",
    "host",
    "index",
    "leveldisplayname",
    "linecount",
    "opcodedisplayname",
    "port",
    "providerguid",
    "providerid",
    "punct",
    "severity",
    "severityvalue",
    "sourcemodulename",
    "sourcemoduletype",
    "splunk_server",
    "tags",
    "taskcategory",
    "taskdisplayname",
    "timestamp",
];
/// What NXLog writes as `EventType`; Sysmon's own field of this name has other values.
const EVENT_TYPES: [(&str, u8); 7] = [
    ("AUDIT_FAILURE", 0),
    ("AUDIT_SUCCESS", 0),
    ("CRITICAL", 1),
    ("ERROR", 2),
    ("WARNING", 3),
    ("INFO", 4),
    ("VERBOSE", 5),
];

/// The head of the event by its keys without case and `_`.
struct Keys<'object> {
    object: &'object Map<String, Value>,
    names: Vec<String>,
}

fn recognises(object: &Map<String, Value>) -> bool {
    let keys = Keys::new(object);
    let id = keys.find(EVENT_ID).is_some_and(|it| integer::<u32>(it).is_some());
    (id && (keys.find(CHANNEL).is_some() || keys.find(PROVIDER).is_some())) || is_powershell(object)
}

/// What `Get-WinEvent | ConvertTo-Json` writes.
fn is_powershell(object: &Map<String, Value>) -> bool {
    ["Id", "LogName", "ProviderName", "MachineName"].iter().all(|it| object.contains_key(*it))
}

pub(super) fn event(object: &Map<String, Value>) -> Result<Body, String> {
    let keys = Keys::new(object);
    let string = |names: &[&str]| keys.find(names).and_then(text);
    let powershell = is_powershell(object);
    let id = if powershell { object.get("Id") } else { keys.find(EVENT_ID) };
    let channel = string(CHANNEL).unwrap_or_default();
    let mut event = WindowsEvent {
        provider: string(PROVIDER).map(own_name).unwrap_or_default(),
        event_id: id.and_then(integer).ok_or("the event id is no number")?,
        qualifiers: keys.find(&["qualifiers"]).and_then(integer),
        version: keys.find(&["version"]).and_then(integer),
        level: read_level(&keys, &channel),
        task: keys.find(&["task", "taskvalue"]).and_then(integer),
        opcode: keys.find(&["opcodevalue", "opcode"]).and_then(opcode),
        keywords: keys.find(&["keywords"]).and_then(keywords),
        time: read_time(&keys),
        record_id: keys.find(&["recordnumber", "eventrecordid", "recordid"]).and_then(integer),
        activity_id: string(&["activityid"]).and_then(|it| windows_xml::activity_id(&it)),
        process_id: execution(object, powershell, "Process"),
        thread_id: execution(object, powershell, "Thread"),
        computer: string(COMPUTER).or_else(|| string(&["host"])).unwrap_or_default(),
        user_sid: read_sid(object),
        message: string(&["message"]),
        channel,
        ..WindowsEvent::default()
    };
    for (key, name) in object.iter().zip(&keys.names) {
        read_data(key, name, powershell, &mut event.data);
    }
    Ok(Body::Windows(Box::new(event)))
}

/// The name of a provider as the events themselves have it.
fn own_name(provider: String) -> String {
    let known = SPLUNK_PROVIDERS.iter().find(|it| it.0.eq_ignore_ascii_case(&provider));
    known.map_or(provider, |it| it.1.to_owned())
}

impl<'object> Keys<'object> {
    fn new(object: &'object Map<String, Value>) -> Self {
        Self { object, names: object.keys().map(|it| key_name(it)).collect() }
    }

    /// The value of the first of the names that is there.
    fn find(&self, names: &[&str]) -> Option<&'object Value> {
        names.iter().find_map(|name| {
            let index = self.names.iter().position(|it| it == name)?;
            self.object.values().nth(index).filter(|it| !it.is_null())
        })
    }
}

/// A key in lower case without `_`, save a first one.
fn key_name(key: &str) -> String {
    let start = usize::from(key.starts_with('_'));
    let rest = key[start..].chars().filter(|it| *it != '_');
    key[..start].chars().chain(rest).map(|it| it.to_ascii_lowercase()).collect()
}

fn read_level(keys: &Keys<'_>, channel: &str) -> Option<u8> {
    let number = keys.find(&["level", "levelvalue"]);
    let event_type = keys.find(&["eventtypeorignal", "eventtype"]).and_then(Value::as_str);
    number
        .and_then(|it| integer(it).or_else(|| level(text(it), channel)))
        .or_else(|| EVENT_TYPES.iter().find(|(it, _)| Some(*it) == event_type).map(|(_, level)| *level))
}

/// The time of the event: one with a zone rather than one without, which is the clock of the computer.
fn read_time(keys: &Keys<'_>) -> Option<i64> {
    let values = || TIME.iter().filter_map(|it| keys.find(&[it]));
    let zoned = values().filter(|it| it.as_str().is_none_or(|it| times::has_zone(it).is_some()));
    zoned.chain(values()).find_map(time)
}

/// The process or thread that wrote the event.
fn execution(object: &Map<String, Value>, powershell: bool, what: &str) -> Option<u32> {
    let id = if powershell { "Id" } else { "ID" };
    ["Execution", ""].iter().find_map(|it| object.get(&format!("{it}{what}{id}")).and_then(integer))
}

/// The security id of the account, of which NXLog and PowerShell have no name but `UserID`.
fn read_sid(object: &Map<String, Value>) -> Option<String> {
    let value = ["UserID", "UserId", "Sid"].iter().find_map(|it| object.get(*it))?;
    let value = value.get("Value").unwrap_or(value);
    text(value).filter(|it| it.starts_with("S-1-"))
}

fn read_data((key, value): (&String, &Value), name: &str, powershell: bool, data: &mut Vec<(String, String)>) {
    let head = [EVENT_ID, CHANNEL, PROVIDER, COMPUTER, SHIPPING].iter().any(|it| it.contains(&name));
    let is_head = match name {
        _ if head => true,
        "qualifiers" | "version" | "level" | "levelvalue" | "task" | "taskvalue" | "opcode" | "opcodevalue"
        | "keywords" | "recordnumber" | "eventrecordid" | "recordid" | "activityid" | "message" | "timecreated"
        | "systemtime" | "eventtime" | "timegenerated" => true,
        "eventtype" => value.as_str().is_some_and(|it| EVENT_TYPES.iter().any(|(name, _)| *name == it)),
        "userid" | "sid" => text(value.get("Value").unwrap_or(value)).is_some_and(|it| it.starts_with("S-1-")),
        _ => matches!(key.as_str(), "ProcessID" | "ThreadID" | "ExecutionProcessID" | "ExecutionThreadID"),
    };
    if is_head {
        return;
    }
    if !powershell {
        return pairs(key, value, None, data);
    }
    // Only the values of the event are of interest, and they have no names.
    if let ("Properties", Value::Array(list)) = (key.as_str(), value) {
        for (index, property) in list.iter().enumerate() {
            pairs(&format!("param{}", index + 1), property.get("Value").unwrap_or(property), Some(""), data);
        }
    }
}
