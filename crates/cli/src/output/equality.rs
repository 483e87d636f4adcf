//! How two queries compare, for people and as JSON.

use std::fmt::Write as _;

use engine::{Equality, EventJson, NearMiss, Only, OnlyExample, Relation, event_json};
use serde_json::{Value, json};

use super::table::{cut, printable};
use crate::queries::NamedQuery;

/// How much of a line is printed, in columns of a terminal.
const LINE_MAX: usize = 200;

/// For people.
pub(crate) fn text(equality: &Equality, queries: [&NamedQuery; 2]) -> String {
    let names = ["A", "B"];
    let mut text = String::new();
    for (letter, query) in names.iter().zip(queries) {
        let _ = writeln!(text, "{letter}  {}", query.name);
    }
    let _ = writeln!(text, "\n{}", verdict(equality));
    for (position, only) in [&equality.first, &equality.second].into_iter().enumerate() {
        let (one, other) = (names[position], names[1 - position]);
        let _ = writeln!(text, "\nevents that only {one} matches: {}", known(only, equality));
        if let Some(example) = &only.example {
            example_text(&mut text, example, one, other);
        }
    }
    text
}

fn verdict(equality: &Equality) -> String {
    match equality.relation() {
        Relation::Equal => "equal: both match the same events; proven".to_owned(),
        Relation::FirstWithin => "B matches all that A matches, and more; proven".to_owned(),
        Relation::SecondWithin => "A matches all that B matches, and more; proven".to_owned(),
        Relation::Different => "different: an event tells them apart".to_owned(),
        Relation::Undecided => match &equality.not_provable {
            Some(reason) => format!("not decided: {reason}"),
            None => "not decided: no proof and no event that tells them apart".to_owned(),
        },
    }
}

/// What is known of one direction.
fn known(only: &Only, equality: &Equality) -> String {
    if only.never {
        return "none, proven".to_owned();
    }
    if only.example.is_some() {
        return "there are".to_owned();
    }
    let searched = equality.generated + equality.searched;
    if searched == 0 {
        return "not decided".to_owned();
    }
    let (made, read) = (equality.generated, equality.searched);
    format!(
        "not decided; searched {} ({made} made from the queries, {read} of logs), found none",
        super::count(searched, "event")
    )
}

fn example_text(text: &mut String, example: &OnlyExample, one: &str, other: &str) {
    let found = &example.found;
    if let Some(place) = &found.locator {
        let _ = writeln!(text, "  for example {}:{}", printable(&place.file), place.record);
    }
    for (name, value) in found.event.as_deref().map(event_json).unwrap_or_default() {
        let _ = writeln!(text, "    {}", cut(&printable(&format!("{name} = {}", plain(&value))), LINE_MAX));
    }
    let _ = writeln!(text, "  {one} matches it:");
    for reason in found.why.as_ref().map_or_else(Vec::new, engine::Why::reasons) {
        let line = format!("{} {} '{}'  in  {}", reason.field, reason.operator, reason.literal, reason.value);
        let _ = writeln!(text, "    {}", cut(&printable(&line), LINE_MAX));
    }
    let Some(NearMiss::Event { tests, .. }) = &example.missed else { return };
    let _ = writeln!(text, "  {other} does not, because it fails:");
    for test in tests.iter().filter(|it| !it.holds) {
        let _ = writeln!(text, "    {}", cut(&printable(&test.text), LINE_MAX));
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// For machines.
pub(crate) fn json(equality: &Equality, queries: [&NamedQuery; 2]) -> Value {
    let relation = match equality.relation() {
        Relation::Equal => "equal",
        Relation::FirstWithin => "a_within_b",
        Relation::SecondWithin => "b_within_a",
        Relation::Different => "different",
        Relation::Undecided => "undecided",
    };
    let is_proven = matches!(equality.relation(), Relation::Equal | Relation::FirstWithin | Relation::SecondWithin);
    json!({
        "a": queries[0].name,
        "b": queries[1].name,
        "relation": relation,
        "proven": is_proven,
        "only_a": only_json(&equality.first),
        "only_b": only_json(&equality.second),
        "generated": equality.generated,
        "searched": equality.searched,
        "not_provable": equality.not_provable,
    })
}

fn only_json(only: &Only) -> Value {
    let example = only.example.as_ref().map(|it| {
        let reasons = it.found.why.as_ref().map_or_else(Vec::new, engine::Why::reasons);
        let why = reasons
            .iter()
            .map(|it| json!({ "field": it.field, "operator": it.operator, "literal": it.literal, "value": it.value }));
        let fails: Vec<&str> = match &it.missed {
            Some(NearMiss::Event { tests, .. }) => {
                tests.iter().filter(|it| !it.holds).map(|it| it.text.as_str()).collect()
            }
            _ => Vec::new(),
        };
        let place = it.found.locator.as_ref().map(|it| json!({ "file": *it.file, "record": it.record }));
        let event = it.found.event.as_deref().map(EventJson);
        json!({ "source": place, "event": event, "why": why.collect::<Vec<_>>(), "fails": fails })
    });
    json!({ "never": only.never, "example": example })
}
