//! What a reader yields and what the normaliser makes of it.

use std::borrow::Cow;
use std::sync::Arc;

/// Where an event stands in its input.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locator {
    /// The path as given or found, `/` between archive and member: `logs.zip/System.evtx`; `-` for standard input.
    pub file: Arc<str>,
    /// The record: `EventRecordID` of an EVTX record, else the position in the file, from 1.
    pub record: u64,
    /// The byte where it starts in the (decompressed) file.
    pub offset: u64,
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text, an address or raw bytes decoded as text.
    Text(Arc<str>),
    /// A number, a time in milliseconds, a port.
    Integer(i64),
    /// A floating point number.
    Double(f64),
    /// True or false.
    Boolean(bool),
    /// Ids.
    Integers(Vec<i64>),
}

impl Value {
    /// What a column of text holds of it: a number is decimal; nothing of a list.
    pub fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Integer(number) => Some(Cow::Owned(number.to_string())),
            Self::Double(number) => Some(Cow::Owned(number.to_string())),
            Self::Boolean(it) => Some(Cow::Borrowed(if *it { "true" } else { "false" })),
            Self::Integers(_) => None,
        }
    }
}

/// One normalised event: what the batch builder puts into the columns of `schema::EVENTS`.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Where it stands.
    pub locator: Locator,
    /// Filled fields: index in `schema::EVENTS.fields`, value; sorted by index, each index once.
    pub fields: Vec<(u16, Value)>,
    /// What no field names, by the names of the log, in the order of the log.
    pub properties: Vec<(Arc<str>, Arc<str>)>,
}

/// An event as a reader found it, before names and types are those of the event model.
#[derive(Clone, Debug)]
pub struct RawEvent {
    /// Where it stands.
    pub locator: Locator,
    /// The original text (XML of an EVTX record, the line, the joined audit records); only when asked for.
    pub payload: Option<Arc<str>>,
    /// What was read.
    pub body: Body,
}

impl StoredEvent {
    /// About how many bytes its values take.
    pub fn text_bytes(&self) -> usize {
        values_bytes(&self.fields, &self.properties)
    }
}

impl Event {
    /// About how many bytes its values take.
    pub fn text_bytes(&self) -> usize {
        values_bytes(&self.fields, &self.properties)
    }
}

fn values_bytes(fields: &[(u16, Value)], properties: &[(Arc<str>, Arc<str>)]) -> usize {
    let fields: usize = fields.iter().map(|it| it.1.bytes()).sum();
    fields + properties.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>()
}

impl Value {
    /// Bytes of a text as UTF-8; of anything else 8 for each number.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Integers(items) => items.len() * 8,
            Self::Integer(_) | Self::Double(_) | Self::Boolean(_) => 8,
        }
    }
}

impl RawEvent {
    /// About how many bytes its texts take.
    pub fn text_bytes(&self) -> usize {
        let pairs =
            |pairs: &[(String, String)]| -> usize { pairs.iter().map(|(name, value)| name.len() + value.len()).sum() };
        let body: usize = match &self.body {
            Body::Windows(it) => pairs(&it.data) + it.message.as_ref().map_or(0, String::len),
            Body::Audit(it) => it.records.iter().map(|(_, fields)| pairs(fields)).sum(),
            Body::Syslog(it) => it.message.len() + pairs(&it.data),
            Body::Json(_, object) => object.values().map(json_bytes).sum(),
            Body::Stored(it) => it.text_bytes(),
        };
        body + self.payload.as_ref().map_or(0, |it| it.len())
    }
}

fn json_bytes(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::String(text) => text.len(),
        serde_json::Value::Array(items) => items.iter().map(json_bytes).sum(),
        serde_json::Value::Object(object) => object.iter().map(|(key, value)| key.len() + json_bytes(value)).sum(),
        _ => size_of::<serde_json::Value>(),
    }
}

