//! Findings as an array of objects.

use serde_json::{Value, json};
use syntax::{Safety, Span};

use super::Report;
use crate::output::severity_name;

/// All findings. Offsets are bytes, columns are characters.
pub(super) fn findings(reports: &[Report<'_>]) -> Vec<Value> {
    reports.iter().flat_map(findings_of).collect()
}

fn findings_of<'a>(report: &'a Report<'_>) -> impl Iterator<Item = Value> + 'a {
    let place = |offset| {
        let (line, column) = syntax::line_column(report.text, offset);
        json!({ "offset": offset, "line": line, "column": column })
    };
    let span = move |it: Span| json!({ "start": place(it.start), "end": place(it.end) });
    report.diagnostics.iter().map(move |it| {
        let labels = it.labels.iter().map(|it| json!({ "span": span(it.span), "message": it.message }));
        let fix = it.fix.as_ref().map(|fix| {
            let edits = fix.edits.iter().map(|(at, text)| json!({ "span": span(*at), "text": text }));
            json!({ "safety": safety_name(fix.safety), "edits": edits.collect::<Vec<_>>() })
        });
        json!({
            "file": report.name,
            "id": it.id,
            "severity": severity_name(it.severity),
            "message": it.message,
            "label": it.label,
            "span": span(it.span),
            "labels": labels.collect::<Vec<_>>(),
            "note": it.note,
            "help": it.help,
            "fix": fix,
        })
    })
}

/// The name of a safety, for machines.
fn safety_name(safety: Safety) -> &'static str {
    match safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
        Safety::DisplayOnly => "display-only",
    }
}
