//! Normalising real event logs, where the folder of samples stands (`PROSPERO_SAMPLES`).

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ingest::{BatchBuilder, Event, Value};
use schema::EVENTS;
use support::for_each_event;

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("PROSPERO_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: PROSPERO_SAMPLES is not set");
    }
    folder
}

fn events(folder: &Path) -> Vec<Event> {
    let mut events = Vec::new();
    for_each_event(&folder.join("evtx"), &mut |it| events.push(it));
    events
}

fn get<'a>(event: &'a Event, name: &str) -> Option<&'a Value> {
    let column = EVENTS.find(name).expect("a field") as u16;
    event.fields.iter().find(|it| it.0 == column).map(|it| &it.1)
}

fn text<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    match get(event, name) {
        Some(Value::Text(it)) => Some(it),
        _ => None,
    }
}

#[test]
fn every_kind_of_event_has_the_fields_that_detections_read() {
    let Some(folder) = samples() else { return };
    let events = events(&folder);
    // Channel, event id, fields that each such event has, how many such events at least.
    let wanted: &[(&str, &str, &[&str], usize)] = &[
        ("System", "7045", &["Service Name", "ImagePath", "Service Type Code", "qid", "hostname"], 4),
        ("Security", "4697", &["Service Name", "ImagePath", "Service Start Type", "username", "ServiceAccount"], 3),
        ("Security", "4688", &["Image", "Process ID", "Parent Process ID", "username", "Process Name"], 10),
        ("Security", "5145", &["Share Name", "sourceip", "username"], 5),
        (
            "Microsoft-Windows-Sysmon/Operational",
            "1",
            &["Image", "CommandLine", "Process Guid", "username", "File Hash"],
            50,
        ),
        ("Microsoft-Windows-Sysmon/Operational", "11", &["Filename", "File Directory", "Image"], 10),
        ("Microsoft-Windows-Sysmon/Operational", "13", &["RegistryPath", "Registry Value Name", "Object Name"], 50),
        ("Microsoft-Windows-PowerShell/Operational", "4104", &["Script Block ID", "Message Total"], 1),
    ];
    for (channel, id, fields, least) in wanted {
        let of_kind = |it: &&Event| text(it, "Channel") == Some(channel) && text(it, "EventID") == Some(id);
        let found: Vec<_> = events.iter().filter(of_kind).collect();
        assert!(found.len() >= *least, "{channel} {id}: {} events", found.len());
        for name in *fields {
            let without: Vec<_> = found.iter().filter(|it| get(it, name).is_none()).take(1).collect();
            assert!(without.is_empty(), "{channel} {id}: no `{name}` in {without:?}");
        }
    }
    for event in &events {
        assert!(event.fields.is_sorted_by(|left, right| left.0 < right.0), "each field once: {event:?}");
        assert!(get(event, "starttime").is_some() && get(event, "logsourceid").is_some(), "{event:?}");
        let key = text(event, "RegistryPath").unwrap_or_default();
        assert!(!key.to_ascii_uppercase().starts_with("\\REGISTRY"), "{key}");
    }
}

#[test]
fn batches_hold_every_event() {
    let Some(folder) = samples() else { return };
    let events = events(&folder);
    let all: Vec<_> = (0..=EVENTS.fields.len()).collect();
    let batch = BatchBuilder::new(&all).expect("columns of the schema").build(&events);
    assert_eq!(batch.num_rows(), events.len());
    let mut filled = BTreeMap::new();
    for event in &events {
        for (field, _) in &event.fields {
            *filled.entry(usize::from(*field)).or_insert(0) += 1;
        }
    }
    for (field, count) in filled {
        assert_eq!(batch.num_rows() - batch.column(field).null_count(), count, "{}", EVENTS.fields[field].name);
    }
}
