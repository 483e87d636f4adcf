//! The tests of the built-in pages hold, each of their matches says why, and every query on a page runs.

use std::sync::Arc;

use engine::{PageTests, QueryOptions, Subject};
use pack::Detection;

/// A page and its tests, read.
fn pages() -> Vec<(Detection, PageTests)> {
    let options = pack::Options::new(environment());
    let read = |(file, text): &(&'static str, &str)| {
        let (detection, diagnostics) = pack::read_page(file, text, &options);
        let detection = detection.unwrap_or_else(|| panic!("{}", syntax::render(&diagnostics, file, text, false)));
        let beside = |name: &str| {
            pack::builtin_file(file, name).map(<[u8]>::to_vec).ok_or_else(|| format!("`{name}` does not exist"))
        };
        let tests = PageTests::read(&detection, &beside, &Arc::default());
        (detection, tests)
    };
    pack::builtin_pages().iter().map(read).collect()
}

fn environment() -> aql::Environment {
    aql::Environment { log_sources: Some(Arc::new(aql::NoLogSources)), ..aql::Environment::new(0) }
}

#[test]
fn each_test_holds_and_each_match_says_which_value_decided() {
    let mut wrong = Vec::new();
    for (page, tests) in pages() {
        let subject = Subject::of(&page);
        for verdict in tests.run(&subject, &environment()) {
            let test = &page.tests[verdict.test];
            let name = format!("{}: {} \"{}\"", page.id, test.kind.name(), test.name);
            if let Some(failure) = verdict.failure {
                wrong.push(format!("{name}: {failure}"));
            }
            for found in verdict.matches.iter().filter(|it| it.locator.is_some()) {
                let is_hit = |(start, end): (usize, usize), value: &str| end > start && end <= value.len();
                let why = found.why.as_ref().map(engine::Why::reasons).unwrap_or_default();
                if !why.iter().any(|it| it.hit.is_some_and(|hit| is_hit(hit, &it.value))) {
                    wrong.push(format!("{name}: no value decided: {why:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_query_of_each_page_runs() {
    for (page, tests) in pages() {
        let events = tests.source(0);
        for further in &page.further_queries {
            let options = pack::Options { escapes: page.escapes, ..pack::Options::new(environment()) };
            let compiled = aql::compile(&further.text, &options);
            let query = compiled.query.expect("pages are checked when they are read");
            let rows = engine::query(&query, &environment(), &events, &QueryOptions::default()).expect("starts");
            for batch in rows {
                batch.unwrap_or_else(|error| panic!("{}: {}: {error}", page.id, further.text));
            }
        }
    }
}
