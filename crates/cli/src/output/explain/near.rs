//! Events that came near to a match.

use std::fmt::Write as _;

use engine::event_json;
use engine::explain::{NearEvent, NearMisses};
use serde_json::{Value, json};

use crate::output::matches::Palette;
use crate::output::table::printable;
use crate::output::time::rfc3339;
use crate::output::{count, count_matches, why};

/// The events as text, the nearest first.
pub(crate) fn near_text(found: &NearMisses, palette: Palette) -> String {
    let mut text = String::new();
    let mut tests = None;
    for near in &found.events {
        if tests.replace(near.tests) != Some(near.tests) {
            let away = format!("{} away", count(u64::from(near.tests), "condition"));
            let _ = writeln!(text, "{}", palette.paint("1", &away));
        }
        let _ = writeln!(text, "  {}", head(near, palette));
        text.push_str(&why::needed_text(&near.needed, 6, palette.with_quotes()));
    }
    if !found.events.is_empty() {
        text.push('\n');
    }
    text
}

/// What was found, in a line.
pub(crate) fn near_summary(found: &NearMisses) -> String {
    let shown = found.events.len() as u64;
    let more = if found.count > shown { format!(", the first {shown} shown") } else { String::new() };
    format!(
        "{} near{more}; {}; {} of other classes; {} read",
        count(found.count, "event"),
        count_matches(found.matches),
        count(found.other_classes, "event"),
        count(found.statistics.events + found.statistics.recovered, "event"),
    )
}

/// The events as JSON.
pub(crate) fn near_json(title: &str, found: &NearMisses) -> Value {
    let one = |near: &NearEvent| {
        json!({
            "source": { "file": &*near.event.locator.file, "record": near.event.locator.record },
            "conditions": near.tests,
            "needed": why::needed_json(&near.needed),
            "event": event_json(&near.event),
        })
    };
    json!({
        "query": title,
        "near": found.events.iter().map(one).collect::<Vec<_>>(),
        "count": found.count,
        "matches": found.matches,
        "other_classes": found.other_classes,
        "events": found.statistics.events + found.statistics.recovered,
    })
}

/// Time, host and place of an event.
fn head(near: &NearEvent, palette: Palette) -> String {
    let event = event_json(&near.event);
    let text = |name: &str| event.get(name).and_then(Value::as_str).map(printable);
    let time = event.get("starttime").and_then(Value::as_i64).map_or_else(|| "-".to_owned(), rfc3339);
    let host = text("Machine Identifier").or_else(|| text("logsourceidentifier")).unwrap_or_else(|| "-".to_owned());
    let class: Vec<_> = ["qideventcategory", "Event ID"].into_iter().filter_map(text).collect();
    let place = format!("{}:{}", near.event.locator.file, near.event.locator.record);
    format!("{time}  {host}  {}  {}", class.join(" "), palette.paint("2", &printable(&place)))
}
