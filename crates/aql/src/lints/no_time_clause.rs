//! ## What it does
//!
//! Finds queries without LAST or START and STOP.
//!
//! ## Why
//!
//! QRadar then reads the last five minutes when the query runs in its console and the last minute when it comes through
//! the API. The result is short or empty, and nothing says why. Prospero reads all of the files that it is given.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE EventID = 7045 LIMIT 100
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events WHERE EventID = 7045 LIMIT 100 LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! A search of the console may have its time range set beside the query. A time clause in a sub-select of FROM is
//! enough. Conditions on `starttime` are found by `start-time-without-window`.

use syntax::{Diagnostic, Severity, ast};

use super::{Finder, Group, Lint, Subject, start_time_without_window};

pub(super) static NO_TIME_CLAUSE: Lint = Lint {
    name: "no-time-clause",
    group: Group::Correctness,
    severity: Severity::Note,
    source: include_str!("no_time_clause.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if has_time(subject.syntax) || start_time_without_window::condition(subject).is_some() {
        return;
    }
    let diagnostic = NO_TIME_CLAUSE
        .at(subject.syntax.source.span, "there is no time clause")
        .with_label("QRadar reads the last five minutes, through the API the last minute")
        .with_help("end the query with `LAST 24 HOURS` or `START ... STOP ...`");
    found.push(diagnostic);
}

/// Whether the query, or the one that it reads from, says of which time.
pub(super) fn has_time(query: &ast::Query) -> bool {
    query.time.is_some()
        || match &query.source.value {
            ast::Source::Query(inner) => has_time(inner),
            ast::Source::Table(_) | ast::Source::GlobalView { .. } => false,
        }
}
