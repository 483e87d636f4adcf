//! What logs allow detections: which fired, which might, which cannot and for lack of what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use engine::{Lack, describe};
use serde_json::{Value, json};

use super::Table;
use super::table::cut;
use crate::check::data::{Allowed, Asked};
use crate::output;

/// Names in a list that is not the last word.
const NAMED_MAX: usize = 6;
/// The widest that the text of a test is shown.
const TEST_WIDTH: usize = 90;
/// Tests that are shown of a detection.
const TESTS_SHOWN: usize = 3;

/// The report for people.
pub(crate) fn text(asked: &[Asked], allowed: &Allowed) -> String {
    let mut text = String::new();
    let by = |verdict: Verdict| (0..asked.len()).filter(move |it| verdict == of(allowed, *it)).collect::<Vec<_>>();
    let fired = by(Verdict::Fired);
    let _ = writeln!(text, "Fired: {}", output::count(fired.len() as u64, "detection"));
    for it in fired {
        fired_one(it, &asked[it], allowed, &mut text);
    }
    let might = by(Verdict::Might);
    let _ = writeln!(text, "\nCould fire, nothing that they need is lacking: {}", might.len());
    for it in might {
        let _ =
            writeln!(text, "  {}  ({} of the kinds it asks for)", asked[it].name, events(allowed.firing[it].events));
        silent_branches(&asked[it], it, allowed, &mut text);
    }
    let cannot = by(Verdict::Cannot);
    let _ = writeln!(text, "\nCannot fire on these logs: {}", cannot.len());
    cannot_fire(&cannot, asked, allowed, &mut text);
    let failed = by(Verdict::Failed);
    if !failed.is_empty() {
        let _ = writeln!(text, "\nCould not be evaluated: {}", named(&failed, asked));
    }
    let _ = writeln!(text, "\nFields, in the events of the kinds that the detections ask for");
    let _ = write!(text, "{}", rates(allowed));
    text
}

/// What became of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fired,
    Might,
    Cannot,
    Failed,
}

impl Verdict {
    const fn name(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Might => "could fire",
            Self::Cannot => "cannot fire",
            Self::Failed => "failed",
        }
    }
}

fn of(allowed: &Allowed, detection: usize) -> Verdict {
    if allowed.summary.failures.contains_key(&detection) {
        Verdict::Failed
    } else if allowed.fired[detection].0 > 0 {
        Verdict::Fired
    } else if allowed.firing[detection].lack.is_none() {
        Verdict::Might
    } else {
        Verdict::Cannot
    }
}

fn fired_one(detection: usize, asked: &Asked, allowed: &Allowed, text: &mut String) {
    let (matches, _) = &allowed.fired[detection];
    let of = events(allowed.firing[detection].events);
    let _ = writeln!(text, "  {}  {} in {of}", asked.name, output::count_matches(*matches));
    silent_branches(asked, detection, allowed, text);
}

/// The branches that cannot fire, and why.
fn silent_branches(asked: &Asked, detection: usize, allowed: &Allowed, text: &mut String) {
    for (label, lack) in asked.branches.labels.iter().zip(&allowed.firing[detection].branches) {
        let Some(lack) = lack else { continue };
        let _ = writeln!(text, "    branch `{}` cannot: {}", cut(label, TEST_WIDTH), in_words(lack, &asked.text));
    }
}

/// Detections by what they lack; those that lack a value each with its tests.
fn cannot_fire(detections: &[usize], asked: &[Asked], allowed: &Allowed, text: &mut String) {
    let mut groups: BTreeMap<(u8, String), Vec<usize>> = BTreeMap::new();
    for it in detections {
        let Some(lack) = &allowed.firing[*it].lack else { continue };
        groups.entry(heading(lack)).or_default().push(*it);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((kind, _), members)| (*kind, usize::MAX - members.len()));
    for ((_, heading), members) in groups {
        let count = output::count(members.len() as u64, "detection");
        let _ = writeln!(text, "  {heading} ({count})");
        let with_tests = |it: &&usize| matches!(allowed.firing[**it].lack, Some(Lack::Values { .. }));
        if members.iter().any(|it| with_tests(&it)) {
            for it in members.iter().take(NAMED_MAX) {
                let Some(Lack::Values { tests, .. }) = &allowed.firing[*it].lack else { continue };
                let _ = writeln!(text, "    {}: {}", asked[*it].name, tests_of(tests, &asked[*it].text));
            }
            if members.len() > NAMED_MAX {
                let _ = writeln!(text, "    and {} more", members.len() - NAMED_MAX);
            }
        } else {
            let _ = writeln!(text, "    {}", named(&members, asked));
        }
    }
}

