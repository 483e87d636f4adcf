//! ## What it does
//!
//! Finds letters of a date pattern that mean something else than their place suggests: `YYYY` for the year, `hh` without
//! AM or PM, `DD` for the day, `mm` for the month and `MM` for the minute, `SS` for seconds.
//!
//! ## Why
//!
//! The patterns are those of Java's `SimpleDateFormat`. `YYYY` is the year of the week, which differs from that of the
//! day around New Year; `hh` writes 1 for one o'clock at night and in the afternoon; `DD` counts the days of the year;
//! `mm` is always the minute, `MM` the month, `SS` milliseconds.
//!
//! ## Example
//!
//! ```aql
//! SELECT DATEFORMAT(starttime, 'YYYY-MM-dd hh:mm') AS time FROM events LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT DATEFORMAT(starttime, 'yyyy-MM-dd HH:mm') AS time FROM events LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! `YYYY` beside the week (`w`), `hh` beside `a` and `DD` without a month are right and left alone.

use syntax::ast::{ExprKind, Literal};
use syntax::{Diagnostic, Safety, Severity, Span};

use super::{Finder, Group, Lint, Subject};

pub(super) static DATE_PATTERN: Lint = Lint {
    name: "date-pattern",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("date_pattern.rs"),
    finder: Finder::Query(check),
};

/// One run of a letter, with its place in the text of the query.
#[derive(Clone, Copy)]
struct Run {
    letter: char,
    span: Span,
}

/// What is wrong with a run: what it is, and the letter that was meant.
struct Fault {
    what: &'static str,
    meant: char,
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit(&mut |expr| {
        let ExprKind::Call(call) = &expr.value else { return };
        let name = call.name.value.to_ascii_uppercase();
        let patterns = match name.as_str() {
            "DATEFORMAT" => call.args.get(1..),
            "PARSETIMESTAMP" => Some(call.args.as_slice()),
            _ => None,
        };
        for pattern in patterns.into_iter().flatten() {
            if matches!(pattern.value, ExprKind::Literal(Literal::Text(_))) {
                found.extend(faults(&runs(subject.source(pattern.span), pattern.span.start)));
            }
        }
    });
}

fn faults(runs: &[Run]) -> Vec<Diagnostic> {
    let fault = |index: usize| Some((runs[index], fault(runs, index)?));
    let diagnostic = |(run, fault): (Run, Fault)| {
        let length = run.span.end - run.span.start;
        let [written, meant] = [run.letter, fault.meant].map(|it| String::from(it).repeat(length));
        DATE_PATTERN
            .at(run.span, format!("`{written}` is {}", fault.what))
            .with_help(format!("write `{meant}`"))
            .with_fix(Safety::Unsafe, vec![(run.span, meant)])
    };
    (0..runs.len()).filter_map(fault).map(diagnostic).collect()
}

fn fault(runs: &[Run], index: usize) -> Option<Fault> {
    let has = |letters: &str| runs.iter().any(|it| letters.contains(it.letter));
    let before = index.checked_sub(1).map(|it| runs[it].letter);
    let after = runs.get(index + 1).map(|it| it.letter);
    let is_date = |it: Option<char>| it.is_some_and(|it| "yYdD".contains(it));
    let is_hour = |it: Option<char>| it.is_some_and(|it| "HhKk".contains(it));
    let (what, meant) = match runs[index].letter {
        'Y' if !has("wWuEF") => ("the year of the week, which is another one around New Year", 'y'),
        'h' if !has("a") => ("the hour from 1 to 12, without AM or PM", 'H'),
        'K' if !has("a") => ("the hour from 0 to 11, without AM or PM", 'H'),
        'D' if has("ML") => ("the day of the year", 'd'),
        'm' if (is_date(before) || before.is_none())
            && (is_date(after) || after.is_none())
            && (before, after) != (None, None) =>
        {
            ("the minute", 'M')
        }
        'M' if is_hour(before) && !is_date(after) => ("the month", 'm'),
        'S' if before == Some('m') && !has("s") => ("the millisecond", 's'),
        _ => return None,
    };
    Some(Fault { what, meant })
}

/// The runs of letters outside of quoted text, from the literal as it stands in the query: a quote of the pattern is
/// doubled there.
fn runs(literal: &str, start: usize) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut is_quoted = false;
    let inner = literal.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or_default();
    let mut characters = inner.char_indices().peekable();
    while let Some((offset, letter)) = characters.next() {
        if letter == '\'' {
            characters.next_if(|it| it.1 == '\'');
            is_quoted = !is_quoted;
        } else if letter.is_ascii_alphabetic() && !is_quoted {
            let span = Span::new(start + 1 + offset, start + 2 + offset);
            match runs.last_mut() {
                Some(last) if last.letter == letter && last.span.end == span.start => last.span.end = span.end,
                _ => runs.push(Run { letter, span }),
            }
        }
    }
    runs
}
