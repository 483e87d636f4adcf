//! The tests of the built-in pages: what stands under Tests is read as a log and scanned for by its own page; every query
//! on a page runs.

use std::io::Cursor;
use std::sync::Arc;

use engine::{EventSource, FileSource, Match, QueryOptions, ReadSettings, ScanOptions, Subject};
use ingest::{Input, InputOptions, Recovery};
use pack::{Detection, Score, Test};

fn detections() -> Vec<Detection> {
    let options = pack::Options::new(environment());
    let read = |(file, text): &(&str, &str)| {
        let (detection, diagnostics) = pack::read_page(file, text, &options);
        detection.unwrap_or_else(|| panic!("{}", syntax::render(&diagnostics, file, text, false)))
    };
    pack::builtin_pages().iter().map(read).collect()
}

fn environment() -> aql::Environment {
    aql::Environment { log_sources: Some(Arc::new(aql::NoLogSources)), ..aql::Environment::new(0) }
}

fn source(test: &Test) -> Arc<dyn EventSource> {
    let options = InputOptions { keep_standard_input: true, ..InputOptions::default() };
    let input = Input::from_stream(Cursor::new(test.input.clone().into_bytes()), &options).expect("the test is read");
    assert!(!input.files().is_empty(), "{}: no known log format", test.name);
    Arc::new(FileSource::new(input, Recovery::Never))
}

fn matches(detection: &Detection, source: &Arc<dyn EventSource>) -> Vec<Match> {
    let score_column = match &detection.score {
        Score::Column(name) => Some(name.clone()),
        Score::Constant(_) => None,
    };
    let subject = Subject { score_column, ..Subject::new(Arc::new(detection.bound.clone())) };
    let options = ScanOptions { read: ReadSettings { threads: 1, ..ReadSettings::default() }, memory: 64 << 20 };
    let mut matches = Vec::new();
    let mut take = |found| {
        matches.push(found);
        Ok(())
    };
    let summary = engine::scan(&[subject], &aql::Environment::new(0), source, &options, &mut take).expect("scans");
    assert!(summary.failures.is_empty(), "{}: {:?}", detection.id, summary.failures);
    assert!(summary.statistics.events > 0, "{}: the test has no events", detection.id);
    assert_eq!(summary.statistics.damage.count(), 0, "{:?}", summary.statistics.damage.kept());
    matches
}

/// What is wrong with a test; nothing when it holds.
fn verdict(detection: &Detection, test: &Test) -> Option<String> {
    let found = matches(detection, &source(test));
    let name = format!("{}: {} \"{}\"", detection.id, test.kind.name(), test.name);
    let Some(first) = found.first() else {
        return test.kind.must_match().then(|| format!("{name}: no match"));
    };
    if !test.kind.must_match() {
        return Some(format!("{name}: matched {:?}", first.columns));
    }
    test.expected.iter().find_map(|(column, expected)| {
        let (_, value) = first.columns.iter().find(|(it, _)| **it == **column)?;
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (value != *expected && value != format!("{expected}.0"))
            .then(|| format!("{name}: {column} is {value}, not {expected}"))
    })
}

#[test]
fn each_test_of_each_page_holds() {
    let detections = detections();
    let wrong: Vec<_> =
        detections.iter().flat_map(|page| page.tests.iter().filter_map(move |it| verdict(page, it))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_match_says_which_value_decided() {
    for detection in detections() {
        for test in detection.tests.iter().filter(|it| it.kind.must_match()) {
            for found in matches(&detection, &source(test)) {
                let hit =
                    found.why.iter().any(|it| it.hit.is_some_and(|(start, end)| end > start && end <= it.value.len()));
                assert!(hit, "{}: {}: {:?}", detection.id, test.name, found.why);
            }
        }
    }
}

#[test]
fn each_query_of_each_page_runs() {
    for detection in detections() {
        let events = source(&detection.tests[0]);
        for further in &detection.further_queries {
            let compiled = aql::compile(&further.text, &pack::Options::new(environment()));
            let query = compiled.query.expect("pages are checked when they are read");
            let rows = engine::query(&query, &environment(), &events, &QueryOptions::default()).expect("starts");
            for batch in rows {
                batch.unwrap_or_else(|error| panic!("{}: {}: {error}", detection.id, further.text));
            }
        }
    }
}
