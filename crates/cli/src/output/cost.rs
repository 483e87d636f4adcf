//! What queries cost.

use std::fmt::Write as _;

use aql::Cost;
use serde_json::{Value, json};

use crate::check::data::{Allowed, Asked};
use crate::output;

/// Expensive tests that are shown of a query.
const EXPENSES_SHOWN: usize = 8;

/// The report for people.
pub(crate) fn text(asked: &[Asked], allowed: Option<&Allowed>) -> String {
    let mut text = String::new();
    for (index, it) in asked.iter().enumerate() {
        let cost = it.query.cost();
        let _ = writeln!(text, "{}", it.name);
        if let Some(allowed) = allowed {
            let _ = writeln!(text, "  reads      {}", read(index, allowed, &cost));
        }
        one(it, &cost, &mut text);
    }
    text
}

/// `120 of 4512 events (2.7 %), 3.4 kB of values in 5 fields`
fn read(index: usize, allowed: &Allowed, cost: &Cost) -> String {
    let firing = &allowed.firing[index];
    let all = allowed.summary.statistics.events.max(1);
    let percent = firing.events as f64 * 100.0 / all as f64;
    let fields = output::count(cost.fields.len() as u64, "field");
    format!(
        "{} of {} ({percent:.1} %), {} of values in {fields}",
        firing.events,
        output::count(all, "event"),
        bytes(firing.bytes)
    )
}

fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} B"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.1} GB", count as f64 / 1e9),
    }
}

fn one(asked: &Asked, cost: &Cost, text: &mut String) {
    let prunes =
        if cost.prunes.is_empty() { "nothing: every event is tested".to_owned() } else { cost.prunes.join("; ") };
    let _ = writeln!(text, "  prunes     {prunes}");
    let window =
        cost.window.as_deref().unwrap_or("none: QRadar reads the last five minutes, a scan of files everything");
    let _ = writeln!(text, "  time       {window}");
    let properties = if cost.reads_properties { ", and properties that no field describes" } else { "" };
    let _ = writeln!(text, "  fields     {}{properties}", cost.fields.join(", "));
    let (tests, patterns) = cost.text_tests;
    let _ = writeln!(
        text,
        "  per row    {} with {}, {} of them regular expressions",
        output::count(tests as u64, "text test"),
        output::count(patterns as u64, "pattern"),
        cost.regexes
    );
    for it in cost.expensive.iter().take(EXPENSES_SHOWN) {
        let (line, column) = syntax::line_column(&asked.text, it.span.start);
        let _ = writeln!(text, "  expensive  {line}:{column}: {}", it.why);
    }
    if cost.expensive.len() > EXPENSES_SHOWN {
        let _ = writeln!(text, "  expensive  and {} more", cost.expensive.len() - EXPENSES_SHOWN);
    }
}

/// The report for programs.
pub(crate) fn to_json(asked: &[Asked], allowed: Option<&Allowed>) -> Value {
    let one = |(index, it): (usize, &Asked)| {
        let cost = it.query.cost();
        let expensive = cost.expensive.iter().map(|expense| {
            let (line, column) = syntax::line_column(&it.text, expense.span.start);
            json!({ "line": line, "column": column, "why": expense.why })
        });
        let firing = allowed.map(|it| &it.firing[index]);
        json!({
            "name": it.name,
            "events": firing.map(|it| it.events),
            "bytes": firing.map(|it| it.bytes),
            "prunes": cost.prunes,
            "time": cost.window,
            "fields": cost.fields,
            "reads_properties": cost.reads_properties,
            "text_tests": cost.text_tests.0,
            "patterns": cost.text_tests.1,
            "regular_expressions": cost.regexes,
            "expensive": expensive.collect::<Vec<_>>(),
        })
    };
    asked.iter().enumerate().map(one).collect()
}