/// The families of events that the normaliser knows.
#[derive(Clone, Debug)]
pub enum Body {
    /// A Windows event, whatever format it came in.
    Windows(Box<WindowsEvent>),
    /// One Linux audit event: all records with the same serial.
    Audit(Box<AuditEvent>),
    /// A syslog line with its header cut off.
    Syslog(Box<SyslogLine>),
    /// A JSON object of another family: journald, eslogger, unified log, Kubernetes, Docker, ECS, QRadar forwarding, plain flat objects.
    Json(JsonFamily, Box<serde_json::Map<String, serde_json::Value>>),
    /// An event that was normalised when it was put into a file of columns.
    Stored(Box<StoredEvent>),
}

/// Fields and properties of an event as a file of columns holds them; the original text stands beside.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoredEvent {
    /// As [`Event::fields`].
    pub fields: Vec<(u16, Value)>,
    /// As [`Event::properties`].
    pub properties: Vec<(Arc<str>, Arc<str>)>,
}

/// Which program wrote a JSON object that is not a Windows event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonFamily {
    /// `journalctl -o json`
    Journald,
    /// `eslogger`: macOS Endpoint Security.
    EndpointSecurity,
    /// `log show --style ndjson`: the macOS unified log.
    UnifiedLog,
    /// The Kubernetes audit log.
    Kubernetes,
    /// `docker events`
    Docker,
    /// The Elastic Common Schema, when it is no event of a Windows log.
    Ecs,
    /// QRadar's JSON forwarding profile.
    Forwarding,
    /// Anything else: its keys are the names of properties.
    Flat,
}

/// A Windows event as EVTX, XML, `evtx_dump`, Winlogbeat, NXLog, Splunk or Security-Datasets had it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WindowsEvent {
    /// System/Provider@Name
    pub provider: String,
    /// System/EventID without qualifiers.
    pub event_id: u32,
    /// System/EventID@Qualifiers
    pub qualifiers: Option<u16>,
    /// System/Version
    pub version: Option<u8>,
    /// System/Level
    pub level: Option<u8>,
    /// System/Task
    pub task: Option<u16>,
    /// System/Opcode
    pub opcode: Option<u8>,
    /// System/Keywords
    pub keywords: Option<u64>,
    /// System/TimeCreated, milliseconds since 1970 UTC.
    pub time: Option<i64>,
    /// System/EventRecordID
    pub record_id: Option<u64>,
    /// System/Correlation@ActivityID
    pub activity_id: Option<String>,
    /// System/Execution@ProcessID: the process that wrote the event.
    pub process_id: Option<u32>,
    /// System/Execution@ThreadID
    pub thread_id: Option<u32>,
    /// The original channel, also of a forwarded event.
    pub channel: String,
    /// System/Computer
    pub computer: String,
    /// System/Security@UserID, a SID.
    pub user_sid: Option<String>,
    /// The rendered message, where the format carries it.
    pub message: Option<String>,
    /// EventData or UserData in document order; unnamed Data are `param1`, `param2`, ...
    pub data: Vec<(String, String)>,
}

/// The records of one audit event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditEvent {
    /// Milliseconds since 1970 UTC.
    pub time: i64,
    /// The number after the colon of `msg=audit(seconds.millis:serial)`.
    pub serial: u64,
    /// The `node=` field, or the host of the syslog header.
    pub host: Option<String>,
    /// Type (`SYSCALL`, `EXECVE`, `PATH`, ...) and decoded fields of each record, in order.
    pub records: Vec<(String, Vec<(String, String)>)>,
    /// The program of the parent process, when the same file told it before.
    pub parent_path: Option<String>,
}

/// A syslog line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SyslogLine {
    /// 0-191: facility times 8 plus severity.
    pub priority: Option<u8>,
    /// Milliseconds since 1970 UTC.
    pub time: Option<i64>,
    /// The host of the header.
    pub host: Option<String>,
    /// The program.
    pub program: Option<String>,
    /// The process id.
    pub process_id: Option<u32>,
    /// What follows the header.
    pub message: String,
    /// Message id and structured data of RFC 5424, as `id.name` and value.
    pub data: Vec<(String, String)>,
}
