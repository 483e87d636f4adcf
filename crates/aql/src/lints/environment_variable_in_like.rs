//! ## What it does
//!
//! Finds LIKE patterns that look for an environment variable such as `%TEMP%`.
//!
//! ## Why
//!
//! `%` is the wildcard of LIKE, and nothing escapes it: `'%TEMP%'` is any text that contains `temp`, as do "template" and
//! "attempt". The variable itself is not looked for.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE CommandLine ILIKE '%TEMP%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE CommandLine MATCHES '(?i)%TEMP%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Only names of variables that every Windows has are taken for one, written in capitals or with a second `%` beside them,
//! as in `'%%temp%%'`. In a regular expression `%` is an ordinary character.

use syntax::{Diagnostic, Safety, Severity, Span};

use super::walk::WrittenTest;
use super::{Finder, Group, Lint, Subject};

pub(super) static ENVIRONMENT_VARIABLE_IN_LIKE: Lint = Lint {
    name: "environment-variable-in-like",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("environment_variable_in_like.rs"),
    finder: Finder::Query(check),
};

/// Variables of Windows that hold a path.
const VARIABLES: [&str; 17] = [
    "ALLUSERSPROFILE",
    "APPDATA",
    "COMMONPROGRAMFILES",
    "COMSPEC",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "PROGRAMDATA",
    "PROGRAMFILES",
    "PUBLIC",
    "SYSTEMDRIVE",
    "SYSTEMROOT",
    "TEMP",
    "TMP",
    "USERPROFILE",
    "WINDIR",
    "PROGRAMW6432",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit(&mut |expr| {
        if let Some(test) = WrittenTest::new(expr).filter(WrittenTest::is_like) {
            for (text, span) in test.texts() {
                found.extend(variable(text).map(|it| diagnostic(subject, &test, (text, span), it)));
            }
        }
    });
}

fn diagnostic(
    subject: &Subject<'_>,
    test: &WrittenTest<'_>,
    (pattern, span): (&str, Span),
    variable: &str,
) -> Diagnostic {
    let is_plain = pattern.trim_matches('%').eq_ignore_ascii_case(variable);
    let small = variable.to_lowercase();
    let label = if is_plain {
        format!("any text that contains `{small}`")
    } else {
        format!("`{small}` is found without its percent signs too")
    };
    let diagnostic = ENVIRONMENT_VARIABLE_IN_LIKE
        .at(span, format!("`%{variable}%` is no environment variable here"))
        .with_label(label)
        .with_note("`%` is the wildcard of LIKE and cannot be escaped")
        .with_help(format!("a regular expression finds the variable: `MATCHES '(?i)%{variable}%'`"));
    // Only the plain form has a plain translation.
    if test.is_list || !is_plain {
        return diagnostic;
    }
    let not = if test.is_negated { "NOT " } else { "" };
    let edit = format!("{} {not}MATCHES '(?i)%{variable}%'", subject.source(test.operand.span));
    diagnostic.with_fix(Safety::Unsafe, vec![(test.whole.span, edit)])
}

/// The variable that a pattern names between two `%`. In small letters it may be a word: there a further `%` beside it
/// shows that one of them is meant as such.
pub(super) fn variable(text: &str) -> Option<&'static str> {
    let mut parts = text.split('%');
    parts.next()?;
    let mut parts: Vec<&str> = parts.collect();
    parts.pop()?;
    let is_empty = |index: usize| parts.get(index).is_some_and(|it| it.is_empty());
    parts.iter().enumerate().find_map(|(index, part)| {
        let is_doubled = index.checked_sub(1).is_some_and(is_empty) || is_empty(index + 1);
        VARIABLES.into_iter().find(|it| it == part || is_doubled && it.eq_ignore_ascii_case(part))
    })
}
