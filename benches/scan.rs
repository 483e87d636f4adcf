//! The built-in detections over generated logs: from the file, and over events that are already decoded.

mod log;
mod measure;

use std::sync::Arc;

use engine::{Entry, EventSource, FileSource, MemorySource, ReadSettings, ScanOptions, Subject, Wanted};
use ingest::{Input, InputOptions, Recovery};

fn main() {
    let mut environment = aql::Environment::new(0);
    environment.log_sources = Some(Arc::new(aql::NoLogSources));
    let options = pack::Options::new(environment);
    let detections = pack::builtin_pages().iter().filter_map(|(file, text)| pack::read_page(file, text, &options).0);
    let subjects: Vec<_> = detections.map(|it| Subject::new(Arc::new(it.bound.clone()))).collect();
    for format in ["evtx", "jsonl"] {
        let log = log::log(format);
        let input = Input::open(&[&log.path], &InputOptions::default()).expect("the log can be read");
        let files: Arc<dyn EventSource> = Arc::new(FileSource::new(input, Recovery::default()));
        measure::measure(&format!("{format}: from the file"), log.bytes, "events", || scan(&subjects, &files));
        if format == "evtx" {
            let memory = decoded(&*files);
            measure::measure("evtx: decoded before", log.bytes, "events", || scan(&subjects, &memory));
        }
    }
}

/// Gives the number of events that were read.
fn scan(subjects: &[Subject], source: &Arc<dyn EventSource>) -> u64 {
    let options = ScanOptions { read: ReadSettings::default(), memory: engine::MEMORY_DEFAULT };
    let environment = aql::Environment::new(0);
    let summary = engine::scan(subjects, &environment, source, &options, &mut |_| Ok(())).expect("the log is scanned");
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    summary.statistics.events
}

/// All events of a source in memory.
fn decoded(source: &dyn EventSource) -> Arc<dyn EventSource> {
    let parts = (0..source.parts()).map(|part| {
        let entries = source.read(part, &Wanted::default());
        let events = entries.filter_map(|it| if let Entry::Event(look) = it { Some(look.event) } else { None });
        (source.name(part), events.collect())
    });
    Arc::new(MemorySource::new(parts.collect()))
}
