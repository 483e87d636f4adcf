//! ## What it does
//!
//! Finds conditions on `starttime` in a query without a time clause.
//!
//! ## Why
//!
//! A condition in WHERE does not widen what QRadar reads: without LAST or START and STOP these are the last five minutes
//! in the console, the last minute through the API. Older events are never looked at, whatever the condition says.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE starttime > NOW() - 86400000 LIMIT 100
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events LIMIT 100 LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Conditions on `devicetime` and `endtime`, which differ from the time of receipt, are not looked at.

use schema::Type;
use syntax::{Diagnostic, Severity, Span};

use super::no_time_clause::has_time;
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Source};

pub(super) static START_TIME_WITHOUT_WINDOW: Lint = Lint {
    name: "start-time-without-window",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("start_time_without_window.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if has_time(subject.syntax) {
        return;
    }
    if let Some(span) = condition(subject) {
        let diagnostic = START_TIME_WITHOUT_WINDOW
            .at(span, "a condition on `starttime` does not say which events are read")
            .with_label("tested on the last five minutes only, through the API on the last minute")
            .with_note("without a time clause QRadar reads no older events")
            .with_help("say the time by `LAST 24 HOURS` or `START ... STOP ...` at the end of the query");
        found.push(diagnostic);
    }
}

/// The first condition of WHERE that compares the start time.
pub(super) fn condition(subject: &Subject<'_>) -> Option<Span> {
    let Source::Database(database) = &subject.query.source else { return None };
    let start_time = ExprKind::Field(database.position("starttime")?);
    let is_start_time = |it: &Expr| it.kind == start_time && it.value_type == Type::Time;
    let mut found = None;
    subject.query.filter.as_ref()?.visit(&mut |it| {
        if let ExprKind::Compare(_, left, right) = &it.kind
            && (is_start_time(left) || is_start_time(right))
        {
            found = found.or(Some(it.span));
        }
    });
    found
}
