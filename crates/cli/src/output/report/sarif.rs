//! Findings as SARIF 2.1.0 (OASIS, 27 March 2020), with the documentation of the lints as rules and the fixes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use aql::lints::{LINTS, Lint};
use serde_json::{Value, json};
use syntax::{Diagnostic, Fix, Safety, Severity};

use super::place::Lines;
use super::{Report, message};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The log with its one run.
pub(super) fn log(reports: &[Report<'_>]) -> Value {
    let rules = rules(reports);
    let names: Vec<&str> = rules.iter().filter_map(|it| it["id"].as_str()).collect();
    let results: Vec<Value> = reports.iter().flat_map(|it| results(it, &names)).collect();
    let driver = json!({
        "name": "prospero",
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules,
    });
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "columnKind": "utf16CodeUnits", "results": results }],
    })
}

/// All lints, and what else was said, by name.
fn rules(reports: &[Report<'_>]) -> Vec<Value> {
    let said = reports.iter().flat_map(|it| it.diagnostics).map(|it| it.id);
    let names: BTreeSet<&str> = LINTS.iter().map(|it| it.name).chain(said).collect();
    names.into_iter().map(|name| aql::lints::lint(name).map_or_else(|| json!({ "id": name }), rule)).collect()
}

fn rule(lint: &Lint) -> Value {
    json!({
        "id": lint.name,
        "shortDescription": { "text": lint.summary() },
        "fullDescription": { "text": lint.summary() },
        "help": { "text": lint.documentation(), "markdown": lint.documentation() },
        "defaultConfiguration": { "level": level(lint.severity) },
        "properties": { "tags": [lint.group.name()] },
    })
}

fn results(report: &Report<'_>, names: &[&str]) -> Vec<Value> {
    let lines = Lines::new(report.text);
    report.diagnostics.iter().map(|it| result(report, &lines, it, names)).collect()
}

fn result(report: &Report<'_>, lines: &Lines<'_>, said: &Diagnostic, names: &[&str]) -> Value {
    let location = |span| json!({ "artifactLocation": { "uri": uri(report.name) }, "region": lines.region(span) });
    let mut result = json!({
        "ruleId": said.id,
        "ruleIndex": names.binary_search(&said.id).ok(),
        "level": level(said.severity),
        "message": { "text": message(said) },
        "locations": [{ "physicalLocation": location(said.span) }],
    });
    if !said.labels.is_empty() {
        let related = said.labels.iter().enumerate().map(|(index, it)| {
            json!({ "id": index, "message": { "text": it.message }, "physicalLocation": location(it.span) })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = said.fix.as_ref().filter(|it| !it.edits.is_empty()) {
        result["fixes"] = json!([fix_of(report, lines, said, fix)]);
    }
    result
}

fn fix_of(report: &Report<'_>, lines: &Lines<'_>, said: &Diagnostic, fix: &Fix) -> Value {
    let mut edits: Vec<_> = fix.edits.iter().collect();
    edits.sort_by_key(|it| it.0);
    let replacements = edits
        .iter()
        .map(|(span, text)| json!({ "deletedRegion": lines.region(*span), "insertedContent": { "text": text } }));
    let risk = match fix.safety {
        Safety::Safe => "",
        Safety::Unsafe => " (may change results)",
        Safety::DisplayOnly => " (a guess)",
    };
    let help = said.help.as_deref().unwrap_or("write instead");
    json!({
        "description": { "text": format!("{help}{risk}") },
        "artifactChanges": [{
            "artifactLocation": { "uri": uri(report.name) },
            "replacements": replacements.collect::<Vec<_>>(),
        }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A path as a reference in the sense of RFC 3986: relative where it is, with forward slashes.
fn uri(name: &str) -> String {
    let path = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
    let mut text = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    if text.starts_with('/') { format!("file://{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_references() {
        let cases = [
            ("a b/c.aql", "a%20b/c.aql"),
            ("./x.md", "x.md"),
            ("/srv/\u{e4}.md", "file:///srv/%C3%A4.md"),
            ("<query>", "%3Cquery%3E"),
        ];
        for (name, expected) in cases {
            assert_eq!(uri(name), expected);
        }
    }
}
