//! One event: what a query makes of it, and what would have to differ.

use std::fmt::Write as _;

use engine::explain::{Needed, Truth};
use serde_json::{Value, json};

use crate::output::matches::Palette;
use crate::output::table::printable;
use crate::output::why::{self, Explained};

/// What a query makes of an event.
pub(crate) struct EventReport<'a> {
    /// The query.
    pub(crate) title: &'a str,
    /// Where the event stands.
    pub(crate) place: String,
    /// The tree.
    pub(crate) explained: Explained,
    /// What would have to differ; empty for a match.
    pub(crate) needed: Vec<Needed>,
    /// What further is asked, of a query that looks at groups.
    pub(crate) further: Option<String>,
}

/// The report as text.
pub(crate) fn event_text(report: &EventReport<'_>, palette: Palette) -> String {
    let palette = palette.with_quotes();
    let verdict = match report.explained.explanation.truth() {
        Truth::True if report.further.is_some() => "passes the condition on single events",
        Truth::True => "matches",
        Truth::False => "does not match",
        Truth::Unknown => "does not match: the condition is unknown",
    };
    let mut text = String::new();
    let _ = writeln!(text, "{}  {}", palette.paint("1", &printable(report.title)), printable(&report.place));
    let _ = writeln!(text, "{verdict}\n");
    text.push_str(&why::text(&report.explained, 0, palette));
    if !report.needed.is_empty() {
        let count = crate::output::count(report.needed.len() as u64, "condition");
        let _ = writeln!(text, "\n{}", palette.paint("1", &format!("for a match {count} would have to differ")));
        text.push_str(&why::needed_text(&report.needed, 2, palette));
    }
    if let Some(further) = &report.further {
        let _ = writeln!(text, "\n{}", printable(further));
    }
    text.push_str("\n* decides\n");
    text
}

/// The report as JSON.
pub(crate) fn event_json(report: &EventReport<'_>) -> Value {
    json!({
        "query": report.title,
        "event": report.place,
        "why": why::json(&report.explained),
        "needed": why::needed_json(&report.needed),
        "further": report.further,
    })
}
