//! Queries and logs that others wrote, from the folder that `PROSPERO_SAMPLES` names: every query that compiles runs, and
//! a scan of real logs gives the same on any number of threads.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use aql::{Environment, Options};
use engine::{
    EventSource, FileSource, MEMORY_DEFAULT, MemorySource, QueryOptions, ReadSettings, ScanOptions, Subject, query,
    scan,
};
use ingest::{Event, Input, InputOptions, Locator, Recovery, Value};

/// Bytes of a query that is run in any case.
const LARGE: usize = 100_000;

fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("PROSPERO_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        // The harness shows this with --nocapture only; the test passes without the samples.
        std::io::Write::write_all(&mut std::io::stderr(), b"skipped: PROSPERO_SAMPLES is not set\n").ok();
    }
    folder
}

/// One event of a class that many queries ask for.
fn one_event() -> Arc<dyn EventSource> {
    let position = |name| u16::try_from(schema::EVENTS.position(name).unwrap_or_default()).unwrap_or_default();
    let mut fields = vec![
        (position("starttime"), Value::Integer(1_714_564_800_000)),
        (position("devicetype"), Value::Integer(12)),
        (position("Event ID"), Value::Text("1".into())),
        (position("Process Path"), Value::Text(r"C:\Windows\System32\sc.exe".into())),
    ];
    fields.sort_unstable_by_key(|(index, _)| *index);
    let locator = Locator { file: "one".into(), record: 1, offset: 0 };
    let event = Event { locator, fields, properties: Vec::new() };
    Arc::new(MemorySource::new(vec![("one".into(), vec![event])]))
}

#[test]
fn every_sample_query_runs() {
    let Some(folder) = samples() else { return };
    let environment = Environment::new(1_714_564_800_000);
    let source = one_event();
    let mut failures = Vec::new();
    let (mut run, mut longest) = (0, (0, String::new()));
    for name in ["collected.jsonl", "from-sigma.jsonl", "from-stix-shifter.jsonl"] {
        let text = std::fs::read_to_string(folder.join("aql").join(name)).expect("the samples can be read");
        for (number, line) in text.lines().enumerate() {
            let sample: serde_json::Value = serde_json::from_str(line).expect("a sample is JSON");
            let aql = ["aql", "query", "text"].iter().find_map(|it| sample[*it].as_str()).unwrap_or_default();
            // Translated queries are much alike: one in five, and every large one.
            if name != "collected.jsonl" && number % 5 != 0 && aql.len() < LARGE {
                continue;
            }
            let compiled = aql::compile(aql, &Options::new(environment.clone()));
            let Some(bound) = compiled.query else { continue };
            let started = Instant::now();
            let options = QueryOptions::default();
            let outcome = query(&bound, &environment, &source, &options)
                .and_then(|rows| rows.map(|it| it.map(|it| it.num_rows())).sum::<engine::Result<usize>>());
            if let Err(error) = outcome {
                failures.push(format!("{name}:{}: {error}", number + 1));
            }
            run += 1;
            longest =
                longest.max((started.elapsed().as_millis(), format!("{name}:{} ({} bytes)", number + 1, aql.len())));
        }
    }
    std::io::Write::write_all(
        &mut std::io::stderr(),
        format!("{run} queries ran, the longest {} ms: {}\n", longest.0, longest.1).as_bytes(),
    )
    .ok();
    assert!(run > 400, "only {run} queries compiled");
    assert!(failures.is_empty(), "{} of {run}:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_scan_of_logs_is_the_same_on_any_number_of_threads() {
    let Some(folder) = samples() else { return };
    let options = Options::new(Environment::new(0));
    let subject = |text: &str| {
        let compiled = aql::compile(text, &options);
        let query = compiled.query.unwrap_or_else(|| panic!("{text}: {:?}", compiled.diagnostics));
        Subject::new(Arc::new(query))
    };
    let subjects = [
        "SELECT starttime, \"Service Name\", ImagePath FROM events WHERE EventID IN (7045, 4697)",
        "SELECT CommandLine FROM events WHERE CommandLine IMATCHES '(^|\\\\)sc(\\.exe)?( |$)' AND EventID = 1",
        "SELECT EventID, COUNT(*) AS events FROM events GROUP BY EventID ORDER BY events DESC, EventID",
        "SELECT UTF8(payload) AS xml FROM events WHERE UTF8(payload) ILIKE '%psexesvc%'",
    ]
    .map(subject);
    let scanned = |threads| {
        let input = Input::open(&[folder.join("evtx")], &InputOptions::default()).expect("the folder can be read");
        let source: Arc<dyn EventSource> = Arc::new(FileSource::new(input, Recovery::default()));
        let read = ReadSettings { threads, ..ReadSettings::default() };
        let options = ScanOptions { read, memory: MEMORY_DEFAULT };
        let mut matches = Vec::new();
        let summary = scan(&subjects, &Environment::new(0), &source, &options, &mut |it| {
            matches.push(it);
            Ok(())
        });
        (matches, summary.expect("the scan runs"))
    };
    let started = Instant::now();
    let (matches, summary) = scanned(1);
    let seconds = started.elapsed().as_secs_f64();
    let statistics = &summary.statistics;
    let figures = format!(
        "{} files, {} events, {} damaged, {:?} matches, {seconds:.1} s, {:?} bytes at most\n",
        statistics.files,
        statistics.events,
        statistics.damage.count(),
        summary.matches,
        engine::peak_memory(),
    );
    std::io::Write::write_all(&mut std::io::stderr(), figures.as_bytes()).ok();
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    assert!(summary.matches.iter().all(|it| *it > 0), "{:?}", summary.matches);
    let (again, _) = scanned(4);
    assert!(matches == again, "matches depend on the number of threads");
}

#[test]
fn the_published_queries_return_rows() {
    let Some(folder) = samples() else { return };
    let Some(seeds) = std::env::var_os("PROSPERO_SEEDS").map(PathBuf::from) else { return };
    let mut options = Options::new(Environment::new(0));
    options.escapes = aql::Escapes::CStyle;
    let input = Input::open(&[folder.join("evtx")], &InputOptions::default()).expect("the folder can be read");
    let source: Arc<dyn EventSource> = Arc::new(FileSource::new(input, Recovery::default()));
    for entry in std::fs::read_dir(seeds).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        let page = std::fs::read_to_string(&path).expect("the page can be read");
        let start = page.find("SELECT").expect("the page has a query");
        let end = page.find("LAST 24 HOURS").expect("the query has a time clause");
        // The samples are years apart: the window is left out.
        let compiled = aql::compile(&page[start..end], &options);
        let bound = compiled.query.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        let rows = query(&bound, &Environment::new(0), &source, &QueryOptions::default()).expect("the query runs");
        let rows: usize = rows.map(|it| it.expect("the query runs").num_rows()).sum();
        std::io::Write::write_all(&mut std::io::stderr(), format!("{}: {rows} rows\n", path.display()).as_bytes()).ok();
        assert!(rows > 0, "{}", path.display());
    }
}

