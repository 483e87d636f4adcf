//! Rewritten events of real logs: all fields that show a deed agree, and so does the original text.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use evade::{Change, TRANSFORMATIONS, Transformation, rewrite};
use ingest::{Input, InputOptions, Item, Normaliser, RawEvent, ReadOptions, Value, normalise};

/// The present: it gives lines without a year theirs.
const PRESENT: i64 = 1_798_761_599_000;

fn read(log: &str) -> Vec<RawEvent> {
    let input = Input::from_stream(Cursor::new(log.as_bytes().to_vec()), &InputOptions::default());
    let input = input.unwrap_or_else(|error| panic!("{error}\n{log}"));
    let options = ReadOptions { payload: true, reference_time: Some(PRESENT), ..ReadOptions::default() };
    let items = input.files().iter().flat_map(|it| it.read(&options));
    let events = items.map(|it| match it {
        Item::Event(event) | Item::Recovered(event) => event,
        Item::Damage(damage) => panic!("{damage}\n{log}"),
    });
    events.collect()
}

fn transformation(name: &str) -> &'static Transformation {
    TRANSFORMATIONS.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("no transformation {name}"))
}

/// The fields of an event by their names.
fn fields(event: &RawEvent) -> Vec<(String, String)> {
    let event = normalise(event, &Normaliser::default());
    let text = |value: &Value| match value {
        Value::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    };
    let name = |index: u16| schema::EVENTS.fields[usize::from(index)].name.to_owned();
    let fields = event.fields.iter().map(|(index, value)| (name(*index), text(value)));
    let properties = event.properties.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    // The program of the parent was told by an earlier event of the log.
    let is_own = |it: &(String, String)| it.0 != "payload" && !it.0.starts_with("Parent Process");
    fields.chain(properties).filter(is_own).collect()
}

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|it| it.0.eq_ignore_ascii_case(name)).map_or("", |it| it.1.as_str())
}

#[test]
fn a_renamed_program_keeps_its_original_name() {
    let log = r#"{"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","EventID":1,"Image":"C:\\Windows\\System32\\sc.exe","OriginalFileName":"sc.exe","Description":"Service Control Manager Configuration Tool","CommandLine":"sc create x"}"#;
    let made = rewrite(&read(log)[0], transformation("renamed-program"));
    let change = |field: &str, before: &str, after: &str| Change {
        field: field.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    assert_eq!(
        made[0].changes,
        [
            change("CommandLine", "sc create x", "C:\\ProgramData\\updater.exe create x"),
            change("Image", "C:\\Windows\\System32\\sc.exe", "C:\\ProgramData\\updater.exe"),
        ]
    );
    let fields = fields(&made[0].event);
    assert_eq!(field(&fields, "Process Name"), "updater.exe");
    assert_eq!(field(&fields, "Original File Name"), "sc.exe");
}

#[test]
fn another_tool_brings_its_own_name() {
    let log = r#"{"Channel":"Microsoft-Windows-Sysmon/Operational","SourceName":"Microsoft-Windows-Sysmon","EventID":1,"Image":"C:\\Windows\\System32\\sc.exe","OriginalFileName":"sc.exe","Hashes":"MD5=0","Description":"Service Control Manager Configuration Tool","CommandLine":"sc start x"}"#;
    let made = rewrite(&read(log)[0], transformation("other-tool"));
    let fields = fields(&made[0].event);
    assert_eq!(field(&fields, "Command"), "net.exe start x");
    assert_eq!(field(&fields, "Original File Name"), "net.exe");
    assert_eq!((field(&fields, "Description"), field(&fields, "File Hash")), ("", ""));
}

#[test]
fn the_records_of_an_audit_event_agree() {
    let log = "type=SYSCALL msg=audit(1794822823.217:3141): arch=c000003e syscall=59 success=yes comm=\"cp\" exe=\"/usr/bin/cp\"\n\
               type=EXECVE msg=audit(1794822823.217:3141): argc=3 a0=\"cp\" a1=\"a\" a2=\"/etc/x\"\n\
               type=CWD msg=audit(1794822823.217:3141): cwd=\"/root\"\n\
               type=PATH msg=audit(1794822823.217:3141): item=0 name=\"/usr/bin/cp\" nametype=NORMAL\n\
               type=PROCTITLE msg=audit(1794822823.217:3141): proctitle=63700061002F6574632F78\n";
    let made = rewrite(&read(log)[0], transformation("unix-wrappers"));
    let payload = made[0].event.payload.as_deref().unwrap_or_default();
    for part in [
        "comm=\"busybox\" exe=\"/usr/bin/busybox\"",
        "argc=4 a0=\"busybox\" a1=\"cp\" a2=\"a\" a3=\"/etc/x\"",
        "proctitle=62757379626F78006370",
    ] {
        assert!(payload.contains(part), "{part}\n{payload}");
    }
    let fields = fields(&made[0].event);
    assert_eq!(field(&fields, "Command"), "busybox cp a /etc/x");
    assert_eq!(field(&fields, "Process Path"), "/usr/bin/busybox");
}

/// The attacks of the built-in pages, rewritten by all transformations: the original text of the first variant, read
/// again, is the variant.
#[test]
fn the_original_text_says_the_same_as_the_fields() {
    let mut variants = 0;
    for log in attacks() {
        for event in read(&log) {
            for transformation in TRANSFORMATIONS {
                for made in rewrite(&event, transformation).into_iter().take(1) {
                    variants += 1;
                    let payload = made.event.payload.clone().unwrap_or_else(|| Arc::from(""));
                    let again = read(&payload).into_iter().next().expect("there is an event");
                    let name = transformation.name;
                    assert_eq!(fields(&made.event), fields(&again), "{name}: {:#?}\n{payload}", made.changes);
                }
            }
        }
    }
    assert!(variants > 1_000, "{variants} variants");
}

/// The logs of the attacks on all built-in pages.
fn attacks() -> Vec<String> {
    let mut logs = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let folders = std::fs::read_dir(folder).expect("the packs are there");
    let list =
        |path: PathBuf| std::fs::read_dir(path).expect("it is a folder").filter_map(Result::ok).map(|it| it.path());
    let pages = folders.filter_map(Result::ok).map(|it| it.path()).filter(|it| it.is_dir()).flat_map(list);
    for page in pages.filter(|it| it.extension().is_some_and(|it| it == "md")) {
        let text = std::fs::read_to_string(&page).expect("a page is text");
        for fence in text.split("\n```").skip(1) {
            let Some((info, log)) = fence.split_once('\n') else { continue };
            let is_attack = info.contains(" attack \"") || info.contains(" evasion \"");
            if is_attack && !info.contains(" of=") && !info.contains(" file=") {
                logs.push(log.to_owned());
            }
        }
    }
    logs
}
