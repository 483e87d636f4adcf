//! What the tests of reading share: events, files and what was read of them.
#![allow(dead_code, reason = "each test program uses a part")]

use std::io::Cursor;
use std::path::Path;

use ingest::evtx_writer::{Ending, EvtxWriter};
use ingest::{
    Body, Damage, Event, Input, InputOptions, Item, Normaliser, RawEvent, ReadOptions, ScriptBlocks, Statistics,
    WindowsEvent, normalise,
};

/// What was read of an input.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) events: Vec<RawEvent>,
    pub(crate) recovered: Vec<RawEvent>,
    pub(crate) damaged: Vec<Damage>,
    /// File and reason.
    pub(crate) skipped: Vec<(String, String)>,
    pub(crate) statistics: Statistics,
}

impl Outcome {
    /// The record ids of the events, as far as they are Windows events.
    pub(crate) fn ids(&self) -> Vec<u64> {
        self.events.iter().filter_map(|it| windows(it).record_id).collect()
    }

    pub(crate) fn reasons(&self) -> Vec<&str> {
        self.damaged.iter().map(|it| it.reason.as_str()).collect()
    }
}

pub(crate) fn read_all(input: &Input, options: &ReadOptions) -> Outcome {
    let mut outcome = Outcome { damaged: input.damaged().to_vec(), ..Outcome::default() };
    outcome.skipped = input.skipped().iter().map(|it| (it.file.to_string(), it.reason.clone())).collect();
    for file in input.files() {
        let mut reader = file.read(options);
        for item in reader.by_ref() {
            match item {
                Item::Event(event) => outcome.events.push(event),
                Item::Recovered(event) => outcome.recovered.push(event),
                Item::Damage(damage) => outcome.damaged.push(damage),
            }
        }
        outcome.statistics += reader.statistics();
    }
    outcome
}

/// Reads a stream in place of standard input.
pub(crate) fn read_bytes(bytes: &[u8]) -> Outcome {
    let input = Input::from_stream(Cursor::new(bytes.to_vec()), &InputOptions::default()).expect("it can be listed");
    read_all(&input, &ReadOptions::default())
}

pub(crate) fn windows(event: &RawEvent) -> &WindowsEvent {
    match &event.body {
        Body::Windows(event) => event,
        body => panic!("not a Windows event: {body:?}"),
    }
}

/// Events that differ in number, time and one value.
pub(crate) fn events(count: u64) -> Vec<WindowsEvent> {
    let event = |number: u64| WindowsEvent {
        provider: "Service Control Manager".into(),
        event_id: 7036,
        level: Some(4),
        time: Some(1_795_255_201_000 + i64::try_from(number).expect("a small number")),
        record_id: Some(number),
        channel: "System".into(),
        computer: "ws01.lab.example".into(),
        data: vec![("param1".into(), format!("Demo {number}")), ("param2".into(), "running".into())],
        ..WindowsEvent::default()
    };
    (1..=count).map(event).collect()
}

/// An EVTX file of [`events`].
pub(crate) fn evtx(count: u64, ending: Ending) -> Vec<u8> {
    let mut writer = EvtxWriter::with_ending(Cursor::new(Vec::new()), ending).expect("memory can be written");
    for event in events(count) {
        writer.write(&event).expect("the event fits");
    }
    writer.finish().expect("memory can be written").into_inner()
}

/// JSON Lines of [`events`] in the shape of evtx_dump.
pub(crate) fn json_lines(count: u64) -> String {
    (1..=count).map(|number| json_line(number) + "\n").collect()
}

pub(crate) fn json_line(number: u64) -> String {
    format!(
        r##"{{"Event":{{"System":{{"Provider":{{"#attributes":{{"Name":"Demo"}}}},"EventID":1,"EventRecordID":{number},"Channel":"Application"}},"EventData":{{"Text":"a \"{{\" in text"}}}}}}"##
    )
}

/// XML of one event.
pub(crate) fn xml(number: u64) -> String {
    format!(
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Demo'/><EventID>1\
         </EventID><EventRecordID>{number}</EventRecordID><Channel>Application</Channel></System><EventData><Data \
         Name='Text'>&lt;Event&gt; &#x41;</Data></EventData></Event>"
    )
}

/// Each event of the logs of a folder, normalised, with joined script blocks.
pub(crate) fn for_each_event(folder: &Path, visitor: &mut dyn FnMut(Event)) {
    let input = Input::open(&[folder], &InputOptions::default()).expect("the folder exists");
    let normaliser = Normaliser::default();
    for file in input.files() {
        let mut blocks = ScriptBlocks::default();
        for item in file.read(&ReadOptions::default()) {
            let Item::Event(raw) = item else { continue };
            let mut event = normalise(&raw, &normaliser);
            blocks.join(&mut event);
            visitor(event);
        }
    }
}