#[test]
fn translated_detections_scan_together_as_they_do_alone() {
    let Some(folder) = samples() else { return };
    let environment = Environment::new(0);
    let text = std::fs::read_to_string(folder.join("aql/from-sigma.jsonl")).expect("the samples can be read");
    let mut subjects = Vec::new();
    for line in text.lines().step_by(10).filter(|it| it.len() < LARGE && it.contains("windows")) {
        let sample: serde_json::Value = serde_json::from_str(line).expect("a sample is JSON");
        let compiled = aql::compile(sample["aql"].as_str().unwrap_or_default(), &Options::new(environment.clone()));
        subjects.extend(compiled.query.map(|it| Subject::new(Arc::new(it))));
    }
    let input = Input::open(&[folder.join("evtx")], &InputOptions::default()).expect("the folder can be read");
    let source: Arc<dyn EventSource> = Arc::new(FileSource::new(input, Recovery::default()));
    let options = ScanOptions { read: ReadSettings::default(), memory: MEMORY_DEFAULT };
    let started = Instant::now();
    let summary = scan(&subjects, &environment, &source, &options, &mut |_| Ok(())).expect("the scan runs");
    let figures = format!(
        "{} detections, {} events, {} matches, {} silent, {:.1} s\n",
        subjects.len(),
        summary.statistics.events,
        summary.matches.iter().sum::<u64>(),
        summary.silent.len(),
        started.elapsed().as_secs_f64(),
    );
    std::io::Write::write_all(&mut std::io::stderr(), figures.as_bytes()).ok();
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    for silence in &summary.silent {
        assert_eq!(summary.matches[silence.detection], 0);
    }
    let fired = summary.matches.iter().enumerate().filter(|(_, count)| **count > 0);
    for (detection, count) in fired.take(5) {
        let rows = query(&subjects[detection].query, &environment, &source, &QueryOptions::default());
        let rows: usize = rows.expect("it runs").map(|it| it.expect("it runs").num_rows()).sum();
        assert_eq!(rows as u64, *count, "{detection}");
    }
}
