//! Events put into Parquet files and read again: nothing is lost, files are only added, damage costs its row group only.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use datafusion_common::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
use engine::event_files::{IngestOptions, Ingested, UNDATED_FOLDER, ingest};
use engine::{Entry, EventSource, FileSource, MemorySource, Wanted, write_parquet};
use ingest::{Event, Input, InputOptions, Locator, Recovery, Value};
use tempfile::TempDir;

fn temporary() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn files(path: &Path) -> Arc<dyn EventSource> {
    let input = Input::open(&[path], &InputOptions::default()).expect("the path can be read");
    Arc::new(FileSource::new(input, Recovery::default()))
}

fn samples() -> Arc<dyn EventSource> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples"))
}

/// All events with their original text, and the damage.
fn read(source: &Arc<dyn EventSource>) -> (Vec<Event>, Vec<String>) {
    let wanted = Wanted::everything();
    let (mut events, mut damage) = (Vec::new(), Vec::new());
    for part in 0..source.parts() {
        for entry in source.read(part, &wanted) {
            match entry {
                Entry::Event(look) | Entry::Recovered(look) => events.push(look.event),
                Entry::Damage(it) => damage.push(it.to_string()),
            }
        }
    }
    (events, damage)
}

fn by_place(events: Vec<Event>) -> BTreeMap<Locator, Vec<Event>> {
    let mut places: BTreeMap<Locator, Vec<Event>> = BTreeMap::new();
    for event in events {
        places.entry(event.locator.clone()).or_default().push(event);
    }
    places
}

fn put(source: &Arc<dyn EventSource>, folder: &Path, stem: &str) -> Ingested {
    ingest(source, folder, &IngestOptions::new(stem)).expect("the events can be written")
}

fn position(name: &str) -> usize {
    schema::EVENTS.position(name).expect("there is such a field")
}

fn event(record: u64, fields: &[(&str, Value)]) -> Event {
    let index = |name| u16::try_from(position(name)).expect("there are few fields");
    let mut fields: Vec<_> = fields.iter().map(|(name, value)| (index(name), value.clone())).collect();
    fields.sort_by_key(|it| it.0);
    let locator = Locator { file: "memory".into(), record, offset: 0 };
    Event { locator, fields, properties: vec![("A name".into(), "a value".into())] }
}

fn memory(events: Vec<Event>) -> Arc<dyn EventSource> {
    Arc::new(MemorySource::new(vec![("memory".into(), events)]))
}

#[test]
fn events_come_back_as_they_were() {
    let folder = temporary();
    let source = samples();
    let (expected, _) = read(&source);
    assert!(expected.len() > 100, "the samples have {} events", expected.len());
    let ingested = put(&source, folder.path(), "first");
    assert_eq!(ingested.written.rows, expected.len() as u64);
    assert_eq!(ingested.statistics.events + ingested.statistics.recovered, expected.len() as u64);
    let stored = files(folder.path());
    let (events, damage) = read(&stored);
    assert!(damage.is_empty(), "{damage:?}");
    assert_eq!(by_place(events), by_place(expected));
    let names = stored.log_sources().expect("files have log sources");
    let id = by_place(read(&source).0).into_values().flatten().find_map(|it| {
        it.fields.iter().find(|(index, _)| usize::from(*index) == position("logsourceid")).map(|it| it.1.clone())
    });
    let Some(Value::Integer(id)) = id else { panic!("some event has a log source") };
    assert!(names.name(id).is_some_and(|it| it.contains(" @ ")), "the names of log sources are kept");
}

#[test]
fn each_file_is_sorted_by_time_and_stands_in_the_folder_of_its_day() {
    let folder = temporary();
    let ingested = put(&samples(), folder.path(), "first");
    for file in &ingested.written.files {
        let (events, _) = read(&files(file));
        let times: Vec<Option<i64>> = events.iter().map(time).collect();
        assert!(times.is_sorted(), "{}", file.display());
        let day = file.parent().and_then(Path::file_name).and_then(|it| it.to_str()).expect("a folder of a day");
        for time in times.into_iter().flatten() {
            let moment = jiff::Timestamp::from_millisecond(time).expect("a time of the calendar");
            assert_eq!(format!("day={}", moment.strftime("%Y-%m-%d")), day);
        }
    }
}

fn time(event: &Event) -> Option<i64> {
    event.fields.iter().find_map(|(index, value)| match value {
        Value::Integer(time) if usize::from(*index) == position("starttime") => Some(*time),
        _ => None,
    })
}

