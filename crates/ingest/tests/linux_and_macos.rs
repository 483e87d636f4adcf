//! Logs of Linux and macOS of our own, from file to fields: one golden file beside each sample. `UPDATE=1` rewrites them.

mod support;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use ingest::{Event, Input, InputOptions, Item, Normaliser, ReadOptions, Value, normalise};
use schema::EVENTS;

/// 22 November 2026: the day after the samples.
const REFERENCE: i64 = 1_795_305_600_000;
/// Fields that say nothing about the sample.
const ALWAYS: [&str; 20] = [
    "starttime",
    "endtime",
    "eventcount",
    "credibility",
    "relevance",
    "magnitude",
    "highlevelcategory",
    "domainid",
    "hasidentity",
    "hasoffense",
    "hastlv",
    "iscreevent",
    "isduplicate",
    "islogonly",
    "istruncated",
    "isunparsed",
    "storedforperformance",
    "identityip",
    "logsourceid",
    "logsourceidentifier",
];

/// Our samples and the formats that they are read as.
const SAMPLES: [(&str, &str); 6] = [
    ("linux/audit.log", "auditd"),
    ("linux/ausearch.txt", "auditd"),
    ("linux/syslog.log", "syslog"),
    ("linux/journal.json", "json"),
    ("macos/eslogger.jsonl", "json"),
    ("macos/unified.ndjson", "json"),
];

fn options() -> ReadOptions {
    ReadOptions { reference_time: Some(REFERENCE), ..ReadOptions::default() }
}

fn sample(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Everything that a file yields, event by event.
fn project(path: &Path) -> String {
    let input = Input::open(&[path], &InputOptions::default()).expect("the sample exists");
    let normaliser = Normaliser::default();
    let mut text = format!("read as {:?}\n", input.files().first().map(|it| it.format().name()));
    for item in input.files().iter().flat_map(|it| it.read(&options())) {
        match item {
            Item::Event(event) | Item::Recovered(event) => print(&normalise(&event, &normaliser), &mut text),
            Item::Damage(it) => {
                writeln!(text, "\n! byte {}, record {:?}: {}", it.offset, it.record, it.reason).expect("text");
            }
        }
    }
    text
}

fn print(event: &Event, text: &mut String) {
    writeln!(text, "\n# record {}", event.locator.record).expect("text takes text");
    for (field, value) in &event.fields {
        let name = EVENTS.fields[usize::from(*field)].name;
        if !ALWAYS.contains(&name) {
            writeln!(text, "{name}: {}", shown(value)).expect("text takes text");
        }
    }
    for (name, value) in &event.properties {
        writeln!(text, "  {name}: {}", value.escape_debug()).expect("text takes text");
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(it) => it.escape_debug().to_string(),
        Value::Integer(it) => it.to_string(),
        other => format!("{other:?}"),
    }
}

#[test]
fn samples_give_what_their_golden_files_say() {
    for (name, _) in SAMPLES {
        let path = sample("tests/samples").join(name);
        let golden = sample("tests/samples").join(format!("{name}.golden"));
        let found = project(&path);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&golden, &found).expect("the folder can be written");
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        for (number, (found, expected)) in found.lines().zip(expected.lines()).enumerate() {
            assert_eq!(found, expected, "{name}.golden, line {}", number + 1);
        }
        assert_eq!(found.lines().count(), expected.lines().count(), "{name}");
    }
}

fn value(event: &Event, name: &str) -> String {
    let column = EVENTS.find(name).unwrap_or_else(|| panic!("no field `{name}`")) as u16;
    event.fields.iter().find(|it| it.0 == column).map_or_else(String::new, |it| shown(&it.1))
}

fn normalised(text: &str) -> Vec<Event> {
    let outcome = support::read_bytes(text.as_bytes());
    assert_eq!(outcome.damaged, []);
    outcome.events.into_iter().map(|it| normalise(&it, &Normaliser::default())).collect()
}

#[test]
fn unit_written_and_enabled_is_found() {
    let events = normalised(
        "type=SYSCALL msg=audit(1795338001.101:501): arch=c000003e syscall=257 success=yes exit=3 ppid=4100 pid=4101 auid=1000 uid=0 comm=\"tee\" exe=\"/usr/bin/tee\" key=\"systemd_units\"\n\
         type=CWD msg=audit(1795338001.101:501): cwd=\"/root\"\n\
         type=PATH msg=audit(1795338001.101:501): item=1 name=\"/etc/systemd/system/atomic-test.service\" nametype=CREATE\n\
         type=SYSCALL msg=audit(1795338002.101:502): arch=c000003e syscall=59 success=yes exit=0 ppid=4101 pid=4102 auid=1000 uid=0 comm=\"systemctl\" exe=\"/usr/bin/systemctl\" key=\"exec\"\n\
         type=EXECVE msg=audit(1795338002.101:502): argc=3 a0=\"systemctl\" a1=\"enable\" a2=\"atomic-test.service\"\n",
    );
    let [written, enabled] = events.as_slice() else { panic!("two events: {events:?}") };
    assert_eq!(value(written, "File Path"), "/etc/systemd/system/atomic-test.service");
    assert_eq!((value(written, "ProcessPath"), value(written, "devicetype")), ("/usr/bin/tee".into(), "11".into()));
    assert_eq!(value(enabled, "CommandLine"), "systemctl enable atomic-test.service");
    assert_eq!(value(enabled, "ParentProcessPath"), "/usr/bin/tee");
    assert_eq!(value(enabled, "category"), "8110");
}

