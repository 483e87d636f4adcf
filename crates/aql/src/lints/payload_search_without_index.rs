//! ## What it does
//!
//! Finds searches in the payload that no indexed field narrows.
//!
//! ## Why
//!
//! `UTF8(payload) ILIKE '%...%'` decodes and reads every payload of the time range. A condition on an indexed field
//! beside it, or TEXT SEARCH, which has an index of words, leaves few of them.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE UTF8(payload) ILIKE '%mimikatz%' LIMIT 100 LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events WHERE devicetype = 12 AND UTF8(payload) ILIKE '%mimikatz%' LIMIT 100 LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Which fields have an index is a setting of the console; numbers of the event and its source, addresses, ports and
//! names of users are taken to have one.

use schema::Type;
use syntax::ast::CompareOperator;
use syntax::{Diagnostic, Severity, Span};

use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Source};

pub(super) static PAYLOAD_SEARCH_WITHOUT_INDEX: Lint = Lint {
    name: "payload-search-without-index",
    group: Group::Cost,
    severity: Severity::Note,
    source: include_str!("payload_search_without_index.rs"),
    finder: Finder::Query(check),
};

/// Fields that have an index on most consoles.
const INDEXED: [&str; 14] = [
    "qid",
    "devicetype",
    "logsourceid",
    "category",
    "highlevelcategory",
    "domainid",
    "sourceip",
    "destinationip",
    "sourceport",
    "destinationport",
    "username",
    "creeventlist",
    "Event ID",
    "qideventcategory",
];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    for query in subject.queries() {
        let (Source::Database(database), Some(filter)) = (&query.source, &query.filter) else { continue };
        let is_indexed = |field: usize| INDEXED.contains(&database.fields[field].name);
        let Some(payload) = database.position("payload") else { continue };
        if let Some(span) = wide_search(filter, payload, &is_indexed) {
            let diagnostic = PAYLOAD_SEARCH_WITHOUT_INDEX
                .at(span, "no indexed field narrows this search in the payload")
                .with_label("every event of the time range is read for it")
                .with_help("narrow it by `devicetype`, `logsourceid`, `qid` or `category`, or use TEXT SEARCH");
            found.push(diagnostic);
        }
    }
}

/// The first text test of the decoded payload beside which no condition narrows the rows.
fn wide_search(condition: &Expr, payload: usize, is_indexed: &dyn Fn(usize) -> bool) -> Option<Span> {
    if is_narrowed(condition, is_indexed) {
        return None;
    }
    match &condition.kind {
        ExprKind::And(operands) | ExprKind::Or(operands) => {
            operands.iter().find_map(|it| wide_search(it, payload, is_indexed))
        }
        _ => payload_test(condition, payload),
    }
}

/// The first text test of the decoded payload. TEXT SEARCH is bound to tests of the payload itself.
fn payload_test(filter: &Expr, payload: usize) -> Option<Span> {
    let mut place = None;
    filter.visit(&mut |it| {
        if let ExprKind::Text(test) = &it.kind
            && let ExprKind::Call(call) = &test.operand.kind
            && call.args.iter().any(|arg| arg.kind == ExprKind::Field(payload))
        {
            place = place.or(Some(it.span));
        }
    });
    place
}

/// Whether every row that passes meets a condition that an index answers.
fn is_narrowed(condition: &Expr, is_indexed: &dyn Fn(usize) -> bool) -> bool {
    let is_field = |it: &Expr| matches!(it.kind, ExprKind::Field(field) if is_indexed(field));
    let is_text_search = |it: &Expr| matches!(&it.kind, ExprKind::Convert(inner) if inner.value_type == Type::Bytes);
    match &condition.kind {
        ExprKind::And(operands) => operands.iter().any(|it| is_narrowed(it, is_indexed)),
        ExprKind::Or(operands) => operands.iter().all(|it| is_narrowed(it, is_indexed)),
        ExprKind::Compare(operator, left, _) => *operator == CompareOperator::Equal && is_field(left),
        ExprKind::In { operand, negated, .. } | ExprKind::InQuery { operand, negated, .. } => {
            !negated && is_field(operand)
        }
        ExprKind::Text(test) => !test.negated && (is_field(&test.operand) || is_text_search(&test.operand)),
        ExprKind::Call(call) => matches!(call.function.name, "INOFFENSE" | "INCIDR" | "REFERENCESETCONTAINS"),
        _ => false,
    }
}
