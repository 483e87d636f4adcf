//! ## What it does
//!
//! Finds columns of a grouped query that are neither grouped by nor aggregated.
//!
//! ## Why
//!
//! QRadar silently makes FIRST of them: each group shows the value of one of its events, and the reader takes it for
//! the value of all.
//!
//! ## Example
//!
//! ```aql
//! SELECT username, sourceip, COUNT(*) AS events FROM events GROUP BY username LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username, sourceip, COUNT(*) AS events FROM events GROUP BY username, sourceip LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! A field of which WHERE allows one value only is left alone, and so is one that the grouping decides, such as
//! `devicetype` beside `logsourceid`.

use syntax::{Diagnostic, Severity};

use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Query, Source, required};

pub(super) static IMPLICIT_FIRST: Lint = Lint {
    name: "implicit-first",
    group: Group::Correctness,
    severity: Severity::Note,
    source: include_str!("implicit_first.rs"),
    finder: Finder::Query(check),
};

/// Fields that have one value for each value of another: the other, the one.
const DECIDED: [(&str, &str); 6] = [
    ("logsourceid", "devicetype"),
    ("logsourceid", "domainid"),
    ("qid", "category"),
    ("qid", "highlevelcategory"),
    ("category", "highlevelcategory"),
    ("qid", "severity"),
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for query in subject.queries() {
        for column in &query.columns {
            column.expr.visit(&mut |it| {
                if let Some(field) = implicit(subject, it)
                    && !is_decided(query, field)
                {
                    let name = subject.source(it.span);
                    let diagnostic = IMPLICIT_FIRST
                        .at(it.span, format!("`{name}` is neither grouped by nor aggregated"))
                        .with_label("the value of one event of each group")
                        .with_help(format!("group by `{name}` too, or say which value: MIN, MAX, FIRST, LAST"));
                    found.push(diagnostic);
                }
            });
        }
    }
}

/// The field of which the binder made FIRST.
fn implicit<'a>(subject: &Subject<'_>, expr: &'a Expr) -> Option<&'a Expr> {
    let ExprKind::Aggregate(call) = &expr.kind else { return None };
    let [field] = call.args.as_slice() else { return None };
    let is_bare = field.span == expr.span && subject.source(expr.span) != "*";
    (call.function.name == "FIRST" && is_bare).then_some(field)
}

/// Whether all events of a group have the same value.
fn is_decided(query: &Query, field: &Expr) -> bool {
    let (ExprKind::Field(index), Source::Database(database)) = (&field.kind, &query.source) else { return false };
    let name = database.fields[*index].name;
    let has_key = |wanted: &str| {
        let mut is_there = false;
        for key in &query.group_by {
            key.visit(&mut |it| {
                is_there |= matches!(it.kind, ExprKind::Field(index) if database.fields[index].name == wanted);
            });
        }
        is_there
    };
    let has_one_value =
        query.filter.as_ref().and_then(|it| required(it, *index)).is_some_and(|values| values.len() <= 1);
    has_one_value || has_key(name) || DECIDED.iter().any(|(key, decided)| *decided == name && has_key(key))
}
