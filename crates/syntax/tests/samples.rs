//! Real queries, read from the folder that `PROSPERO_SAMPLES` names: each parses and prints back, or is refused.

#![allow(clippy::print_stderr, reason = "says that it was skipped")]

use std::path::PathBuf;

use serde_json::Value;
use syntax::{parse_query, print_query};

/// The tiers whose queries ran somewhere.
const TRUSTED: [&str; 3] = ["ibm-docs", "vendor-integration", "practitioner-snippet"];

fn rows(file: &str) -> Vec<Value> {
    let Some(folder) = std::env::var_os("PROSPERO_SAMPLES") else {
        eprintln!("skipped: PROSPERO_SAMPLES is not set");
        return Vec::new();
    };
    let path = PathBuf::from(folder).join("aql").join(file);
    let text = std::fs::read_to_string(&path).expect("the samples can be read");
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn aql(row: &Value) -> &str {
    row["aql"].as_str().expect("each row has a query")
}

/// What is wrong with the query, if anything.
fn fault(text: &str) -> Option<String> {
    let (query, diagnostics) = parse_query(text);
    if let Some(error) = diagnostics.iter().find(|it| it.is_error()) {
        return Some(format!("[{}] {}", error.id, error.message));
    }
    let printed = print_query(&query);
    let (again, diagnostics) = parse_query(&printed);
    if let Some(error) = diagnostics.first() {
        return Some(format!("printed as {printed}: {}", error.message));
    }
    (again != query).then(|| format!("printed as another query: {printed}"))
}

fn check(file: &str, is_wanted: impl Fn(&Value) -> bool) {
    let mut faults = Vec::new();
    for (index, row) in rows(file).iter().enumerate().filter(|(_, row)| is_wanted(row)) {
        if let Some(fault) = fault(aql(row)) {
            faults.push(format!("{file}:{}: {fault}\n  {:.300}", index + 1, aql(row)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn sigma_conversions_parse_and_print_back() {
    check("from-sigma.jsonl", |_| true);
}

#[test]
fn stix_shifter_queries_parse_and_print_back() {
    check("from-stix-shifter.jsonl", |_| true);
}

#[test]
fn trusted_queries_parse_and_print_back() {
    let is_trusted = |row: &Value| row["tier"].as_str().is_some_and(|it| TRUSTED.contains(&it));
    check("collected.jsonl", |row| is_trusted(row) && row.get("broken").is_none() && row.get("suspect").is_none());
}

#[test]
fn broken_queries_are_refused() {
    let rows = rows("collected.jsonl");
    let broken = rows.iter().filter(|row| row["broken"] == true).map(aql);
    let passed: Vec<_> = broken.filter(|text| fault(text).is_none()).collect();
    assert!(passed.is_empty(), "not refused: {passed:#?}");
}

#[test]
fn published_pages_parse_and_print_back() {
    const END: &str = "LAST 24 HOURS";
    let Some(folder) = std::env::var_os("PROSPERO_SAMPLES") else { return };
    let seeds = PathBuf::from(folder).join("../seeds");
    for entry in std::fs::read_dir(seeds).expect("the pages stand beside the samples") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a page is text");
        let start = text.find("\nSELECT").expect("a query begins") + 1;
        let end = text.find(END).expect("a query ends") + END.len();
        assert_eq!(fault(&text[start..end]), None);
        let (_, diagnostics) = parse_query(&text[start..]);
        let ids: Vec<_> = diagnostics.iter().map(|it| it.id).collect();
        assert_eq!(ids, ["text-after-query"], "the prose behind the query is named once");
    }
}
