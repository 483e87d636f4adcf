//! Thousands of Sigma rules over events that stand decoded in memory, on one thread. The rules are those below the folder
//! `sigma` of `PROSPERO_SAMPLES`, taken again until they are 2,800; without the variable nothing is measured.

#![expect(clippy::print_stdout, reason = "benchmarks print what they measured")]

mod activity;
mod measure;

use std::path::Path;
use std::sync::Arc;

use engine::{Matcher, Subject};
use ingest::{Event, Value};

const RULES: usize = 2_800;
/// The events of a stream, unless `PROSPERO_BENCH_EVENTS` says otherwise.
const EVENTS_DEFAULT: usize = 200_000;
const BATCH_EVENTS: usize = 8_192;

fn main() {
    let Some(samples) = std::env::var_os("PROSPERO_SAMPLES") else {
        println!("skipped: PROSPERO_SAMPLES is not set");
        return;
    };
    let environment = || {
        let mut environment = aql::Environment::new(0);
        environment.log_sources = Some(Arc::new(aql::NoLogSources));
        environment
    };
    let rules = subjects(&Path::new(&samples).join("sigma"), environment());
    let subjects: Vec<_> = rules.iter().cycle().take(RULES.max(rules.len())).cloned().collect();
    let matcher = Matcher::new(&subjects, &environment()).expect("the rules can be matched together");
    assert!(matcher.failures().is_empty(), "{:?}", matcher.failures());
    println!("{} detections of {} rules", subjects.len(), rules.len());
    let count = std::env::var("PROSPERO_BENCH_EVENTS");
    let count = count.map_or(EVENTS_DEFAULT, |it| it.parse().expect("PROSPERO_BENCH_EVENTS is a number"));
    let mut activity = activity::Activity::new(matcher.columns());
    let mixed: Vec<_> = (0..count).map(|_| activity.mixed()).collect();
    matched("a mixed stream", &matcher, &mixed);
    drop(mixed);
    let processes: Vec<_> = (0..count).map(|_| activity.process_creation()).collect();
    matched("process creations alone", &matcher, &processes);
}

fn matched(name: &str, matcher: &Matcher, events: &[Event]) {
    let bytes: u64 = events.iter().map(text_bytes).sum();
    let count = |batch| matcher.matches(batch).expect("the events are matched").len();
    let found: usize = events.chunks(BATCH_EVENTS).map(count).sum();
    let fields: usize = events.iter().map(|it| it.fields.len()).sum();
    let (fields, each) = (fields as f64 / events.len() as f64, bytes as f64 / events.len() as f64);
    println!("{name}: {found} matches in {} events of {fields:.1} fields with {each:.0} bytes of text", events.len());
    measure::measure(name, bytes, "events", || {
        let found_again: usize = events.chunks(BATCH_EVENTS).map(count).sum();
        assert_eq!(found_again, found, "the same events match");
        events.len() as u64
    });
}

fn text_bytes(event: &Event) -> u64 {
    let texts = event.fields.iter().map(|(_, it)| if let Value::Text(text) = it { text.len() } else { 0 });
    texts.sum::<usize>() as u64
}

/// What the rules of a folder look for, those that look at one event.
fn subjects(folder: &Path, environment: aql::Environment) -> Vec<Subject> {
    let mut rules = sigma::Collection::default();
    for part in ["rules", "rules-emerging-threats", "rules-threat-hunting"] {
        add(&folder.join(part), &mut rules);
    }
    let imported = rules.import(&sigma::Options::new(pack::Options::new(environment)));
    let detections = imported.into_iter().filter_map(|it| match it.outcome {
        sigma::Outcome::Detection { detection, .. } => Some(Subject::of(&detection)),
        _ => None,
    });
    detections.filter(Subject::looks_at_one_event).collect()
}

fn add(folder: &Path, rules: &mut sigma::Collection) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|it| it.expect("the folder can be read").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, rules);
        } else if path.extension().is_some_and(|it| it == "yml") {
            rules.add(&path.to_string_lossy(), &std::fs::read_to_string(&path).expect("a rule is text"));
        }
    }
}
