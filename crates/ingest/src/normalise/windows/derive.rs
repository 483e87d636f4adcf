//! Fields that follow from others: file names of paths, hashes, decoded arguments, texts of scripts.

use schema::tables::windows_events::{POWERSHELL_CHANNEL, SYSMON_CHANNEL};

use super::{KindOfEvent, encoded_command};
use crate::WindowsEvent;
use crate::normalise::{EventBuilder, columns, paths};

pub(super) fn fill(kind: KindOfEvent, windows: &WindowsEvent, event: &mut EventBuilder) {
    file_names(event);
    hashes(event);
    files(kind, event);
    scripts(kind, windows, event);
    integrity_level(event);
    protocol(event);
    let columns = columns();
    if event.wants(columns.encoded_argument) {
        let command = event.get_text(columns.command).or_else(|| event.get_text(columns.service_filename));
        if let Some(script) = command.and_then(|it| encoded_command::decode(&it)) {
            event.text(columns.encoded_argument, script);
        }
    }
}

fn file_names(event: &mut EventBuilder) {
    let columns = columns();
    for (path, name) in [
        (columns.process_path, columns.process_name),
        (columns.parent_process_path, columns.parent_process_name),
        (columns.source_process_path, columns.source_process_name),
        (columns.target_process_path, columns.target_process_name),
    ] {
        if let Some(path) = event.get_text(path) {
            event.text(name, paths::file_name(&path));
        }
    }
}

/// `SHA1=..,MD5=..,SHA256=..,IMPHASH=..`; old Sysmon wrote one hash without a name.
fn hashes(event: &mut EventBuilder) {
    let columns = columns();
    let Some(all) = event.get_text(columns.file_hash) else { return };
    for hash in all.split(',') {
        let (name, value) = hash.trim().split_once('=').unwrap_or(("", hash.trim()));
        let column = match (name.to_ascii_uppercase().as_str(), value.len()) {
            ("MD5", _) | ("", 32) => columns.md5_hash,
            ("SHA1", _) | ("", 40) => columns.sha1_hash,
            ("SHA256", _) | ("", 64) => columns.sha256_hash,
            ("IMPHASH", _) => columns.import_hash,
            _ => continue,
        };
        event.text(column, value);
    }
}

/// The file that an event is about, with folder and extension. A started program has none: its `Filename` is the
/// original name, as IBM's mapping of Sigma has it.
fn files(kind: KindOfEvent, event: &mut EventBuilder) {
    let columns = columns();
    if let Some(file) = event.get_text(columns.filename) {
        event.text(columns.file_path, file);
    } else if kind.is(SYSMON_CHANNEL, &[1])
        && let Some(name) = event.get_text(columns.original_file_name)
    {
        event.text(columns.filename, name);
    }
    if let Some(path) = event.get_text(columns.file_path) {
        event.text(columns.file_directory, paths::directory(&path).unwrap_or_default());
        event.text(columns.file_extension, paths::extension(&path).unwrap_or_default());
    }
}

/// The message of a PowerShell event from EVTX, which carries no rendered messages.
fn scripts(kind: KindOfEvent, windows: &WindowsEvent, event: &mut EventBuilder) {
    let columns = columns();
    if kind.is(POWERSHELL_CHANNEL, &[4104])
        && let Some(text) = event.get_text(columns.script_block_text)
    {
        event.text(columns.message, text);
    }
    if !kind.is(POWERSHELL_CHANNEL, &[4103]) {
        return;
    }
    let value = |name: &str| windows.data.iter().find(|it| it.0 == name).map_or("", |it| it.1.as_str());
    let (context, payload) = (value("ContextInfo"), value("Payload"));
    if event.wants(columns.message) {
        event.text(columns.message, format!("{context}\n{payload}").trim());
    }
    if let Some(host) = context.lines().find_map(|it| it.trim().strip_prefix("Host Application = ")) {
        event.text(columns.host_application, host.trim());
    }
}

/// The label of event 4688 as Sysmon writes it.
fn integrity_level(event: &mut EventBuilder) {
    let columns = columns();
    let Some(label) = event.get_text(columns.integrity_level) else { return };
    let level = match &*label {
        "S-1-16-0" => "Untrusted",
        "S-1-16-4096" => "Low",
        "S-1-16-8192" => "Medium",
        "S-1-16-8448" => "Medium Plus",
        "S-1-16-12288" => "High",
        "S-1-16-16384" => "System",
        _ => return,
    };
    event.replace(columns.integrity_level, crate::Value::Text(level.into()));
}

fn protocol(event: &mut EventBuilder) {
    let columns = columns();
    if let Some(name) = event.get_text(columns.protocol)
        && let Some(number) = schema::tables::protocols::by_name(&name)
    {
        event.integer(columns.protocol_id, number);
    }
}
