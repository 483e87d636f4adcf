//! ## What it does
//!
//! Finds regular expressions on which a search takes time that doubles with every few characters of the value.
//!
//! ## Why
//!
//! QRadar searches by trying one way after the other. Where the same text can be taken in many ways and then something
//! is missing, all of them are tried: a value of fifty characters stops the search. Whoever writes the value, such as
//! the author of a command line, can do that on purpose.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE CommandLine MATCHES '^(\w+\s?)+$' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE CommandLine MATCHES '^\w+(\s\w+)*\s?$' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Only what was measured is reported: the message shows a text on which the steps of a search were counted. Newer
//! versions of Java remember some of the ways that failed and may be faster. Expressions that are slow without being
//! exponential, and those with back references or look-behind, are not reported.

use syntax::{Diagnostic, Severity};

use super::{Finder, Group, Lint, Subject};
use crate::bound::{ExprKind, Pattern};
use crate::text::{Attack, JavaRegex};

pub(super) static CATASTROPHIC_REGEX: Lint = Lint {
    name: "catastrophic-regex",
    group: Group::Cost,
    severity: Severity::Warning,
    source: include_str!("catastrophic_regex.rs"),
    finder: Finder::Query(check),
};

/// So many expressions of a query are looked at.
const EXPRESSIONS_MAX: usize = 200;

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut patterns: Vec<&Pattern> = Vec::new();
    subject.visit(&mut |it| {
        if let ExprKind::Text(test) = &it.kind {
            patterns.extend(test.patterns.iter().filter(|it| it.regex.is_some()));
        }
    });
    patterns.sort_by_key(|it| it.span);
    patterns.dedup_by_key(|it| it.span);
    for pattern in patterns.into_iter().take(EXPRESSIONS_MAX) {
        if let Some(attack) = pattern.regex.as_ref().and_then(JavaRegex::attack) {
            let steps = attack.steps;
            let length = attack.text(attack.repetitions).chars().count();
            let diagnostic = CATASTROPHIC_REGEX
                .at(pattern.span, "a search for this can take exponential time")
                .with_label(format!("more than {steps} steps for {length} characters"))
                .with_note(format!("on the text {}", shown(&attack)))
                .with_help("let each text be taken in one way only, or make the inner repetition possessive (`++`)");
            found.push(diagnostic);
        }
    }
}

/// The text of an attack, its repetitions counted.
fn shown(attack: &Attack) -> String {
    let repeated = format!("{:?} repeated {} times", attack.pump, attack.repetitions);
    let before = if attack.prefix.is_empty() { String::new() } else { format!("{:?}, then ", attack.prefix) };
    let behind = if attack.suffix.is_empty() { String::new() } else { format!(", then {:?}", attack.suffix) };
    format!("{before}{repeated}{behind}")
}
