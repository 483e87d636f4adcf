//! What the EVTX writer writes, read back with the crate `evtx`.

mod support;

use std::io::Cursor;

use evtx::{EvtxParser, HeaderFlags, ParserSettings};
use ingest::evtx_writer::{Ending, EvtxWriteError, EvtxWriter, write_events};
use ingest::{Input, InputOptions, ReadOptions, WindowsEvent};
use proptest::prelude::*;
use serde_json::Value;

const CHUNK: usize = 65_536;
const HEADER: usize = 4096;

fn file_of(events: &[WindowsEvent], ending: Ending) -> Vec<u8> {
    let mut writer = EvtxWriter::with_ending(Cursor::new(Vec::new()), ending).expect("memory takes all");
    for event in events {
        writer.write(event).expect("the event fits");
    }
    writer.finish().expect("memory takes all").into_inner()
}

/// The events of a file and how many of them were recovered from free space; checksums are checked.
fn read(file: Vec<u8>, recover: bool) -> (Vec<WindowsEvent>, usize) {
    let settings = ParserSettings::new().separate_json_attributes(false).recover_records(recover);
    let mut parser = EvtxParser::from_buffer(file).expect("a file header").with_configuration(settings);
    assert!(parser.header().validate_checksum());
    let mut recovered = 0;
    let mut events = Vec::new();
    for record in parser.records_json_value() {
        let record = record.expect("a readable record");
        recovered += usize::from(record.recovered);
        events.push(event_of(&record.data["Event"]));
    }
    (events, recovered)
}

/// The events as this crate reads them.
fn read_with_our_reader(file: Vec<u8>) -> Vec<WindowsEvent> {
    let input = Input::from_stream(Cursor::new(file), &InputOptions::default()).expect("memory can be read");
    let outcome = support::read_all(&input, &ReadOptions::default());
    assert!(outcome.damaged.is_empty(), "{:?}", outcome.damaged.first());
    outcome.events.iter().map(|event| support::windows(event).clone()).collect()
}

/// Our reader goes by way of XML, in which the crate `evtx` puts `_` for characters that XML cannot hold.
fn as_xml_holds_it(event: &WindowsEvent) -> WindowsEvent {
    let holds = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    let clean = |text: &String| text.chars().map(|c| if holds(c) { c } else { '_' }).collect::<String>();
    let mut event = event.clone();
    event.message = event.message.as_ref().map(clean);
    for (_, value) in &mut event.data {
        *value = clean(value);
    }
    event
}

fn event_of(event: &Value) -> WindowsEvent {
    let system = &event["System"];
    let attribute = |element: &str, name: &str| system[element]["#attributes"][name].clone();
    let id = &system["EventID"];
    WindowsEvent {
        provider: text(&attribute("Provider", "Name")).unwrap_or_default(),
        event_id: number(id).or_else(|| number(&id["#text"])).expect("an identifier"),
        qualifiers: number(&id["#attributes"]["Qualifiers"]),
        version: number(&system["Version"]),
        level: number(&system["Level"]),
        task: number(&system["Task"]),
        opcode: number(&system["Opcode"]),
        keywords: text(&system["Keywords"])
            .map(|keywords| u64::from_str_radix(keywords.trim_start_matches("0x"), 16).expect("hexadecimal")),
        time: text(&attribute("TimeCreated", "SystemTime"))
            .map(|time| time.parse::<jiff::Timestamp>().expect("a time").as_millisecond()),
        record_id: number(&system["EventRecordID"]),
        activity_id: text(&attribute("Correlation", "ActivityID")),
        process_id: number(&attribute("Execution", "ProcessID")),
        thread_id: number(&attribute("Execution", "ThreadID")),
        channel: text(&system["Channel"]).unwrap_or_default(),
        computer: text(&system["Computer"]).unwrap_or_default(),
        user_sid: text(&attribute("Security", "UserID")),
        message: text(&event["RenderingInfo"]["Message"]),
        data: data_of(&event["EventData"]),
    }
}

