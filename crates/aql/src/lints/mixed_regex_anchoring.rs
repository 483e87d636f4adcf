//! ## What it does
//!
//! Finds a regular expression that relies on being found anywhere, in a query whose other expressions are written for
//! the whole value, with `.*` at both ends.
//!
//! ## Why
//!
//! IBM's documents do not say whether MATCHES searches or covers the value. `.*x.*` gives the same answer either way;
//! `^x` does not. A query that has both was written with both in mind, and one of them is wrong. Prospero searches.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events
//! WHERE ImagePath MATCHES '.*certutil.*' OR ImagePath MATCHES '.*mshta.*' OR ImagePath MATCHES '^\\\\[0-9]'
//! LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events
//! WHERE ImagePath MATCHES '.*certutil.*' OR ImagePath MATCHES '.*mshta.*' OR ImagePath MATCHES '^\\\\[0-9].*'
//! LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! At least two expressions must have `.*` at both ends before a third is reported.

use syntax::{Diagnostic, Safety, Severity, Span};

use super::walk::WrittenTest;
use super::{Finder, Group, Lint, Subject};

pub(super) static MIXED_REGEX_ANCHORING: Lint = Lint {
    name: "mixed-regex-anchoring",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("mixed_regex_anchoring.rs"),
    finder: Finder::Query(check),
};

/// So many expressions for the whole value make a habit.
const HABIT_MIN: usize = 2;

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut patterns: Vec<(&str, Span)> = Vec::new();
    subject.syntax.visit(&mut |expr| {
        if let Some(test) = WrittenTest::new(expr).filter(|it| !it.is_like()) {
            patterns.extend(test.texts());
        }
    });
    let is_wrapped = |text: &str| text.starts_with(".*") && text.ends_with(".*");
    let Some(wrapped) = patterns.iter().find(|it| is_wrapped(it.0)).map(|it| it.1) else { return };
    if patterns.iter().filter(|it| is_wrapped(it.0)).count() < HABIT_MIN {
        return;
    }
    for (text, span) in patterns {
        // Behind a flag such as `(?i)` and in front of a `$` it counts too.
        let text = text.strip_prefix('(').and_then(|it| it.split_once(')')).map_or(text, |(flags, rest)| {
            if flags.starts_with('?') && flags.chars().skip(1).all(char::is_alphabetic) { rest } else { text }
        });
        let has_start = text.starts_with('^') || text.starts_with(".*");
        let has_end = text.ends_with(".*") || text.ends_with('$') && !text.ends_with(r"\$");
        if has_start && has_end {
            continue;
        }
        let mut edits = Vec::new();
        if !has_start && !text.contains('|') {
            edits.push((Span::new(span.start + 1, span.start + 1), ".*".to_owned()));
        }
        if !has_end && !text.contains('|') {
            edits.push((Span::new(span.end - 1, span.end - 1), ".*".to_owned()));
        }
        let mut diagnostic = MIXED_REGEX_ANCHORING
            .at(span, "this expression does not cover the whole value, others of the query do")
            .with_label("found anywhere here; the whole value, if that is how MATCHES is read")
            .with_help("write `.*` where other text may stand");
        diagnostic.labels.push(syntax::Label { span: wrapped, message: "covers the whole value".to_owned() });
        if !edits.is_empty() {
            diagnostic = diagnostic.with_fix(Safety::Safe, edits);
        }
        found.push(diagnostic);
    }
}