#[test]
fn prose_is_not_read() {
    for text in [
        "May 12 was a fine day.\nJune 13 10:00 was not.\n",
        "Dear Ann,\n\nNov 21 10:00:01 is when it happened: the server stopped.\nRegards\n\nBob\n",
        "type=none\nhello\n",
        "2026-11-21T10:00:01Z INFO server started\n2026-11-21T10:00:02Z WARN disk: full\n",
    ] {
        let outcome = support::read_bytes(text.as_bytes());
        assert_eq!((outcome.events.len(), outcome.skipped.len()), (0, 1), "{text}");
    }
}

#[test]
fn damaged_audit_logs_keep_what_can_be_read() {
    let text = std::fs::read_to_string(sample("tests/samples/linux/audit.log")).expect("the sample exists");
    let whole = support::read_bytes(text.as_bytes()).events.len();
    // Cut anywhere: the events before the cut are there.
    for end in (1000..text.len()).step_by(97) {
        let outcome = support::read_bytes(&text.as_bytes()[..end]);
        assert!(outcome.events.len() <= whole && outcome.damaged.len() <= 1, "{end}");
    }
    let broken = text.replacen("type=CWD msg=audit(", "type=CWD msg=aud\u{1}t(", 1);
    let outcome = support::read_bytes(broken.as_bytes());
    assert_eq!(outcome.events.len(), whole);
    assert_eq!(outcome.reasons(), ["neither a syslog line nor an audit record"]);
}

#[test]
fn records_that_never_end_wait_in_bounds() {
    let mut text = String::new();
    for serial in 0..5_000 {
        writeln!(text, "type=SYSCALL msg=audit(1795338001.101:{serial}): syscall=59 pid={serial} exe=\"/bin/x\"")
            .expect("text");
    }
    let outcome = support::read_bytes(text.as_bytes());
    assert_eq!(outcome.events.len(), 5_000);
    assert!(outcome.events.is_sorted_by_key(|it| it.locator.record));
}

#[test]
fn the_sample_logs_of_the_project_are_read() {
    for (name, format, events) in
        [("linux/audit.log", "auditd", 100), ("linux/syslog", "syslog", 200), ("macos/eslogger.jsonl", "json", 37)]
    {
        let path = sample("../../samples").join(name);
        let input = Input::open(&[&path], &InputOptions::default()).expect("the sample exists");
        assert_eq!(input.files().first().map(|it| it.format().name()), Some(format), "{name}");
        let outcome = support::read_all(&input, &options());
        assert_eq!(outcome.damaged, [], "{name}");
        assert!(outcome.events.len() >= events, "{name}: {}", outcome.events.len());
    }
}

/// Numbers that look random and are the same at each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % bound
    }
}

#[test]
fn samples_with_random_damage_are_read_without_a_panic() {
    const PIECES: [&str; 14] = [
        "\"",
        "'",
        "=",
        " ",
        "[",
        "]",
        "{",
        "}",
        "\u{1d}",
        "é",
        "msg='",
        "a1[0]=",
        "saddr=0A00",
        "<13>Nov 21 10:00:01 ",
    ];
    let normaliser = Normaliser::default();
    let mut numbers = Numbers(1);
    for (name, format) in SAMPLES {
        let whole = std::fs::read(sample("tests/samples").join(name)).expect("the sample exists");
        let format = ingest::InputFormat::from_name(format);
        assert!(format.is_some(), "{name}");
        for _ in 0..200 {
            let mut bytes = whole.clone();
            for _ in 0..numbers.below(12) {
                let place = numbers.below(bytes.len());
                match numbers.below(3) {
                    0 => bytes[place] = u8::try_from(numbers.below(256)).expect("a byte"),
                    1 => drop(bytes.splice(place..place, PIECES[numbers.below(PIECES.len())].bytes())),
                    _ => drop(bytes.drain(place..(place + numbers.below(40)).min(bytes.len()))),
                }
            }
            let options = InputOptions { format, ..InputOptions::default() };
            let input = Input::from_stream(std::io::Cursor::new(bytes), &options).expect("it can be listed");
            let outcome = support::read_all(&input, &self::options());
            assert!(outcome.events.is_sorted_by_key(|it| it.locator.record), "{name}");
            for event in outcome.events {
                normalise(&event, &normaliser);
            }
        }
    }
}
