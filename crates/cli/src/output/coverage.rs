//! Coverage as a matrix for people and as a layer for the ATT&CK Navigator.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Table;
use super::html::escape;

/// The states that a detection of a technique can be in, in the order of the columns.
pub(crate) const STATES: [(&str, &str); 4] = [
    ("mapped", "a detection names the technique"),
    ("tested", "all tests of a detection hold"),
    ("runnable", "these logs have the events and fields that a detection reads"),
    ("seen", "a detection matched in these logs"),
];

/// What stands for the detections of the sub-techniques where none names the technique itself.
pub(crate) const BY_SUB_TECHNIQUES: &str = "by its sub-techniques";

/// One detection of one technique, or a technique without any.
#[derive(Debug)]
pub(crate) struct Row {
    /// `T1543.003`
    pub(crate) technique: String,
    /// The detection; none for a technique that no detection names.
    pub(crate) detection: Option<Covered>,
}

/// How far a detection covers its techniques.
#[derive(Clone, Debug)]
pub(crate) struct Covered {
    pub(crate) id: String,
    /// Tests that hold, and all.
    pub(crate) tests: (usize, usize),
    /// Whether the logs have what it reads, and if not, what they lack; nothing without logs.
    pub(crate) runnable: Option<Result<(), String>>,
    /// Matches; nothing without logs.
    pub(crate) seen: Option<u64>,
}

impl Covered {
    /// Which of [`STATES`] it is in.
    fn states(&self) -> [bool; 4] {
        let tested = self.tests.1 > 0 && self.tests.0 == self.tests.1;
        [true, tested, matches!(self.runnable, Some(Ok(()))), self.seen.is_some_and(|it| it > 0)]
    }
}

/// The name of a technique; empty when it is not in the table.
fn name(technique: &str) -> &'static str {
    schema::tables::attack::technique(technique).map_or("", |it| it.name)
}

/// In which states the detections of each technique are: how many are in each.
fn counts(rows: &[Row]) -> BTreeMap<&str, [usize; 4]> {
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    for row in rows {
        let count = counts.entry(&row.technique).or_default();
        let states = row.detection.as_ref().map_or([false; 4], Covered::states);
        count.iter_mut().zip(states).for_each(|(count, it)| *count += usize::from(it));
    }
    counts
}

/// How many techniques have a detection in each state.
pub(crate) fn summary(rows: &[Row], with_logs: bool) -> String {
    let counts = counts(rows);
    let shown = if with_logs { &STATES[..] } else { &STATES[..2] };
    let states = shown.iter().enumerate().map(|(index, (state, _))| {
        let reached = counts.values().filter(|it| it[index] > 0).count();
        format!("{reached} {state}")
    });
    format!("{} techniques: {}", counts.len(), states.collect::<Vec<_>>().join(", "))
}

/// A line for each detection of each technique.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = Table::new(["technique", "detection", "tested", "runnable", "seen"]);
    for row in rows {
        let technique = format!("{} {}", row.technique, name(&row.technique));
        let Some(covered) = &row.detection else {
            table.row([technique.as_str(), "none", "-", "-", "-"]);
            continue;
        };
        table.row([technique.as_str(), &covered.id, &tested(covered), &runnable(covered), &seen(covered)]);
    }
    table.to_string()
}

fn tested(covered: &Covered) -> String {
    let (hold, all) = covered.tests;
    if hold == all { format!("yes ({all})") } else { format!("NO ({hold} of {all})") }
}

fn runnable(covered: &Covered) -> String {
    match &covered.runnable {
        None => "?".to_owned(),
        Some(Ok(())) => "yes".to_owned(),
        Some(Err(reason)) => format!("no: {reason}"),
    }
}

fn seen(covered: &Covered) -> String {
    match covered.seen {
        None => "?".to_owned(),
        Some(0) => "no".to_owned(),
        Some(count) => format!("yes ({count})"),
    }
}

