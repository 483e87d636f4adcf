//! The table of kinds of events in `schema` says which fields a kind can carry. Here the fields are made of the names of
//! its data, as the normaliser does it (`UPDATE=1` writes them), and held against all logs at hand.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ingest::{Body, Event, Locator, Normaliser, RawEvent, Value, WindowsEvent, normalise};
use schema::EVENTS;
use schema::tables::event_classes::{self, EventClass};
use support::for_each_event;

/// A command with a script that is decoded.
const COMMAND: &str = r"C:\Windows\a.exe -enc dwBoAG8AYQBtAGkAIAAvAGEAbABsAA==";
/// How many values each name is tried with.
const VARIANTS: usize = 4;

#[test]
fn fields_of_a_kind_are_what_the_normaliser_makes_of_its_data() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/data/event_classes.tsv");
    let text = std::fs::read_to_string(&path).expect("the table is there");
    let mut classes = event_classes::all().iter();
    let lines = text.lines().map(|line| {
        if line.starts_with('#') {
            return format!("{line}\n");
        }
        let class = classes.next().expect("a row for each line");
        let (row, _) = line.rsplit_once('\t').expect("six cells");
        format!("{row}\t{}\n", fields(class).join(", "))
    });
    let made: String = lines.collect();
    if made != text && std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &made).expect("the table can be written");
    }
    let different: Vec<_> = made.lines().zip(text.lines()).filter(|(made, text)| made != text).collect();
    assert!(different.is_empty(), "run with UPDATE=1: {different:#?}");
}

/// The fields that an event with all of the data can have, beside those that every event may have.
fn fields(class: &EventClass) -> Vec<&'static str> {
    let mut filled = BTreeSet::new();
    for variant in 0..VARIANTS {
        let data = class.data.iter().map(|name| ((*name).to_owned(), value(name, variant).to_owned())).collect();
        let windows = WindowsEvent {
            provider: class.provider.into(),
            channel: class.channel.into(),
            event_id: class.event_id.parse().expect("a number"),
            computer: "ws01".into(),
            time: Some(1_000),
            user_sid: Some("S-1-5-18".into()),
            data,
            ..WindowsEvent::default()
        };
        let locator = Locator { file: "own".into(), record: 1, offset: 0 };
        let raw = RawEvent { locator, payload: None, body: Body::Windows(Box::new(windows)) };
        filled.extend(normalise(&raw, &Normaliser::default()).fields.iter().map(|it| usize::from(it.0)));
    }
    filled.retain(|it| !event_classes::is_open(*it));
    filled.into_iter().map(|it| EVENTS.fields[it].name).collect()
}

/// A value from which all is derived that can be.
fn value(name: &str, variant: usize) -> &'static str {
    let registry = [
        r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\a\ImagePath",
        r"HKLM\System\CurrentControlSet\Services\a\Start",
        r"HKLM\System\CurrentControlSet\Services\a\Type",
        r"HKLM\System\CurrentControlSet\Services\a\ObjectName",
    ];
    match name {
        "CommandLine" | "ImagePath" | "ServiceFileName" => COMMAND,
        "TargetObject" => registry[variant],
        "ObjectName" => r"\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services\a",
        "ObjectValueName" => ["ImagePath", "Start", "Type", "ObjectName"][variant],
        "ObjectType" => ["Key", "File", "Key", "File"][variant],
        "Details" | "NewValue" => [COMMAND, "DWORD (0x00000002)", "DWORD (0x00000010)", "LocalSystem"][variant],
        "Hash" | "Hashes" => {
            "SHA1=0000000000000000000000000000000000000000,MD5=00000000000000000000000000000000,\
             SHA256=0000000000000000000000000000000000000000000000000000000000000000,\
             IMPHASH=00000000000000000000000000000000"
        }
        "ServiceType" => ["user mode service", "0x10", "0x1", "kernel mode driver"][variant],
        "StartType" | "ServiceStartType" => ["auto start", "2", "3", "demand start"][variant],
        "ContextInfo" => "Host Application = powershell.exe\nUser = LAB\\ann",
        "Protocol" => "tcp",
        _ if name.starts_with("param") => ["running", "auto start", "2", "a"][variant],
        _ if name.ends_with("Id") || name.ends_with("ID") || name.ends_with("Port") => "0x10",
        _ if name.ends_with("Ip") || name.ends_with("Address") => ["192.0.2.1", "2001:db8::1"][variant % 2],
        _ => r"C:\Windows\a.exe",
    }
}

#[test]
fn no_event_has_a_field_that_its_kind_is_denied() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut folders = vec![root];
    folders.extend(std::env::var_os("PROSPERO_SAMPLES").map(|it| PathBuf::from(it).join("evtx")));
    let mut denied: BTreeMap<(&str, &str, &str), u64> = BTreeMap::new();
    let mut kinds = BTreeSet::new();
    for folder in folders {
        for_each_event(&folder, &mut |event| {
            let text = |name| text_of(&event, name).unwrap_or_default();
            let Some(class) = event_classes::class_of(text("qideventcategory"), text("Event ID")) else { return };
            // Ids of another provider of the same channel.
            if !class.provider.eq_ignore_ascii_case(text("Provider Name")) {
                return;
            }
            kinds.insert((class.channel, class.event_id));
            for (field, _) in event.fields.iter().filter(|it| !class.carries(usize::from(it.0))) {
                let name = EVENTS.fields[usize::from(*field)].name;
                *denied.entry((class.channel, class.event_id, name)).or_default() += 1;
            }
        });
    }
    assert!(denied.is_empty(), "{denied:#?}");
    assert!(kinds.len() >= 15, "only {} kinds were met", kinds.len());
}

fn text_of<'a>(event: &'a Event, name: &str) -> Option<&'a str> {
    let column = EVENTS.position(name)?;
    match event.fields.iter().find(|it| usize::from(it.0) == column).map(|it| &it.1) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}
