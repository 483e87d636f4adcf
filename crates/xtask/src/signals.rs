//! The signals that the published pages promise for their tests, and what answers each: `packs/signals.toml`.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The file.
const SIGNALS: &str = "packs/signals.toml";

/// The file as a whole.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signals {
    test: Vec<PromisedTest>,
}

/// A test with the signals that are promised for it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PromisedTest {
    name: String,
    signal: Vec<Signal>,
}

/// A signal and what answers it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signal {
    log: String,
    shows: String,
    /// `file:record`, the file below `samples/`.
    #[serde(default)]
    events: Vec<String>,
    #[serde(default)]
    pages: Vec<String>,
    row: Option<Row>,
    reason: Option<String>,
    page: Option<String>,
    says: Option<String>,
}

/// A row of a detection that looks at groups.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    page: String,
    column: String,
    value: String,
}

/// The document.
pub(crate) fn document() -> Result<String> {
    let detections = crate::detections::load(None)?;
    let link =
        |id: &str| detections.iter().find(|it| it.id == id).map_or_else(|| id.to_owned(), crate::docs::page_link);
    let mut text = crate::docs::heading("Signals of the published tests", SIGNALS);
    text.push_str(
        "For each of the eight tests that the two published pages name: the signals that they promise, the records of \
         `samples/` that are such a signal, and the detections that match them, or why none does. The tests of the \
         project hold each line.\n",
    );
    for test in read()?.test {
        let _ = writeln!(text, "\n## {}\n\n| log | signal | records | answer |\n|---|---|---|---|", test.name);
        for signal in test.signal {
            let mut answers: Vec<String> = signal.pages.iter().map(|it| link(it)).collect();
            answers.extend(
                signal.row.iter().map(|it| format!("{}, row with {} `{}`", link(&it.page), it.column, it.value)),
            );
            if let (Some(reason), Some(page), Some(says)) = (&signal.reason, &signal.page, &signal.says) {
                let reason = crate::docs::cell(reason.trim());
                answers.push(format!("none: {reason} {} says so: \"{says}\"", link(page)));
            }
            let records = signal.events.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
            let _ = writeln!(
                text,
                "| {} | {} | {records} | {} |",
                signal.log,
                crate::docs::cell(&signal.shows),
                answers.join(", ")
            );
        }
    }
    Ok(text)
}

fn read() -> Result<Signals> {
    let text =
        std::fs::read_to_string(crate::root().join(SIGNALS)).with_context(|| format!("cannot read {SIGNALS}"))?;
    toml::from_str(&text).with_context(|| format!("{SIGNALS} is wrong"))
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use pack::Detection;

    use super::*;

    /// The text of a page on one line.
    fn one_line(detection: &Detection) -> String {
        let sections = detection.sections.iter().map(|it| it.text.as_str());
        let words = std::iter::once(detection.description.as_str()).chain(sections).flat_map(str::split_whitespace);
        words.collect::<Vec<_>>().join(" ")
    }

    /// What was found in the samples: by `file:record` the ids of the detections; rows of groups.
    struct Found {
        records: HashMap<String, HashSet<String>>,
        rows: HashSet<(String, String, String)>,
    }

    fn scan(detections: &[Detection]) -> Found {
        let samples = crate::root().join("samples");
        let scan = crate::detections::scan(detections, std::slice::from_ref(&samples)).expect("the samples are read");
        let mut found = Found { records: HashMap::new(), rows: HashSet::new() };
        let prefix = format!("{}/", samples.display());
        for it in scan.matches {
            let id = detections[it.detection].id.clone();
            let Some(locator) = it.locator else {
                let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let cells = it.columns.iter().map(|(column, value)| (id.clone(), column.to_string(), text(value)));
                found.rows.extend(cells);
                continue;
            };
            let file = locator.file.strip_prefix(&prefix).unwrap_or(&locator.file).to_owned();
            found.records.entry(format!("{file}:{}", locator.record)).or_default().insert(id);
        }
        found
    }

    fn wrong(signal: &Signal, detections: &[Detection], found: &Found) -> Vec<String> {
        let mut wrong = Vec::new();
        let none = HashSet::new();
        let of = |event: &String| found.records.get(event).unwrap_or(&none);
        let named = signal.pages.iter().chain(&signal.page).chain(signal.row.iter().map(|it| &it.page));
        wrong.extend(named.filter(|id| !detections.iter().any(|it| it.id == **id)).map(|id| format!("no page {id}")));
        if signal.reason.is_some() == (signal.row.is_some() || !signal.pages.is_empty()) {
            wrong.push("pages, or a row, or a reason; not both, not none".to_owned());
        }
        for event in &signal.events {
            if !signal.pages.is_empty() && !signal.pages.iter().any(|it| of(event).contains(it)) {
                wrong.push(format!("{event}: none of {:?}, but {:?}", signal.pages, of(event)));
            }
            if signal.reason.is_some() && !of(event).is_empty() {
                wrong.push(format!("{event}: matched by {:?}, so the reason is none", of(event)));
            }
        }
        let unused = signal.pages.iter().filter(|page| !signal.events.iter().any(|it| of(it).contains(*page)));
        wrong.extend(unused.map(|it| format!("{it} matches no event of the signal")));
        if let Some(row) = &signal.row
            && !found.rows.contains(&(row.page.clone(), row.column.clone(), row.value.clone()))
        {
            wrong.push(format!("no row of {} with {} {}", row.page, row.column, row.value));
        }
        if signal.reason.is_some() {
            let says = signal.says.as_deref().unwrap_or_default();
            let page = detections.iter().find(|it| Some(&it.id) == signal.page.as_ref());
            if says.is_empty() || !page.is_some_and(|it| one_line(it).contains(says)) {
                wrong.push(format!("the page {:?} does not say `{says}`", signal.page));
            }
        }
        wrong
    }

    #[test]
    fn each_promised_signal_is_matched_or_cannot_be() {
        let detections = crate::detections::load(None).expect("the pages are good");
        let found = scan(&detections);
        let signals = read().expect("the signals can be read");
        assert_eq!(signals.test.len(), 8);
        let mut complaints = Vec::new();
        for (test, signal) in signals.test.iter().flat_map(|test| test.signal.iter().map(move |it| (test, it))) {
            let wrong = wrong(signal, &detections, &found);
            complaints.extend(wrong.iter().map(|it| format!("{}, {}: {it}", test.name, signal.log)));
        }
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}
