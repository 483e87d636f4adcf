//! The lints of the event model claim nothing about our own pages, and find the faults of the published queries in the
//! folder that `PROSPERO_SEEDS` names.

use aql::lints::Group;
use aql::{Environment, Options};
use syntax::{Diagnostic, Severity};

fn options() -> Options {
    // Names of log sources come with the logs.
    let log_sources = Some(std::sync::Arc::new(aql::NoLogSources) as _);
    Options::new(Environment { log_sources, ..Environment::new(1_763_700_000_000) })
}

fn findings(query: &str) -> Vec<Diagnostic> {
    let is_event_model = |it: &Diagnostic| aql::lints::lint(it.id).is_some_and(|it| it.group == Group::EventModel);
    aql::check(query, &options()).into_iter().filter(is_event_model).collect()
}

#[test]
fn our_own_pages_fit_the_event_model() {
    let mut faults = String::new();
    for (file, text) in pack::builtin_pages() {
        let (detection, _) = pack::read_page(file, text, &options());
        let query = detection.expect("our pages are right").query.text;
        let found = findings(&query);
        faults.push_str(&syntax::render(&found, file, &query, false));
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn faults_of_the_published_queries_are_found_where_they_stand() {
    let Some(folder) = std::env::var_os("PROSPERO_SEEDS").map(std::path::PathBuf::from) else { return };
    // File, lint, least severity, what stands at the span.
    let expected = [
        ("t1543", "field-not-in-event", Severity::Warning, "suspicious_path = 1 OR lolbin_service = 1"),
        ("t1543", "event-id-without-channel", Severity::Note, "EventID = 1"),
        ("t1543", "event-id-without-channel", Severity::Note, "EventID IN (12, 13)"),
        ("t1543", "unrelated-log-source-type", Severity::Warning, "13"),
        ("t1543", "event-left-out", Severity::Note, "EventID = 1"),
        ("t1569", "unknown-qid", Severity::Warning, "5000700"),
        ("t1569", "unknown-qid", Severity::Warning, "5000100"),
        ("t1569", "unrelated-log-source-type", Severity::Warning, "13"),
        ("t1569", "client-without-service", Severity::Note, "LOWER(\"ProcessPath\") MATCHES"),
    ];
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_stem().and_then(|it| it.to_str()).expect("a name").to_owned();
        let text = std::fs::read_to_string(&path).expect("a text");
        let start = text.find("\nSELECT").expect("a query") + 1;
        let end = text.find("LAST 24 HOURS").expect("its end") + "LAST 24 HOURS".len();
        let query = &text[start..end];
        let found = findings(query);
        for (_, lint, severity, source) in expected.iter().filter(|it| name.starts_with(it.0)) {
            let is_it = |it: &Diagnostic| {
                it.id == *lint && it.severity >= *severity && query[it.span.start..].starts_with(source)
            };
            assert!(
                found.iter().any(is_it),
                "{name}: {lint} at {source}\n{}",
                syntax::render(&found, &name, query, false)
            );
        }
    }
}
