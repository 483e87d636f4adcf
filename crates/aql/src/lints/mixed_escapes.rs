//! ## What it does
//!
//! Finds queries in which backslashes are doubled in some patterns and single in others.
//!
//! ## Why
//!
//! In a string of AQL a backslash is an ordinary character. Whoever doubles it thinks of a language in which it is not;
//! then `'sc\.exe'` beside `'\\\\temp\\\\'` follows another rule than its neighbour, and under either rule one of the two
//! does not match what it should.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE ImagePath MATCHES '\\\\temp\\\\' OR CommandLine MATCHES 'sc\.exe' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE ImagePath MATCHES '\\temp\\' OR CommandLine MATCHES 'sc\.exe' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! One pair of backslashes that follows no name may be a network path and says nothing of the rule; nor does a pattern
//! that has both.

use syntax::{Diagnostic, Label, Severity, Span};

use super::walk::WrittenTest;
use super::{Finder, Group, Lint, Subject};
use crate::dialect;

pub(super) static MIXED_ESCAPES: Lint = Lint {
    name: "mixed-escapes",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("mixed_escapes.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let (mut doubled, mut single): (Option<Span>, Option<Span>) = (None, None);
    subject.syntax.visit(&mut |expr| {
        let Some(test) = WrittenTest::new(expr) else { return };
        for (text, span) in test.texts() {
            let runs: Vec<(usize, usize)> = dialect::runs(text).collect();
            if runs.iter().any(|it| it.1 == 1 && it.0 + 1 < text.len()) {
                single = single.or(Some(span));
            } else if is_doubled(text, &runs, test.is_like()) {
                doubled = doubled.or(Some(span));
            }
        }
    });
    let (Some(doubled), Some(single)) = (doubled, single) else { return };
    let mut diagnostic = MIXED_ESCAPES
        .at(doubled, "backslashes are written in two ways in this query")
        .with_label("doubled here")
        .with_note("a backslash in a string is an ordinary character of AQL, it is not written twice")
        .with_help("write each as the pattern itself wants it");
    diagnostic.labels.push(Label { span: single, message: "single here".to_owned() });
    found.push(diagnostic);
}

/// Whether all backslashes are doubled, and not because a network path stands there: such a path has one pair of two.
fn is_doubled(text: &str, runs: &[(usize, usize)], is_like: bool) -> bool {
    let is_doubled = if is_like { dialect::has_doubled_backslash(text) } else { dialect::has_doubled_escape(text) };
    let follows_name = |start: usize| text[..start].ends_with(char::is_alphanumeric);
    is_doubled && (runs.len() > 1 || runs.iter().any(|it| follows_name(it.0)))
}
