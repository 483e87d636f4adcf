//! Windows events, whatever format they came in.
//!
//! The header gives what every event has. Then [`mapping`] says for known kinds of events which EventData goes where;
//! other EventData goes to the field that has its name or alias, and else stays a property. Last come the fields that
//! are derived from others: file names, hashes, the normal form of registry paths and service types.

mod derive;
mod encoded_command;
mod identity;
mod mapping;
mod registry;
mod service;

use schema::tables::log_source_types::{LINUX, WINDOWS};
use schema::tables::windows_events::{SYSMON_CHANNEL, channel_of, event_of};
use schema::tables::{categories, qids};

use super::{EventBuilder, Origin, columns};
use crate::WindowsEvent;

/// What the steps need to know about the kind of event.
#[derive(Clone, Copy, Debug)]
struct KindOfEvent {
    /// The channel as the tables spell it, for the channels that they know.
    channel: &'static str,
    id: u32,
}

impl KindOfEvent {
    fn is(self, channel: &str, ids: &[u32]) -> bool {
        self.channel == channel && ids.contains(&self.id)
    }

    fn is_sysmon(self) -> bool {
        self.channel == SYSMON_CHANNEL
    }
}

/// Fills the fields of a Windows event.
pub(super) fn fill(windows: &WindowsEvent, event: &mut EventBuilder) -> Origin {
    let channel = channel_of(&windows.channel, &windows.provider).unwrap_or_default();
    let general = origin(windows, !channel.is_empty());
    let kind = KindOfEvent { channel, id: windows.event_id };
    header(windows, event);
    let pairs = mapping::pairs(&windows.data);
    mapping::fill(kind, &pairs, event);
    identity::fill(kind, windows, event);
    registry::fill(kind, event);
    service::fill(kind, event);
    derive::fill(kind, windows, event);
    mapping::keep_the_rest(&pairs, event);
    let category = service::category(kind, event);
    Origin { category: category.or(general.category), ..general }
}

fn header(windows: &WindowsEvent, event: &mut EventBuilder) {
    let columns = columns();
    event.integer(columns.event_id, windows.event_id.into());
    event.text(columns.event_category, windows.channel.as_str());
    event.text(columns.provider_name, windows.provider.as_str());
    event.text(columns.machine, windows.computer.as_str());
    let numbers = [
        (columns.level, windows.level.map(i64::from)),
        (columns.task, windows.task.map(i64::from)),
        (columns.opcode, windows.opcode.map(i64::from)),
        (columns.record_number, windows.record_id.map(|it| it as i64)),
    ];
    for (column, number) in numbers {
        if let Some(it) = number {
            event.integer(column, it);
        }
    }
    if let Some(bits) = windows.keywords.filter(|_| event.wants(columns.keywords)) {
        event.text(columns.keywords, format!("0x{bits:x}"));
    }
    if let Some(message) = &windows.message {
        event.text(columns.message, message.as_str());
    }
}

/// The category of an event of unknown kind says whether at least its channel is known.
fn origin(windows: &WindowsEvent, known_channel: bool) -> Origin {
    let (channel, provider, id) = (windows.channel.as_str(), windows.provider.as_str(), windows.event_id);
    let known = event_of(channel, provider, id);
    let qid = qids::qid(channel, provider, id);
    let unknown = (!known_channel).then_some(categories::UNKNOWN_WINDOWS);
    Origin {
        device_type: log_source_type(windows),
        host: windows.computer.clone(),
        time: windows.time,
        category: known.map(|it| it.category).or_else(|| qid.and_then(|it| it.category)).or(unknown),
        qid: qid.map(|it| it.id),
        severity: known.map(|it| it.severity),
        unparsed: windows.provider.is_empty() && windows.channel.is_empty(),
    }
}

/// The log source type of an event of which the header is known.
pub(crate) fn log_source_type(windows: &WindowsEvent) -> i64 {
    let is_linux = [&windows.provider, &windows.channel].into_iter().any(|it| is_sysmon_for_linux(it));
    if is_linux { LINUX } else { WINDOWS }
}

/// Whether a provider or a channel is that of Sysmon for Linux: shippers leave out the one or the other.
fn is_sysmon_for_linux(name: &str) -> bool {
    ["Linux-Sysmon", "Linux-Sysmon/Operational"].iter().any(|it| it.eq_ignore_ascii_case(name))
}
