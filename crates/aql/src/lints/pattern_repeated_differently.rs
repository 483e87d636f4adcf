//! ## What it does
//!
//! Finds a pattern in WHERE and one in a column that test the same field and differ in signs only, one being the
//! beginning or the end of the other.
//!
//! ## Why
//!
//! A score or a label that repeats a condition of WHERE should find what WHERE finds. Where the two are written in
//! different ways, some rows pass without the score, and the next change is made in one of them.
//!
//! ## Example
//!
//! ```aql
//! SELECT CASE WHEN ImagePath MATCHES '^\\\\[0-9]{1,3}\.' THEN 50 ELSE 0 END AS risk_score
//! FROM events WHERE ImagePath MATCHES '^\\\\[0-9]' LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT CASE WHEN ImagePath MATCHES '^\\\\[0-9]{1,3}\.' THEN 50 ELSE 0 END AS risk_score
//! FROM events WHERE ImagePath MATCHES '^\\\\[0-9]{1,3}\.' LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! A longer pattern that adds a word asks for something else and is left alone.

use syntax::{Diagnostic, Label, Severity};

use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Pattern, PatternKind};

pub(super) static PATTERN_REPEATED_DIFFERENTLY: Lint = Lint {
    name: "pattern-repeated-differently",
    group: Group::Clarity,
    severity: Severity::Note,
    source: include_str!("pattern_repeated_differently.rs"),
    finder: Finder::Query(check),
};

/// So much of both must be the same, in bytes.
const SHARED_MIN: usize = 6;
/// The most patterns of WHERE and of the columns that are compared.
const PATTERNS_MAX: usize = 200;

/// A pattern with what it tests.
type Tested<'a> = (&'a Expr, &'a Pattern);

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for query in subject.queries() {
        let Some(filter) = &query.filter else { continue };
        let conditions = patterns([filter]);
        let columns = patterns(query.columns.iter().map(|it| &it.expr));
        for (operand, pattern) in &conditions {
            // An alias in WHERE is the pattern of the column itself.
            if columns.iter().any(|it| it.1.span == pattern.span || it.1 == *pattern) {
                continue;
            }
            let near = columns.iter().find(|(other, it)| other == operand && differs_in_signs(pattern, it));
            if let Some((_, other)) = near {
                let mut diagnostic = PATTERN_REPEATED_DIFFERENTLY
                    .at(pattern.span, "this pattern stands in a column too, written differently")
                    .with_label("here")
                    .with_help("write both in the same way, or test once and use the name of the column in WHERE");
                diagnostic.labels.push(Label { span: other.span, message: "and here".to_owned() });
                found.push(diagnostic);
            }
        }
    }
}

fn patterns<'a>(roots: impl IntoIterator<Item = &'a Expr>) -> Vec<Tested<'a>> {
    let mut patterns = Vec::new();
    for root in roots {
        root.visit(&mut |it| {
            if let ExprKind::Text(test) = &it.kind {
                patterns.extend(test.patterns.iter().map(|pattern| (&*test.operand, pattern)));
            }
        });
    }
    patterns.truncate(PATTERNS_MAX);
    patterns
}

/// Whether one is the beginning or the end of the other, and no letter is in the rest.
fn differs_in_signs(one: &Pattern, other: &Pattern) -> bool {
    if one.kind != other.kind || one.kind == PatternKind::Equal {
        return false;
    }
    let core = |it: &Pattern| {
        let text = if it.kind == PatternKind::Like { it.text.trim_matches('%') } else { it.text.as_str() };
        text.to_lowercase()
    };
    let (one, other) = (core(one), core(other));
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    let rest = long.strip_prefix(&short).or_else(|| long.strip_suffix(&short));
    let is_sign = |rest: &str| !rest.is_empty() && !rest.chars().any(char::is_alphabetic);
    short.len() >= SHARED_MIN && rest.is_some_and(is_sign)
}
