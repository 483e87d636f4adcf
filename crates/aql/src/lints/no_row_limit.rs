//! ## What it does
//!
//! Finds queries that return events one by one and have no LIMIT.
//!
//! ## Why
//!
//! QRadar keeps every row of the result, and a wide condition over a long time makes the search slow for everyone;
//! newer consoles warn that such a query may fail.
//!
//! ## Example
//!
//! ```aql
//! SELECT username, CommandLine FROM events WHERE EventID = 1 LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username, CommandLine FROM events WHERE EventID = 1 LIMIT 1000 LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Queries that group or count are left alone, and so are sub-selects.

use syntax::{Diagnostic, Severity};

use super::{Finder, Group, Lint, Subject};
use crate::bound::Source;

pub(super) static NO_ROW_LIMIT: Lint = Lint {
    name: "no-row-limit",
    group: Group::Cost,
    severity: Severity::Note,
    source: include_str!("no_row_limit.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let query = subject.query;
    let reads_rows = matches!(query.source, Source::Database(_)) && !query.is_aggregating();
    if reads_rows && query.limit.is_none() {
        let diagnostic = NO_ROW_LIMIT
            .at(subject.syntax.source.span, "the number of rows has no limit")
            .with_label("every event that passes is a row of the result")
            .with_help("write `LIMIT` and a number before the time clause");
        found.push(diagnostic);
    }
}
