//! ## What it does
//!
//! Finds START and STOP with a date that does not say of which time zone it is.
//!
//! ## Why
//!
//! Such a date is read in the time zone of the console, and of the machine or account through which the query comes. The
//! same query reads other hours elsewhere. Prospero reads it as UTC unless told otherwise.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events LIMIT 100 START '2026-05-01 00:00' STOP '2026-05-02 00:00'
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events LIMIT 100 START '2026-05-01 00:00Z' STOP '2026-05-02 00:00Z'
//! ```
//!
//! ## Limits
//!
//! It does not know the time zone of the console.

use syntax::{Diagnostic, Severity, ast};

use super::{Finder, Group, Lint, Subject};

pub(super) static LOCAL_TIME_WINDOW: Lint = Lint {
    name: "local-time-window",
    group: Group::Portability,
    severity: Severity::Note,
    source: include_str!("local_time_window.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit_queries(&mut |query| {
        let Some(ast::Time::Range { start, stop }) = query.time.as_ref().map(|it| &it.value) else { return };
        let is_local = |it: &&ast::Node<ast::Point>| match &it.value {
            ast::Point::Text(text) => !text.trim_end().ends_with(['Z', 'z']),
            ast::Point::Millis(_) | ast::Point::Relative(_) => false,
        };
        if let Some(point) = start.iter().chain(stop).find(is_local) {
            let diagnostic = LOCAL_TIME_WINDOW
                .at(point.span, "this time has no time zone")
                .with_label("read in the time zone of the console")
                .with_help("end it with `Z` for UTC, or write milliseconds since 1970");
            found.push(diagnostic);
        }
    });
}