/// All rows as objects.
pub(crate) fn to_json(rows: &[Row]) -> Value {
    let object = |row: &Row| {
        json!({
            "technique": row.technique,
            "name": name(&row.technique),
            "detection": row.detection.as_ref().map(|it| &it.id),
            "mapped": row.detection.is_some(),
            "tested": row.detection.as_ref().map(|it| it.states()[1]),
            "tests": row.detection.as_ref().map(|it| json!({ "hold": it.tests.0, "all": it.tests.1 })),
            "runnable": row.detection.as_ref().and_then(|it| it.runnable.as_ref().map(Result::is_ok)),
            "lacks": row.detection.as_ref().and_then(|it| it.runnable.as_ref().and_then(|it| it.as_ref().err())),
            "seen": row.detection.as_ref().and_then(|it| it.seen.map(|it| it > 0)),
            "matches": row.detection.as_ref().and_then(|it| it.seen),
        })
    };
    rows.iter().map(object).collect()
}

/// A layer for the ATT&CK Navigator, format 4.5. The score of a technique is the number of states that its detections
/// reach, 0-4.
pub(crate) fn navigator(rows: &[Row]) -> Value {
    let techniques: Vec<Value> = counts(rows)
        .into_iter()
        .map(|(technique, counts)| {
            let reached = counts.iter().filter(|it| **it > 0).count();
            let mut ids: Vec<&str> = Vec::new();
            let of_technique = rows.iter().filter(|it| it.technique == technique);
            ids.extend(of_technique.filter_map(|it| it.detection.as_ref()).map(|it| it.id.as_str()));
            let metadata = STATES
                .iter()
                .zip(counts)
                .map(|((state, _), count)| json!({ "name": state, "value": count.to_string() }));
            json!({
                "techniqueID": technique,
                "score": reached,
                "comment": ids.join(", "),
                "enabled": true,
                "showSubtechniques": true,
                "metadata": metadata.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "name": "Prospero coverage",
        "versions": { "attack": "18", "navigator": "5.1.0", "layer": "4.5" },
        "domain": "enterprise-attack",
        "description": "Score: how many of these states the detections of a technique reach: mapped, tested, runnable on these logs, seen in them.",
        "techniques": techniques,
        "gradient": { "colors": ["#f1f3f5", "#8ec5ff", "#0b55b8"], "minValue": 0, "maxValue": STATES.len() },
        "legendItems": [],
        "hideDisabled": false,
        "selectTechniquesAcrossTactics": true,
    })
}

/// A self-contained matrix: a row for each technique with its detections, a column for each state.
pub(crate) fn html(rows: &[Row], with_logs: bool) -> String {
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Prospero: coverage</title>\n\
         <style>\n{}</style>\n</head>\n<body>\n<main>\n<h1>Coverage</h1>\n<p>{}.</p>\n<ul>\n",
        include_str!("report.css"),
        escape(&summary(rows, with_logs))
    );
    for (state, meaning) in STATES {
        let _ = writeln!(text, "<li><strong>{state}</strong>: {meaning}</li>");
    }
    text.push_str("</ul>\n<table>\n<thead><tr><th scope=\"col\">technique</th><th scope=\"col\">detection</th>");
    for (state, _) in &STATES[1..] {
        let _ = write!(text, "<th scope=\"col\">{state}</th>");
    }
    text.push_str("</tr></thead>\n<tbody>\n");
    let mut last = "";
    for row in rows {
        let heading =
            if row.technique == last { String::new() } else { format!("{} {}", row.technique, name(&row.technique)) };
        last = &row.technique;
        let _ = write!(text, "<tr><th scope=\"row\">{}</th>", escape(&heading));
        match &row.detection {
            None => text.push_str("<td>none</td><td>-</td><td>-</td><td>-</td>"),
            Some(covered) => {
                for cell in [covered.id.clone(), tested(covered), runnable(covered), seen(covered)] {
                    let _ = write!(text, "<td>{}</td>", escape(&cell));
                }
            }
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n</main>\n</body>\n</html>\n");
    text
}
