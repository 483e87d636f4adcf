//! Kinds of events and the fields that they can carry: a query that needs another field of them can never match.
//!
//! Only what is certain is denied: a kind that has no row may carry anything, and so may any kind carry what shippers
//! and headers give, see [`OPEN`]. The fields of a row are what the normaliser makes of the names of its data.

use std::sync::LazyLock;

use super::{number, rows};
use crate::{EVENTS, Kind};

/// Properties that an event of any kind may have: the header gives them, or a shipper or collector adds them.
pub const OPEN: &[&str] = &[
    "Event ID",
    "Message",
    "Provider Name",
    "Event Level",
    "Event Task",
    "Event Opcode",
    "Event Keywords",
    "Record Number",
    "EventType",
    "Rule Name",
    "User",
    "Account Domain",
    "Subject User SID",
    "Subject Account Name",
    "Machine Identifier",
    "Process ID",
    "Thread ID",
    "CRE Name",
    "CRE Description",
];

/// Kinds that report the same activity: channel and event id of each, and what they report. Event 4657 is not among
/// them: it needs an audit rule on each registry key.
pub const SAME_ACTIVITY: &[(&str, &[(&str, &str)])] = &[
    ("the start of a process", &[(super::windows_events::SYSMON_CHANNEL, "1"), ("Security", "4688")]),
    ("the installation of a service", &[("System", "7045"), ("Security", "4697")]),
];

/// A kind of event whose data is known.
#[derive(Clone, Debug)]
pub struct EventClass {
    /// The log source type.
    pub log_source_type: i64,
    /// The channel, as `qideventcategory` has it.
    pub channel: &'static str,
    /// The provider that writes it.
    pub provider: &'static str,
    /// The event id.
    pub event_id: &'static str,
    /// The names of its data, by the log.
    pub data: Vec<&'static str>,
    /// For each field of [`EVENTS`] whether an event of this kind can have it.
    carried: Box<[bool]>,
}

static TABLE: LazyLock<Vec<EventClass>> = LazyLock::new(|| {
    let open: Vec<bool> = EVENTS.fields.iter().map(|it| it.kind != Kind::Property || OPEN.contains(&it.name)).collect();
    let row = |[device, channel, provider, event_id, data, fields]: [&'static str; 6]| {
        let mut carried = open.clone();
        for name in fields.split(", ").filter(|it| !it.is_empty()) {
            let field = EVENTS.position(name).unwrap_or_else(|| panic!("`{name}` in an embedded table is no field"));
            carried[field] = true;
        }
        let data = data.split(' ').filter(|it| !it.is_empty()).collect();
        EventClass { log_source_type: number(device), channel, provider, event_id, data, carried: carried.into() }
    };
    rows(include_str!("../../data/event_classes.tsv")).map(row).collect()
});

/// All kinds, sorted by log source type, channel, provider and event id.
pub fn all() -> &'static [EventClass] {
    &TABLE
}

/// The kinds of this event id, whatever their channel.
pub fn by_event_id(event_id: &str) -> impl Iterator<Item = &'static EventClass> {
    TABLE.iter().filter(move |it| it.event_id == event_id)
}

/// The kind of this channel and event id; the first one where providers share it.
pub fn class_of(channel: &str, event_id: &str) -> Option<&'static EventClass> {
    TABLE.iter().find(|it| it.event_id == event_id && it.channel.eq_ignore_ascii_case(channel))
}

/// A channel in a word or two, as people call it: `Sysmon`, `PowerShell`, `Security`.
pub fn short_channel(channel: &str) -> &str {
    let name = channel.strip_suffix("/Operational").unwrap_or(channel);
    match name.strip_prefix("Microsoft-Windows-").unwrap_or(name) {
        "Linux-Sysmon" => "Sysmon for Linux",
        other => other,
    }
}

/// Whether an event of any kind may have the field.
pub fn is_open(field: usize) -> bool {
    EVENTS.fields.get(field).is_none_or(|it| it.kind != Kind::Property || OPEN.contains(&it.name))
}

impl EventClass {
    /// Whether an event of this kind can have the field of [`EVENTS`] with this index.
    pub fn carries(&self, field: usize) -> bool {
        self.carried.get(field).copied().unwrap_or(true)
    }

    /// The names of the fields that tell this kind from others, in the order of [`EVENTS`].
    pub fn fields(&self) -> impl Iterator<Item = &'static str> {
        let own = self.carried.iter().enumerate().filter(|(index, carried)| **carried && !is_open(*index));
        own.filter_map(|(index, _)| EVENTS.fields.get(index)).map(|it| it.name)
    }

    /// The channel in a word or two, as people call it: `Sysmon`, `Security`.
    pub fn family(&self) -> &'static str {
        match short_channel(self.channel) {
            "System" if self.provider != "Service Control Manager" => self.provider_name(),
            other => other,
        }
    }

    fn provider_name(&self) -> &'static str {
        self.provider.strip_prefix("Microsoft-Windows-").unwrap_or(self.provider)
    }
}
