//! A scan reads the fields that detections ask for, whole events for matches only, and large files in pieces: what it
//! sees is what one reader of whole events sees.
#![allow(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use engine::{
    Entry, EventSource, FileSource, MEMORY_DEFAULT, Match, ReadSettings, ScanOptions, Subject, Wanted, scan, text_of,
};
use ingest::evtx_writer::EvtxWriter;
use ingest::{Event, Input, InputOptions, Kinds, PIECE_BYTES, Recovery, Value, WindowsEvent};

fn files(path: &Path) -> FileSource {
    let input = Input::open(&[path], &InputOptions::default()).expect("the path can be read");
    FileSource::new(input, Recovery::Never)
}

fn folders() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let real = std::env::var_os("PROSPERO_SAMPLES").map(|it| Path::new(&it).join("evtx"));
    if real.is_none() {
        eprintln!("PROSPERO_SAMPLES is not set: only our own samples are read");
    }
    std::iter::once(own).chain(real).collect()
}

/// Events with what the whole of each is.
fn read(source: &FileSource, wanted: &Wanted) -> Vec<(Event, Event)> {
    let mut events = Vec::new();
    for entry in (0..source.parts()).flat_map(|part| source.read(part, wanted)) {
        if let Entry::Event(look) | Entry::Recovered(look) = entry {
            let whole = look.raw.as_ref().map_or_else(|| look.event.clone(), |raw| source.whole(&look.event, raw));
            events.push((look.event, whole));
        }
    }
    events
}

fn value(event: &Event, column: usize) -> Option<&Value> {
    event.fields.iter().find(|it| usize::from(it.0) == column).map(|it| &it.1)
}

#[test]
fn a_field_has_the_same_value_whichever_others_are_read() {
    // Each field by itself would take long; beside its neighbours it must not get help from them.
    const STRIDE: usize = 24;
    for folder in folders() {
        let source = files(&folder);
        let whole = read(&source, &Wanted::default());
        assert!(whole.len() > 20, "{}: {} events", folder.display(), whole.len());
        let fields = schema::EVENTS.fields.len();
        for first in 0..STRIDE {
            let payload = schema::EVENTS.position("payload");
            let columns: Vec<usize> = (first..fields).step_by(STRIDE).filter(|it| Some(*it) != payload).collect();
            let wanted = Wanted::columns(columns.clone()).with_wholes();
            let looks = read(&source, &wanted);
            assert_eq!(looks.len(), whole.len());
            for ((look, made), (event, _)) in looks.iter().zip(&whole) {
                assert_eq!(made, event, "{:?}", event.locator);
                for column in &columns {
                    let name = schema::EVENTS.fields[*column].name;
                    assert_eq!(value(look, *column), value(event, *column), "{name} of {:?}", event.locator);
                }
            }
        }
    }
}

#[test]
fn of_kinds_that_nobody_wants_the_header_is_read() {
    let source = files(&folders()[0].join("windows"));
    let wanted = Wanted::default().of_kinds(Some(Kinds::new(|_, _, event_id| event_id == 7045)));
    let id = schema::EVENTS.position("Event ID").expect("a field");
    let name = schema::EVENTS.position("Service Name").expect("a field");
    let time = schema::EVENTS.position("starttime").expect("a field");
    let (mut of_kind, mut others) = (0, 0);
    for (event, _) in read(&source, &wanted).into_iter().filter(|it| it.0.locator.file.ends_with(".evtx")) {
        assert!(value(&event, time).is_some());
        if value(&event, id) == Some(&Value::Text("7045".into())) {
            of_kind += 1;
            assert!(value(&event, name).is_some());
        } else {
            others += 1;
            assert!(event.properties.is_empty() && value(&event, name).is_none(), "{event:?}");
        }
    }
    assert!(of_kind > 0 && others > 0, "{of_kind} and {others}");
}

/// A log of more than one piece, with script blocks of two parts next to each other.
fn large_log(folder: &Path) -> (PathBuf, u64) {
    const BLOCKS: u64 = 1400;
    let event = |number: u64, part: u64, text: String| WindowsEvent {
        provider: "Microsoft-Windows-PowerShell".into(),
        channel: "Microsoft-Windows-PowerShell/Operational".into(),
        event_id: 4104,
        computer: "ws01.lab.example".into(),
        record_id: Some(number * 2 + part),
        time: Some(1_795_255_201_000),
        data: [
            ("MessageNumber", part.to_string()),
            ("MessageTotal", "2".to_owned()),
            ("ScriptBlockText", text),
            ("ScriptBlockId", format!("block {number}")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into(),
        ..WindowsEvent::default()
    };
    let path = folder.join("large.evtx");
    let mut writer = EvtxWriter::new(std::fs::File::create(&path).expect("a file")).expect("it can be written");
    for number in 0..BLOCKS {
        // The two parts are of different lengths, so that a piece ends between parts of one block somewhere.
        let filler = "x".repeat(300 + (number as usize * 37) % 500);
        writer.write(&event(number, 1, format!("{filler} New-Ser"))).expect("it fits");
        writer.write(&event(number, 2, format!("vice -Name {number}"))).expect("it fits");
    }
    writer.finish().expect("it can be written");
    (path, BLOCKS)
}

#[test]
fn a_large_file_is_read_in_pieces_that_give_the_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, blocks) = large_log(folder.path());
    let source = files(&path);
    assert!(source.parts() > 2, "{} parts of {PIECE_BYTES} bytes", source.parts());
    let stream = Input::from_stream(std::fs::File::open(&path).expect("the file"), &InputOptions::default());
    let at_once = FileSource::new(stream.expect("it can be read"), Recovery::Never);
    assert_eq!(at_once.parts(), 1);
    let place = |(event, _): &(Event, Event)| (event.locator.record, event.locator.offset, event.fields.clone());
    let expected: Vec<_> = read(&at_once, &Wanted::default()).iter().map(place).collect();
    assert_eq!(read(&source, &Wanted::default()).iter().map(place).collect::<Vec<_>>(), expected);
    assert_eq!(expected.len() as u64, blocks * 2);

    let options = aql::Options::new(aql::Environment::new(0));
    let query =
        aql::compile("SELECT starttime FROM events WHERE ScriptBlockText ILIKE '%New-Service -Name%'", &options);
    let subject = Subject::new(Arc::new(query.query.expect("it is right")));
    let source: Arc<dyn EventSource> = Arc::new(source);
    for (threads, chunk_rows) in [(1, 8192), (2, 8192), (4, 100), (3, 1)] {
        let read = ReadSettings { threads, chunk_rows, ..ReadSettings::default() };
        let mut records = Vec::new();
        let found = &mut |it: Match| {
            records.push(it.locator.map_or(0, |it| it.record));
            let event = it.event.expect("the event stands in the match");
            let message = text_of(&event, "Message").unwrap_or_default();
            assert!(message.contains("New-Service -Name"), "{event:?}");
            Ok(())
        };
        let options = ScanOptions { read, memory: MEMORY_DEFAULT };
        let summary = scan(std::slice::from_ref(&subject), &aql::Environment::new(0), &source, &options, found);
        let statistics = summary.expect("it runs").statistics;
        assert_eq!((statistics.files, statistics.events), (1, blocks * 2), "{threads} threads");
        assert_eq!(records, (0..blocks).map(|it| it * 2 + 2).collect::<Vec<_>>(), "{threads} threads");
    }
}
