//! Real queries compile and lower. They are other people's data, outside of this repository: the folder named by
//! `PROSPERO_SAMPLES` holds `aql/*.jsonl`; without it the test is skipped.

#![expect(clippy::print_stderr, reason = "tells what was skipped and how long it took")]

use std::path::PathBuf;
use std::time::Instant;

use aql::{Environment, LowerOptions, Options, compile};
use serde_json::Value;

/// The tiers of `collected.jsonl` that come from people who ran their queries.
const TRUSTED: [&str; 3] = ["ibm-docs", "vendor-integration", "practitioner-snippet"];

fn lines(file: &str) -> Option<Vec<Value>> {
    let folder = PathBuf::from(std::env::var_os("PROSPERO_SAMPLES")?);
    let text = std::fs::read_to_string(folder.join("aql").join(file)).expect("the samples can be read");
    Some(text.lines().map(|it| serde_json::from_str(it).expect("a line is JSON")).collect())
}

/// The errors of a query: of compiling, or of lowering with time clauses and order.
fn errors(query: &str, options: &Options) -> Vec<String> {
    let compiled = compile(query, options);
    let errors = compiled.diagnostics.iter().filter(|it| it.is_error());
    let mut errors: Vec<String> = errors.map(|it| format!("{} at {:?}: {}", it.id, it.span, it.message)).collect();
    let Some(bound) = compiled.query else {
        assert!(!errors.is_empty(), "no query and no error: {query}");
        return errors;
    };
    let now = options.environment.now;
    let resolve = |window: Option<&aql::bound::Window>| window.map(|it| it.resolve(now, &|_| None));
    let lower = LowerOptions::new(&options.environment).with_time(&resolve).with_newest_first();
    if let Err(error) = bound.lower(&lower) {
        errors.push(format!("lowering: {error}"));
    }
    errors
}

fn check(file: &str, wanted: impl Fn(&Value) -> bool) {
    let Some(lines) = lines(file) else {
        eprintln!("skipped: PROSPERO_SAMPLES is not set");
        return;
    };
    let options = Options::new(Environment::new(1_700_000_000_000));
    let started = Instant::now();
    let (mut failed, mut slowest) = (Vec::new(), (0, 0));
    for line in lines.iter().filter(|it| wanted(it)) {
        let query = line["aql"].as_str().expect("a line has a query");
        let begun = Instant::now();
        let errors = errors(query, &options);
        slowest = slowest.max((begun.elapsed().as_millis(), query.len()));
        if !errors.is_empty() {
            let shown: String = query.chars().take(600).collect();
            failed.push(format!("{shown}\n    {}", errors.join("\n    ")));
        }
    }
    eprintln!("{file}: {} ms, slowest {} ms for {} bytes", started.elapsed().as_millis(), slowest.0, slowest.1);
    assert!(failed.is_empty(), "{} of {} queries fail:\n{}", failed.len(), lines.len(), failed.join("\n"));
}

#[test]
fn queries_made_from_sigma_rules() {
    check("from-sigma.jsonl", |_| true);
}

#[test]
fn queries_of_stix_shifter() {
    check("from-stix-shifter.jsonl", |_| true);
}

#[test]
fn collected_queries_of_trusted_sources() {
    check("collected.jsonl", |it| {
        let is_trusted = it["tier"].as_str().is_some_and(|it| TRUSTED.contains(&it));
        is_trusted && it["broken"].is_null() && it["suspect"].is_null()
    });
}

/// The longest that checking a query may take in a build without optimisation on a busy machine: twenty times what users
/// wait at most. `cargo xtask lint-corpus` in a release build has the times themselves.
const CHECK_MAX: std::time::Duration = std::time::Duration::from_secs(1);

/// A query of which one is known, 760 kB of it: it may take longer.
const LONG_QUERY: usize = 500_000;

#[test]
fn lints_take_any_query_and_little_time() {
    let options = Options::new(Environment::new(1_700_000_000_000));
    for file in ["collected.jsonl", "from-sigma.jsonl", "from-stix-shifter.jsonl"] {
        let Some(lines) = lines(file) else {
            eprintln!("skipped: PROSPERO_SAMPLES is not set");
            return;
        };
        let (mut slowest, mut findings) = (std::time::Duration::ZERO, 0);
        for (index, line) in lines.iter().enumerate() {
            let query = line["aql"].as_str().expect("a line has a query");
            let check = || {
                let begun = Instant::now();
                let count = aql::check(query, &options).len();
                (begun.elapsed(), count)
            };
            let (mut time, count) = check();
            for _ in 0..3 {
                if time > CHECK_MAX {
                    time = time.min(check().0);
                }
            }
            findings += count;
            if query.len() < LONG_QUERY {
                assert!(time < CHECK_MAX, "{file}:{}: {} ms", index + 1, time.as_millis());
                slowest = slowest.max(time);
            }
        }
        eprintln!("{file}: {findings} findings, slowest {} ms", slowest.as_millis());
    }
}

#[test]
fn broken_queries_are_refused() {
    let Some(lines) = lines("collected.jsonl") else { return };
    let options = Options::new(Environment::new(1_700_000_000_000));
    let mut accepted = Vec::new();
    for line in lines.iter().filter(|it| it["broken"] == Value::Bool(true)) {
        let query = line["aql"].as_str().expect("a line has a query");
        if errors(query, &options).is_empty() {
            accepted.push(query);
        }
    }
    assert!(accepted.is_empty(), "broken queries are accepted:\n{}", accepted.join("\n"));
}

/// The two published pages that this project grew from: a query from SELECT to its time clause, prose around it.
#[test]
fn published_pages() {
    let Some(samples) = std::env::var_os("PROSPERO_SAMPLES") else { return };
    let Ok(files) = std::fs::read_dir(PathBuf::from(samples).join("../seeds")) else { return };
    for file in files {
        let text = std::fs::read_to_string(file.expect("a page can be listed").path()).expect("a page can be read");
        let end_mark = "LAST 24 HOURS";
        let begin = text.find("SELECT").expect("a page has a query");
        let end = text.find(end_mark).expect("a query has a time clause") + end_mark.len();
        let query = &text[begin..end];
        let strict = Options::new(Environment::new(1_700_000_000_000));
        let c_style = Options { escapes: aql::Escapes::CStyle, ..strict.clone() };
        assert_eq!(errors(query, &c_style), Vec::<String>::new());
        assert_eq!(errors(query, &strict), Vec::<String>::new());
        let says =
            |options: &Options| compile(query, options).diagnostics.iter().any(|it| it.id == "doubled-backslash");
        assert!(says(&strict) && !says(&c_style), "doubled backslashes are reported under strict only");
    }
}
