//! ## What it does
//!
//! Finds `COUNT(*)` of events compared with a threshold, or divided into a rate.
//!
//! ## Why
//!
//! QRadar coalesces like events that come within seconds into one record, which counts them in `eventcount`. `COUNT(*)`
//! counts records: a hundred failed logons of one user may be four. A threshold on it is reached late or never.
//!
//! ## Example
//!
//! ```aql
//! SELECT username, COUNT(*) AS failures FROM events GROUP BY username HAVING failures > 20 LAST 10 MINUTES
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username, SUM(eventcount) AS failures FROM events GROUP BY username HAVING failures > 20 LAST 10 MINUTES
//! ```
//!
//! ## Limits
//!
//! Whether a log source coalesces is a setting of the console; Prospero's own readers never do. A query that has
//! `SUM(eventcount)` too is left alone, and so is a threshold of one.

use syntax::ast::BinaryOperator;
use syntax::{Diagnostic, Severity, Span};

use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Literal, Query, Source};

pub(super) static COUNT_AS_VOLUME: Lint = Lint {
    name: "count-as-volume",
    group: Group::Correctness,
    severity: Severity::Note,
    source: include_str!("count_as_volume.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for query in subject.queries() {
        if let Some(span) = volume(query) {
            let diagnostic = COUNT_AS_VOLUME
                .at(span, "`COUNT(*)` counts records, not events")
                .with_label("a record may stand for several events")
                .with_note("QRadar coalesces like events into one record and counts them in `eventcount`")
                .with_help("`SUM(eventcount)` counts events");
            found.push(diagnostic);
        }
    }
}

/// The place where a number of records is taken for a number of events.
fn volume(query: &Query) -> Option<Span> {
    let Source::Database(database) = &query.source else { return None };
    let event_count = ExprKind::Field(database.position("eventcount").filter(|_| database.name == "events")?);
    let (mut place, mut is_summed) = (None, false);
    query.visit(&mut |it| match &it.kind {
        ExprKind::Compare(_, left, right) if is_count(left) && is_above_one(right) => place = place.or(Some(it.span)),
        ExprKind::Binary(BinaryOperator::Divide, left, right) if is_count(left) && is_above_one(right) => {
            place = place.or(Some(it.span));
        }
        kind => is_summed |= *kind == event_count,
    });
    place.filter(|_| !is_summed)
}

fn is_count(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Aggregate(call) => call.function.name == "COUNT" && call.args.is_empty(),
        ExprKind::Convert(inner) => is_count(inner),
        ExprKind::Call(call) => matches!(call.function.name, "LONG" | "DOUBLE") && call.args.iter().all(is_count),
        _ => false,
    }
}

fn is_above_one(expr: &Expr) -> bool {
    match expr.as_literal() {
        Some(Literal::Integer(value)) => *value > 1,
        Some(Literal::Double(value)) => *value > 1.0,
        _ => false,
    }
}
