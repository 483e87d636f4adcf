//! Which EventData goes to which field.
//!
//! Names that mean the same everywhere are names or aliases of a field in `schema` and need no line here. The table has
//! those whose meaning depends on the event: the ProcessId of 4688 is that of the creator, the AccountName of 7045 that
//! of the service.

use std::borrow::Cow;

use schema::EVENTS;
use schema::tables::windows_events::{DEFENDER_CHANNEL, POWERSHELL_CHANNEL, SYSMON_CHANNEL};

use super::KindOfEvent;
use crate::normalise::{EventBuilder, columns, convert};

/// One line: channel, event ids (none: all of the channel), EventData name, fields. No field: only kept as a property.
type Line = (&'static str, &'static [u32], &'static str, &'static [&'static str]);

const SYSTEM: &str = "System";
const SECURITY: &str = "Security";

/// The first line that fits an EventData name counts.
const LINES: &[Line] = &[
    (SECURITY, &[4688], "ProcessId", &["Parent Process ID"]),
    (SECURITY, &[4688], "NewProcessId", &["Process ID"]),
    (SECURITY, &[4688], "NewProcessName", &["Process Path"]),
    (SECURITY, &[4688], "ParentProcessName", &["Parent Process Path"]),
    // In 4688 the target is the account of the new process when it differs from that of the creator.
    (SECURITY, &[4688], "MandatoryLabel", &["Integrity Level"]),
    (SECURITY, &[4657], "ObjectName", &["Registry Key", "Object Name"]),
    (SECURITY, &[4657], "NewValue", &["Target Details", "New Value"]),
    (SECURITY, &[4697], "ClientProcessId", &["Process ID"]),
    // Everywhere else in the Security log ProcessName is a full path and ProcessId in hexadecimal.
    (SECURITY, &[], "ProcessName", &["Process Path"]),
    (SECURITY, &[], "CallerProcessName", &["Process Path"]),
    (SECURITY, &[], "CallerProcessId", &["Process ID"]),
    (SECURITY, &[], "ServiceSid", &[]),
    (SYSTEM, &[7045], "AccountName", &["Service Account"]),
    (SYSTEM, &[7036], "param1", &["Service Name", "Service Display Name"]),
    (SYSTEM, &[7036], "param2", &["Service State"]),
    (SYSTEM, &[7040], "param1", &["Service Display Name"]),
    (SYSTEM, &[7040], "param2", &["Old Value"]),
    (SYSTEM, &[7040], "param3", &["Service Start Type", "New Value"]),
    (SYSTEM, &[7040], "param4", &["Service Name"]),
    (SYSTEM, &[7009], "param2", &["Service Name"]),
    (SYSTEM, &[7000], "param1", &["Service Name"]),
    (SYSTEM, &[7000], "param2", &["Error Code"]),
    (SYSTEM, &[7023, 7024, 7031, 7034], "param1", &["Service Name"]),
    (SYSMON_CHANNEL, &[12, 13, 14], "TargetObject", &["Registry Key", "Object Name"]),
    // The user of the process acts; the others are named by it.
    (SYSMON_CHANNEL, &[8, 10], "SourceUser", &["User"]),
    (SYSMON_CHANNEL, &[8, 10], "SourceImage", &["Source Process Path", "Process Path"]),
    (SYSMON_CHANNEL, &[8, 10], "SourceProcessId", &["Source Process ID", "Process ID"]),
    (SYSMON_CHANNEL, &[20], "Destination", &["Destination"]),
    (SYSMON_CHANNEL, &[20], "Type", &[]),
    (SYSMON_CHANNEL, &[4], "State", &[]),
    // Here the source is the part of Defender that found something, and the process a full path.
    (DEFENDER_CHANNEL, &[], "Source Name", &["Detection Source"]),
    (DEFENDER_CHANNEL, &[], "Process Name", &["Process Path"]),
    (DEFENDER_CHANNEL, &[5013], "Value", &["Changed Setting"]),
    (POWERSHELL_CHANNEL, &[4103], "UserData", &[]),
    (POWERSHELL_CHANNEL, &[4103], "Payload", &[]),
];

/// A name and value of EventData with the field of that name.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    name: &'a str,
    text: &'a str,
    column: Option<u16>,
}

/// The pairs that have a value.
pub(super) fn pairs(data: &[(String, String)]) -> Vec<Pair<'_>> {
    let filled = data.iter().filter(|it| !it.1.is_empty());
    filled.map(|(name, text)| Pair { name, text, column: column_of(name) }).collect()
}

/// Fills the fields that EventData names.
pub(super) fn fill(kind: KindOfEvent, pairs: &[Pair], event: &mut EventBuilder) {
    let fits = |it: &&Line| it.0 == kind.channel && (it.1.is_empty() || it.1.contains(&kind.id));
    let lines: Vec<&Line> = LINES.iter().filter(fits).collect();
    let line_of = |name: &str| lines.iter().find(|it| it.2.eq_ignore_ascii_case(name));
    // Lines first: what they fill must not be taken by an alias.
    for pair in pairs {
        for field in line_of(pair.name).map_or(&[][..], |it| it.3) {
            convert(index_of(field), pair.text, event);
        }
    }
    for pair in pairs.iter().filter(|it| line_of(it.name).is_none()) {
        if let Some(column) = pair.column {
            convert(column, pair.text, event);
        }
    }
}

/// Keeps as a property every pair that the field of its name does not hold in this very form.
pub(super) fn keep_the_rest(pairs: &[Pair], event: &mut EventBuilder) {
    if !event.wants_properties() {
        return;
    }
    for pair in pairs {
        if !pair.column.is_some_and(|it| event.holds(it, pair.text)) {
            event.property(pair.name, pair.text);
        }
    }
}

fn convert(column: u16, text: &str, event: &mut EventBuilder) {
    let columns = columns();
    let numbers = [columns.process_id, columns.parent_process_id, columns.source_process_id, columns.target_process_id];
    let text = if numbers.contains(&column) { decimal(text) } else { Cow::Borrowed(text) };
    event.converted(column, &text);
}

/// A process id in decimal: the Security log has them in hexadecimal.
fn decimal(text: &str) -> Cow<'_, str> {
    match convert::integer(text.trim()) {
        Some(number) if text.starts_with("0x") => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(text),
    }
}

fn column_of(name: &str) -> Option<u16> {
    EVENTS.find(name).and_then(|it| u16::try_from(it).ok())
}

fn index_of(field: &str) -> u16 {
    column_of(field).unwrap_or_else(|| panic!("the mapping names a field `{field}` that is no row"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_names_fields_by_their_own_names() {
        for (channel, _, name, fields) in LINES {
            for field in *fields {
                assert!(EVENTS.position(field).is_some(), "{channel} {name}: `{field}`");
            }
        }
    }
}