fn data_of(data: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = data else { return Vec::new() };
    let mut pairs = Vec::new();
    for (name, value) in fields {
        match value {
            Value::Object(unnamed) if name == "Data" => match &unnamed["#text"] {
                Value::Array(values) => {
                    let values = values.iter().enumerate();
                    pairs.extend(values.map(|(i, value)| (format!("param{}", i + 1), text(value).unwrap_or_default())));
                }
                value => pairs.push(("param1".into(), text(value).unwrap_or_default())),
            },
            value => pairs.push((name.clone(), text(value).unwrap_or_default())),
        }
    }
    pairs
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn number<N: std::str::FromStr>(value: &Value) -> Option<N> {
    value.as_str().map_or_else(|| value.to_string().parse().ok(), |text| text.parse().ok())
}

/// Shows only the first difference.
fn assert_same(read: &[WindowsEvent], written: &[WindowsEvent]) {
    for (read, written) in read.iter().zip(written) {
        assert_eq!(read, written);
    }
    assert_eq!(read.len(), written.len());
}

fn service_event(position: u64) -> WindowsEvent {
    WindowsEvent {
        provider: "Service Control Manager".into(),
        event_id: 7045,
        qualifiers: Some(16_384),
        version: Some(0),
        level: Some(4),
        task: Some(0),
        opcode: Some(0),
        keywords: Some(0x8080_0000_0000_0000),
        time: Some(1_795_255_201_123),
        record_id: Some(position),
        activity_id: Some("{8523902b-c984-0003-4369-248584c9d701}".into()),
        process_id: Some(708),
        thread_id: Some(10_604),
        channel: "System".into(),
        computer: "ws01.lab.example".into(),
        user_sid: Some("S-1-5-21-1004336348-1177238915-682003330-512".into()),
        message: None,
        data: vec![
            ("ServiceName".into(), "DemoSvc".into()),
            ("ImagePath".into(), r#""C:\Temp\d.exe" <&> '%'"#.into()),
            ("Empty".into(), String::new()),
            ("Text".into(), "ü€ \u{1F984} tab\tline\nbell\u{7}".into()),
        ],
    }
}

#[test]
fn every_field_comes_back() {
    let full = service_event(1);
    let bare = WindowsEvent { event_id: 1, record_id: Some(2), ..WindowsEvent::default() };
    let odd = WindowsEvent {
        event_id: 1_073_748_869,
        record_id: Some(3),
        provider: "no such provider".into(),
        user_sid: Some("NT AUTHORITY\\SYSTEM".into()),
        activity_id: Some("not a GUID".into()),
        message: Some("two\nlines".into()),
        data: vec![("param2".into(), "a".into()), ("param1".into(), "b".into())],
        ..WindowsEvent::default()
    };
    let unnamed = WindowsEvent {
        event_id: 7036,
        record_id: Some(4),
        data: vec![
            ("param1".into(), "Windows Update".into()),
            ("param2".into(), "running".into()),
            ("Binary".into(), "7700750061002F0034000000".into()),
        ],
        ..WindowsEvent::default()
    };
    let events = [full, bare, odd, unnamed];
    assert_same(&read(file_of(&events, Ending::Closed), false).0, &events);
}

#[test]
fn headers_count_chunks_and_records() {
    let events: Vec<_> = (1..=3000).map(service_event).collect();
    let file = file_of(&events, Ending::Closed);
    let chunks = (file.len() - HEADER) / CHUNK;
    assert!(chunks > 10 && (file.len() - HEADER).is_multiple_of(CHUNK), "{chunks} chunks, {} bytes", file.len());
    let mut parser = EvtxParser::from_buffer(file).expect("a file header");
    let header = parser.header();
    assert_eq!(usize::from(header.chunk_count), chunks);
    assert_eq!((header.first_chunk_number, header.last_chunk_number), (0, chunks as u64 - 1));
    assert_eq!((header.next_record_id, header.major_version, header.minor_version), (3001, 3, 1));
    assert!(header.flags.is_empty());
    let mut next = 1;
    for chunk in parser.chunks() {
        let chunk = chunk.expect("a chunk header");
        assert!(chunk.validate_checksum());
        assert_eq!((chunk.header.first_event_record_number, chunk.header.first_event_record_id), (next, next));
        next = chunk.header.last_event_record_id + 1;
        assert_eq!(chunk.header.last_event_record_number, next - 1);
    }
    assert_eq!(next, 3001);
}

#[test]
fn a_file_without_events_is_readable() {
    let file = file_of(&[], Ending::Closed);
    assert_eq!(file.len(), HEADER + CHUNK);
    assert_eq!(read(file, true).0, []);
}

#[test]
fn dirty_file_keeps_all_records_and_its_mark() {
    let events: Vec<_> = (1..=500).map(service_event).collect();
    let file = file_of(&events, Ending::Dirty);
    let parser = EvtxParser::from_buffer(file.clone()).expect("a file header");
    assert_eq!(parser.header().flags, HeaderFlags::DIRTY);
    assert_eq!(parser.header().chunk_count, 1);
    assert_same(&read(file, false).0, &events);
}

#[test]
fn unflushed_records_are_recovered_from_free_space() {
    let events: Vec<_> = (1..=21).map(service_event).collect();
    let file = file_of(&events, Ending::Unflushed);
    assert_same(&read(file.clone(), false).0, &events[..11]);
    let (all, recovered) = read(file, true);
    assert_same(&all, &events);
    assert_eq!(recovered, 10);
}

#[test]
fn record_ids_ascend_whatever_the_events_say() {
    let own_ids = [Some(10), Some(10), None, Some(5), Some(u64::MAX), Some(20)];
    let events = own_ids.map(|record_id| WindowsEvent { event_id: 1, record_id, ..WindowsEvent::default() });
    let mut writer = EvtxWriter::new(Cursor::new(Vec::new())).expect("memory takes all");
    let ids = events.each_ref().map(|event| writer.write(event).expect("the event fits"));
    assert_eq!(ids, [10, 11, 12, 13, 14, 20]);
    let read_ids = read(writer.finish().expect("memory takes all").into_inner(), false).0;
    let read_ids: Vec<_> = read_ids.iter().map(|event| event.record_id).collect();
    assert_eq!(read_ids, [Some(10), Some(10), Some(12), Some(5), Some(u64::MAX), Some(20)]);
}

#[test]
fn an_event_that_does_not_fit_is_refused_and_the_others_stay() {
    let mut writer = EvtxWriter::new(Cursor::new(Vec::new())).expect("memory takes all");
    writer.write(&service_event(1)).expect("the event fits");
    for length in [32_700, 65_536, 10_000_000] {
        let mut large = service_event(2);
        large.data[1].1 = "x".repeat(length);
        let error = writer.write(&large).expect_err("larger than a chunk");
        assert!(error.concerns_one_event(), "{error}");
        assert!(matches!(error, EvtxWriteError::EventTooLarge { .. }), "{error}");
    }
    let wrong_time = WindowsEvent { time: Some(i64::MIN), ..service_event(2) };
    assert!(matches!(writer.write(&wrong_time), Err(EvtxWriteError::TimeOutOfRange { position: 5, .. })));
    let mut large = service_event(2);
    large.data[1].1 = "x".repeat(30_000);
    writer.write(&large).expect("just fits");
    writer.write(&service_event(3)).expect("the event fits");
    let (events, _) = read(writer.finish().expect("memory takes all").into_inner(), false);
    assert_same(&events, &[service_event(1), large, service_event(3)]);
}

#[test]
fn a_file_of_events_leaves_out_what_does_not_fit() {
    let mut events = [service_event(1), service_event(2), service_event(3)];
    events[1].data[0].1 = "x".repeat(40_000);
    let path = std::env::temp_dir().join(format!("evtx-writer-{}.evtx", std::process::id()));
    let summary = write_events(&events, &path).expect("the folder can be written");
    let file = std::fs::read(&path).expect("it was written");
    std::fs::remove_file(&path).expect("it is there");
    assert_eq!((summary.written, summary.refused), (2, 1));
    assert!(matches!(summary.first_refusal, Some(EvtxWriteError::EventTooLarge { position: 2 })));
    assert_same(&read(file, false).0, &[events[0].clone(), events[2].clone()]);
}

prop_compose! {
    fn any_event()(
        provider in prop_oneof![Just("Microsoft-Windows-Sysmon".to_owned()), "[ -~]{0,20}"],
        event_id in prop_oneof![0_u32..10, 0_u32..=65_535],
        qualifiers in any::<Option<u16>>(),
        numbers in any::<(Option<u8>, Option<u8>, Option<u16>, Option<u8>, Option<u64>)>(),
        time in prop::option::of(-11_644_473_600_000_i64..=253_402_300_799_999),
        ids in any::<(Option<u32>, Option<u32>)>(),
        channel in "[a-zA-Z/-]{0,30}",
        computer in "\\PC{0,30}".prop_map(|name| name.trim().to_owned()),
        user in prop::option::of((0_u32..=20, prop::collection::vec(any::<u32>(), 1..=15))),
        message in prop::option::of("[^\0]{1,50}"),
        names in prop::collection::btree_set("[A-Za-z][A-Za-z0-9_]{0,12}", 0..12),
        values in prop::collection::vec(prop_oneof![4 => "[^\0]{0,40}", 1 => ("[^\0]{1,8}", 0_usize..120).prop_map(|(text, n)| text.repeat(n))], 12),
        unnamed in any::<bool>(),
    ) -> WindowsEvent {
        let (version, level, task, opcode, keywords) = numbers;
        let names = names.into_iter().filter(|name| !["Data", "Binary"].contains(&name.as_str()));
        let names = names.enumerate().map(|(i, name)| if unnamed { format!("param{}", i + 1) } else { name });
        let user_sid = user.map(|(authority, parts)| {
            parts.iter().fold(format!("S-1-{authority}"), |sid, part| format!("{sid}-{part}"))
        });
        WindowsEvent {
            provider, event_id, qualifiers, version, level, task, opcode, keywords, time, record_id: None,
            activity_id: None, process_id: ids.0, thread_id: ids.1, channel, computer, user_sid, message,
            data: names.zip(values).collect(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the events, and wherever the chunks end.
    #[test]
    fn events_come_back_as_they_were(mut events in prop::collection::vec(any_event(), 1..60)) {
        let file = file_of(&events, Ending::Closed);
        prop_assert!(file == file_of(&events, Ending::Closed), "the same events give the same bytes");
        for (position, event) in events.iter_mut().enumerate() {
            event.record_id = Some(position as u64 + 1);
        }
        let ours = read_with_our_reader(file.clone());
        let (theirs, recovered) = read(file, true);
        prop_assert_eq!(recovered, 0);
        prop_assert_eq!((theirs.len(), ours.len()), (events.len(), events.len()));
        for ((theirs, ours), written) in theirs.iter().zip(&ours).zip(&events) {
            prop_assert_eq!(theirs, written);
            prop_assert_eq!(ours, &as_xml_holds_it(written));
        }
    }
}