#[test]
fn events_without_time_have_a_folder_of_their_own() {
    let folder = temporary();
    let text = |it: &str| Value::Text(it.into());
    let events = vec![
        event(1, &[("starttime", Value::Integer(1_714_564_800_000)), ("Command", text("second"))]),
        event(2, &[("Command", text("undated"))]),
        event(3, &[("starttime", Value::Integer(1_714_521_600_000)), ("creeventlist", Value::Integers(vec![3, 4]))]),
        event(4, &[("starttime", Value::Integer(i64::MAX)), ("hasoffense", Value::Boolean(true))]),
    ];
    let ingested = put(&memory(events.clone()), folder.path(), "first");
    assert_eq!((ingested.written.rows, ingested.written.undated), (4, 2));
    assert_eq!(read(&files(&folder.path().join(UNDATED_FOLDER))).0.len(), 2);
    assert_eq!(by_place(read(&files(folder.path())).0), by_place(events));
}

#[test]
fn a_second_ingest_adds_files() {
    let folder = temporary();
    let one = memory(vec![event(1, &[("starttime", Value::Integer(5))])]);
    let first = put(&one, folder.path(), "run");
    let second = put(&one, folder.path(), "run");
    assert_eq!((first.written.files.len(), second.written.files.len()), (1, 1));
    assert_ne!(first.written.files, second.written.files);
    assert_eq!(read(&files(folder.path())).0.len(), 2);
    let unfinished = folder.path().join("day=1970-01-01/run-0009.parquet.tmp");
    std::fs::write(&unfinished, b"PAR1").expect("a file can be written");
    assert!(read(&files(folder.path())).1.is_empty(), "a file that is being written is no damage");
}

#[test]
fn the_original_text_can_be_left_out() {
    let folder = temporary();
    let mut options = IngestOptions::new("run");
    options.payload = false;
    ingest(&samples(), folder.path(), &options).expect("the events can be written");
    let payload = position("payload");
    let (events, _) = read(&files(folder.path()));
    assert!(events.iter().all(|it| it.fields.iter().all(|(index, _)| usize::from(*index) != payload)));
}

#[test]
fn files_of_other_programs_are_read_by_the_names_of_their_columns() {
    let folder = temporary();
    let columns: [(&str, ArrayRef); 5] = [
        ("Start Time", Arc::new(TimestampMillisecondArray::from(vec![Some(7), None]))),
        ("eventid", Arc::new(Int64Array::from(vec![7045, 1]))),
        ("COMMANDLINE", Arc::new(StringArray::from(vec![Some("sc.exe create"), None]))),
        ("Colour", Arc::new(StringArray::from(vec![Some("red"), None]))),
        ("devicetype", Arc::new(StringArray::from(vec!["12", "twelve"]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).expect("the columns have the same length");
    let path = folder.path().join("other.parquet");
    let output = std::fs::File::create(&path).expect("a file can be made");
    write_parquet(&batch.schema(), [Ok(batch.clone())], output).expect("it is written");
    let (events, damage) = read(&files(&path));
    assert!(damage.is_empty(), "{damage:?}");
    let value = |event: &Event, name| {
        event.fields.iter().find(|(index, _)| usize::from(*index) == position(name)).map(|it| it.1.clone())
    };
    assert_eq!(value(&events[0], "starttime"), Some(Value::Integer(7)));
    assert_eq!(value(&events[0], "Event ID"), Some(Value::Text("7045".into())));
    assert_eq!(value(&events[0], "Command"), Some(Value::Text("sc.exe create".into())));
    assert_eq!(value(&events[0], "devicetype"), Some(Value::Integer(12)));
    assert_eq!(events[0].properties, [("Colour".into(), "red".into())]);
    assert_eq!(events[0].locator.record, 1);
    assert_eq!(value(&events[1], "devicetype"), None);
    assert_eq!((events[1].properties.len(), events[1].locator.record), (0, 2));
}

/// Every byte of a file in turn, or every so many, is made another one; and the file is cut at every so many bytes.
#[test]
fn damaged_files_are_reported_and_never_panic() {
    let folder = temporary();
    let row = |it: i64| event(it as u64, &[("starttime", Value::Integer(it)), ("Command", Value::Text("text".into()))]);
    let ingested = put(&memory((0..200).map(row).collect()), folder.path(), "run");
    let path = &ingested.written.files[0];
    let whole = std::fs::read(path).expect("the file can be read");
    let mut reports = 0;
    for place in (0..whole.len()).step_by(whole.len() / 20) {
        let mut changed = whole.clone();
        changed[place] ^= 0x55;
        for bytes in [&changed[..], &whole[..place]] {
            std::fs::write(path, bytes).expect("the file can be written");
            let (events, damage) = read(&files(path));
            assert!(events.len() <= 200 || !damage.is_empty());
            reports += damage.len();
        }
    }
    assert!(reports > 20, "damage is reported: {reports}");
}