/// What stands over detections that lack the same, with the rank of its kind.
fn heading(lack: &Lack) -> (u8, String) {
    match lack {
        Lack::LogSource { wanted } => (0, format!("log source silent: {wanted}")),
        Lack::EventId { wanted } => (1, format!("event never seen: {wanted}")),
        Lack::Fields { class, events, fields } => {
            (2, format!("never filled in the {} of {class}: {}", self::events(*events), fields.join(", ")))
        }
        Lack::Values { class, events, .. } => {
            (3, format!("no value passes in the {} of {class}", self::events(*events)))
        }
    }
}

fn in_words(lack: &Lack, query: &str) -> String {
    match lack {
        Lack::Values { tests, .. } => format!("{}: {}", heading(lack).1, tests_of(tests, query)),
        _ => heading(lack).1,
    }
}

fn tests_of(tests: &[syntax::Span], query: &str) -> String {
    let source = |it: &syntax::Span| {
        let line = query.get(it.start..it.end).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        format!("`{}`", cut(&line, TEST_WIDTH))
    };
    let mut shown: Vec<String> = Vec::new();
    for test in tests.iter().map(source) {
        if !shown.contains(&test) {
            shown.push(test);
        }
    }
    let more = shown.len().saturating_sub(TESTS_SHOWN);
    shown.truncate(TESTS_SHOWN);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", shown.join(", "))
}

fn named(detections: &[usize], asked: &[Asked]) -> String {
    let mut names: Vec<&str> = detections.iter().take(NAMED_MAX).map(|it| asked[*it].name.as_str()).collect();
    let rest = format!("and {} more", detections.len().saturating_sub(NAMED_MAX));
    if detections.len() > NAMED_MAX {
        names.push(&rest);
    }
    names.join(", ")
}

fn events(count: u64) -> String {
    output::count(count, "event")
}

fn rates(allowed: &Allowed) -> Table {
    let mut table = Table::new(["field", "read by", "filled", "of events", "percent"]);
    for rate in &allowed.rates {
        let name = schema::EVENTS.fields.get(rate.field).map_or("", |it| it.name);
        let percent = rate.filled as f64 * 100.0 / (rate.events.max(1)) as f64;
        table.row([
            name.to_owned(),
            output::count(rate.detections as u64, "detection"),
            rate.filled.to_string(),
            rate.events.to_string(),
            format!("{percent:.1}"),
        ]);
    }
    table
}

/// The report for programs.
pub(crate) fn to_json(asked: &[Asked], allowed: &Allowed) -> Value {
    let detections: Vec<_> = (0..asked.len()).map(|it| detection_json(it, &asked[it], allowed)).collect();
    let fields = allowed.rates.iter().map(|it| {
        let name = schema::EVENTS.fields.get(it.field).map_or("", |it| it.name);
        json!({ "field": name, "detections": it.detections, "events": it.events, "filled": it.filled })
    });
    let kinds = allowed.summary.facts.classes().into_iter().map(|(class, events)| {
        json!({
            "kind": describe(class),
            "log_source_type": class.device_type,
            "channel": class.channel,
            "event_id": class.event_id,
            "events": events,
        })
    });
    json!({
        "events": allowed.summary.statistics.events,
        "kinds": kinds.collect::<Vec<_>>(),
        "detections": detections,
        "fields": fields.collect::<Vec<_>>(),
    })
}

fn detection_json(index: usize, asked: &Asked, allowed: &Allowed) -> Value {
    let firing = &allowed.firing[index];
    let (matches, of_branches) = &allowed.fired[index];
    let branches = asked.branches.labels.iter().zip(of_branches).zip(&firing.branches).map(|((label, matches), lack)| {
        json!({ "branch": label, "matches": matches, "lacks": lack.as_ref().map(|it| lack_json(it, &asked.text)) })
    });
    json!({
        "name": asked.name,
        "verdict": of(allowed, index).name(),
        "matches": matches,
        "events": firing.events,
        "bytes": firing.bytes,
        "lacks": firing.lack.as_ref().map(|it| lack_json(it, &asked.text)),
        "failure": allowed.summary.failures.get(&index),
        "branches": branches.collect::<Vec<_>>(),
    })
}

fn lack_json(lack: &Lack, query: &str) -> Value {
    match lack {
        Lack::LogSource { wanted } => json!({ "what": "log source", "wanted": wanted }),
        Lack::EventId { wanted } => json!({ "what": "event id", "wanted": wanted }),
        Lack::Fields { class, events, fields } => {
            json!({ "what": "field", "kind": class, "events": events, "fields": fields })
        }
        Lack::Values { class, events, tests } => {
            let tests: Vec<_> = tests.iter().map(|it| query.get(it.start..it.end).unwrap_or_default()).collect();
            json!({ "what": "value", "kind": class, "events": events, "tests": tests })
        }
    }
}
