//! ## What it does
//!
//! Finds strings with doubled backslashes in a query that is read with `--escapes c-style`. It is said once for a
//! query, at the first of them.
//!
//! ## Why
//!
//! QRadar reads a backslash in a string as an ordinary character: there such a pattern looks for two backslashes in a
//! row and finds nothing.
//!
//! ## Example
//!
//! ```aql c-style
//! SELECT qid FROM events WHERE "Process Path" ILIKE '%\\Temp\\%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql c-style
//! SELECT qid FROM events WHERE "Process Path" ILIKE '%\Temp\%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! After the fix the query is written for the strict dialect, which is that of QRadar, and is to be read without
//! `--escapes c-style`.

use syntax::{Diagnostic, Label, Safety, Severity, Span, ast};

use super::{Finder, Group, Lint, Subject};
use crate::Escapes;

/// The most further places that are shown.
const LABELS_MAX: usize = 20;

pub(super) static C_STYLE_ESCAPES: Lint = Lint {
    name: "c-style-escapes",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("c_style_escapes.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if subject.options.escapes != Escapes::CStyle {
        return;
    }
    let mut doubled: Vec<Span> = Vec::new();
    subject.syntax.visit(&mut |expr| {
        if let ast::ExprKind::Literal(ast::Literal::Text(text)) = &expr.value
            && text.contains(r"\\")
        {
            doubled.push(expr.span);
        }
    });
    doubled.sort_unstable_by_key(|it| it.start);
    doubled.dedup();
    let Some((first, others)) = doubled.split_first() else { return };
    let edits = doubled.iter().map(|it| (*it, subject.source(*it).replace(r"\\", r"\"))).collect();
    let mut diagnostic = C_STYLE_ESCAPES
        .at(*first, "backslashes are doubled, as the dialect `c-style` reads them")
        .with_label("QRadar looks for two in a row")
        .with_help("write single backslashes throughout; then the dialect is `strict`, that of QRadar")
        .with_fix(Safety::Safe, edits);
    let label = |it: &Span| Label { span: *it, message: "and here".to_owned() };
    diagnostic.labels = others.iter().take(LABELS_MAX).map(label).collect();
    found.push(diagnostic);
}
