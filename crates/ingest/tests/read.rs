//! Reading through the public interface.

use std::path::Path;

use ingest::{Body, Damage, Input, InputOptions, Item, RawEvent, ReadOptions, WindowsEvent};

/// Reads everything below a path: the events and the damage.
fn read(path: &Path, options: &ReadOptions) -> (Vec<RawEvent>, Vec<Damage>) {
    let input = Input::open(&[path], &InputOptions::default()).expect("the path exists");
    let mut events = Vec::new();
    let mut damaged = input.damaged().to_vec();
    for item in input.files().iter().flat_map(|it| it.read(options)) {
        match item {
            Item::Event(event) | Item::Recovered(event) => events.push(event),
            Item::Damage(damage) => damaged.push(damage),
        }
    }
    (events, damaged)
}

fn windows(event: &RawEvent) -> &WindowsEvent {
    match &event.body {
        Body::Windows(event) => event,
        body => panic!("not a Windows event: {body:?}"),
    }
}

fn pairs(event: &WindowsEvent) -> Vec<(&str, &str)> {
    event.data.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn xml_export_gives_events() {
    let options = ReadOptions { payload: true, ..ReadOptions::default() };
    let (events, damaged) = read(Path::new("tests/samples/service-installed.xml"), &options);
    assert_eq!(damaged, []);
    assert_eq!(events.len(), 2);
    let installed = windows(&events[0]);
    assert_eq!(installed.provider, "Service Control Manager");
    assert_eq!((installed.event_id, installed.qualifiers), (7045, Some(16384)));
    assert_eq!(installed.time, Some(1_795_255_201_250));
    assert_eq!(installed.keywords, Some(0x8080_0000_0000_0000));
    assert_eq!(installed.record_id, Some(5120));
    assert_eq!(installed.activity_id.as_deref(), Some("{0F0E0D0C-0B0A-4908-8706-050403020100}"));
    assert_eq!((installed.process_id, installed.thread_id), (Some(612), Some(4044)));
    assert_eq!(installed.user_sid.as_deref(), Some("S-1-5-18"));
    assert_eq!(installed.message.as_deref(), Some("A service was installed in the system."));
    assert_eq!(pairs(installed)[1], ("ImagePath", r#"C:\Windows\Temp\d.exe -a "x & y""#));
    let cleared = windows(&events[1]);
    assert_eq!(
        pairs(cleared),
        [("SubjectUserName", "alice"), ("SubjectDomainName", "LAB"), ("Channel", "Application"), ("BackupPath", "")]
    );
    assert!(events[1].payload.as_ref().is_some_and(|it| it.starts_with("<Event ") && it.ends_with("</Event>")));
    assert_eq!((events[1].locator.record, events[1].locator.offset > events[0].locator.offset), (2, true));
}
