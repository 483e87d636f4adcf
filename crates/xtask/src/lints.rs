//! The reference page of the lints: all of them by group, then the five parts of each.

use std::fmt::Write as _;

use aql::lints::{ERRORS, Group, LINTS, Lint};
use syntax::{Safety, Severity};

use crate::docs::{cell, heading};

/// The page.
pub(crate) fn document() -> String {
    let mut text = heading("Lints", "crates/aql/src/lints");
    text.push_str("How they are silenced, and how their levels are set: [check.md](../check.md).\n");
    for group in Group::ALL {
        let lints: Vec<_> = LINTS.iter().filter(|it| it.group == group).collect();
        if lints.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n## {}\n\n{}\n", group.name(), group.meaning());
        text.push_str("| lint | level | fix | finds |\n|---|---|---|---|\n");
        for lint in &lints {
            let (level, fix) = (level(lint), fix(lint));
            let _ = writeln!(text, "| [{0}](#{0}) | {level} | {fix} | {1} |", lint.name, cell(&lint.summary()));
        }
        for lint in &lints {
            text.push_str(&section(lint));
        }
    }
    text.push_str("\n## Pages and Sigma rules\n\nWhat is said beside errors and the lints of their queries.\n\n");
    text.push_str("| name | means |\n|---|---|\n");
    for (name, sentence) in pack::WARNINGS.iter().chain(sigma::WARNINGS) {
        let _ = writeln!(text, "| {name} | {} |", cell(sentence));
    }
    text.push_str("\n## Errors\n\nWhat stops a query from being run. Each says at its place what to do.\n\n");
    text.push_str("| name | means |\n|---|---|\n");
    for (name, sentence) in ERRORS {
        let _ = writeln!(text, "| {name} | {} |", cell(sentence));
    }
    text
}

/// A lint with its parts, whose headings become those of two levels deeper.
fn section(lint: &Lint) -> String {
    let documentation = lint.documentation().replace("\n## ", "\n#### ");
    let documentation = documentation.strip_prefix("## What it does").map_or("", str::trim_start);
    format!("\n### {}\n\n{documentation}\n", lint.name)
}

fn level(lint: &Lint) -> &'static str {
    match lint.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn fix(lint: &Lint) -> &'static str {
    match lint.fix() {
        Some(Safety::Safe) => "safe",
        Some(Safety::Unsafe) => "unsafe",
        Some(Safety::DisplayOnly) => "shown only",
        None => "",
    }
}
