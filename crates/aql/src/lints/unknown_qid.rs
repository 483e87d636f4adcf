//! ## What it does
//!
//! Finds QIDs that stand for another event than the query says, and QIDs of which it is known that nothing public gives
//! them a meaning.
//!
//! ## Why
//!
//! A wrong QID matches nothing, or another event, and says so nowhere. The event id of the log source is public and the
//! same on every console.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE qid = 5001828 AND EventID = 4688 LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events WHERE qideventcategory = 'Security' AND EventID = 4688 LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Our table of QIDs is small; a number that it does not have is never reported. On a console `QIDNAME(qid)` tells.

use schema::EVENTS;
use schema::tables::{Standing, event_classes, qids};
use syntax::ast::CompareOperator;
use syntax::{Diagnostic, Safety, Severity, Span};

use super::event_classes::{branches_by_id, event_ids, filter};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Literal};

pub(super) static UNKNOWN_QID: Lint = Lint {
    name: "unknown-qid",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("unknown_qid.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = filter(subject.query) else { return };
    filter.visit(&mut |test| {
        for (id, span) in tested(test) {
            let Some(known) = qids::by_id(id).filter(|it| it.standing == Standing::Unknown) else { continue };
            if !found.iter().any(|it| it.span == span) {
                found.push(without_meaning(subject, test, span, known.id));
            }
        }
    });
    for branch in branches_by_id(filter) {
        let Some(ids) = event_ids(&branch) else { continue };
        for (id, span) in branch.own.iter().flat_map(|it| tested(it)) {
            let rows: Vec<_> = qids::all().iter().filter(|it| it.id == id && it.event_id.is_some()).collect();
            let agrees = |it: &&qids::Qid| it.event_id.is_some_and(|it| ids.contains(&it.to_string()));
            let Some(row) = rows.first().filter(|_| !rows.iter().any(agrees)) else { continue };
            if !found.iter().any(|it| it.span == span) {
                found.push(of_another_event(row, span));
            }
        }
    }
}

/// The QIDs of which a test demands one, with their places.
fn tested(test: &Expr) -> Vec<(i64, Span)> {
    let (operand, list) = match &test.kind {
        ExprKind::In { operand, list, negated: false } => (operand, list.as_slice()),
        ExprKind::Compare(CompareOperator::Equal, left, right) => (left, std::slice::from_ref(&**right)),
        _ => return Vec::new(),
    };
    if EVENTS.position("qid").is_none_or(|it| operand.kind != ExprKind::Field(it)) {
        return Vec::new();
    }
    let number = |it: &Expr| match it.as_literal() {
        Some(Literal::Integer(number)) => Some((*number, it.span)),
        _ => None,
    };
    list.iter().filter_map(number).collect()
}

fn without_meaning(subject: &Subject<'_>, test: &Expr, span: Span, id: i64) -> Diagnostic {
    let found = UNKNOWN_QID
        .at(span, format!("QID {id} has no public meaning"))
        .with_label("no public map of QIDs has this number")
        .with_note("event ids are the same on every console; what a QID is, `QIDNAME(qid)` tells on yours");
    let Some((event_id, channel)) = meant(subject, test) else {
        return found.with_help("test the event id of the log source instead");
    };
    let known = qids::all().iter().find(|it| it.channel == channel && it.event_id == Some(event_id));
    let other = known.map_or(String::new(), |it| format!(", whose QID is {} by a public map", it.id));
    let edit = format!("(qideventcategory = '{channel}' AND EventID = {event_id})");
    let found = found.with_help(format!("the comment speaks of event {event_id}{other}: test the event id"));
    if matches!(test.kind, ExprKind::Compare(..)) {
        return found.with_fix(Safety::Unsafe, vec![(test.span, edit)]);
    }
    found
}

/// The Windows event that a comment at the end of the line of the test speaks of.
fn meant(subject: &Subject<'_>, test: &Expr) -> Option<(u32, &'static str)> {
    let rest = subject.text.get(test.span.end..)?.lines().next()?;
    let (_, comment) = rest.split_once("--").or_else(|| rest.split_once("/*"))?;
    let words = comment.split(|it: char| !it.is_ascii_digit()).filter(|it| it.len() >= 4);
    let mut classes = words.filter_map(|word| event_classes::by_event_id(word).next());
    classes.find_map(|it| Some((it.event_id.parse().ok()?, it.channel)))
}

fn of_another_event(row: &qids::Qid, span: Span) -> Diagnostic {
    let name = row.name.unwrap_or("another event");
    let event = row.event_id.map_or(String::new(), |it| format!(", event {it} of {}", row.channel));
    UNKNOWN_QID
        .at(span, format!("QID {} is `{name}`{event}", row.id))
        .with_label("this branch asks for another event id, so it never finds anything")
        .with_help("test the event id alone")
}
