//! An event in the Elastic Common Schema, as Auditbeat and Elastic Defend write it. `Event ID` is `event.action`.

use serde_json::{Map, Value as Json};

use schema::tables::log_source_types::{LINUX, MACOS, WINDOWS};

use super::super::json::{Pairs, flatten_all};
use super::super::{Columns, EventBuilder, Origin, columns, convert};
use super::derive_paths;

/// A name of the schema and the column that takes its value.
type Name = (&'static str, fn(&Columns) -> u16);

/// Names whose values go to columns as they are.
const NAMES: [Name; 24] = [
    ("event.action", |it| it.event_id),
    ("event.dataset", |it| it.event_category),
    ("event.module", |it| it.event_category),
    ("agent.type", |it| it.provider_name),
    ("message", |it| it.message),
    ("process.executable", |it| it.process_path),
    ("process.name", |it| it.process_name),
    ("process.pid", |it| it.process_id),
    ("process.entity_id", |it| it.process_guid),
    ("process.command_line", |it| it.command),
    ("process.working_directory", |it| it.current_directory),
    ("process.parent.executable", |it| it.parent_process_path),
    ("process.parent.name", |it| it.parent_process_name),
    ("process.parent.pid", |it| it.parent_process_id),
    ("process.parent.entity_id", |it| it.parent_process_guid),
    ("process.parent.command_line", |it| it.parent_command),
    ("file.path", |it| it.file_path),
    ("user.name", |it| it.username),
    ("user.effective.name", |it| it.user),
    ("user.name", |it| it.user),
    ("source.ip", |it| it.source_ip),
    ("source.port", |it| it.source_port),
    ("destination.ip", |it| it.destination_ip),
    ("destination.port", |it| it.destination_port),
];

/// Low-level categories: process created, file created, file deleted, file modified.
const CATEGORIES: [(&str, &[&str], i64); 4] = [
    ("process", &["start"], 8110),
    ("file", &["creation"], 8028),
    ("file", &["deletion"], 8033),
    ("file", &["change"], 8014),
];

pub(in crate::normalise) fn fill(object: &Map<String, Json>, event: &mut EventBuilder) -> Origin {
    let pairs = flatten_all(object);
    for (name, column) in NAMES {
        event.converted(column(columns()), pairs.text(name));
    }
    // A command line that nobody wrote is made of the arguments.
    for (name, column) in [("process.args", columns().command), ("process.parent.args", columns().parent_command)] {
        event.text(column, pairs.list(name).join(" "));
    }
    derive_paths(event);
    pairs.keep(event);
    let host =
        ["host.name", "host.hostname", "agent.hostname"].iter().map(|it| pairs.text(it)).find(|it| !it.is_empty());
    Origin {
        device_type: device_type(&pairs),
        host: host.unwrap_or_default().to_owned(),
        time: ["@timestamp", "event.created"].iter().find_map(|it| convert::time(pairs.text(it))),
        category: category(&pairs),
        ..Origin::default()
    }
}

fn device_type(pairs: &Pairs) -> i64 {
    let system = ["host.os.type", "host.os.family", "host.os.platform"].iter().map(|it| pairs.text(it));
    match system.into_iter().find(|it| !it.is_empty()) {
        Some("windows") => WINDOWS,
        Some("macos" | "darwin") => MACOS,
        _ => LINUX,
    }
}

fn category(pairs: &Pairs) -> Option<i64> {
    let (categories, types) = (pairs.list("event.category"), pairs.list("event.type"));
    let found = CATEGORIES.iter().find(|(category, wanted, _)| {
        categories.iter().any(|it| it == category) && types.iter().any(|it| wanted.contains(&it.as_str()))
    });
    found.map(|it| it.2)
}
