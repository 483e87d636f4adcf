//! ## What it does
//!
//! Finds log source types whose events can never pass the filter, because they report something else than it asks for.
//!
//! ## Why
//!
//! Numbers of log source types are easily mixed up. All channels of Windows, Sysmon's and the System log among them, are
//! type 12; 13 is Microsoft IIS, 14 is Linux iptables, 397 is Microsoft Office 365. The query finds nothing more by them
//! and QRadar reads all of their events.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE devicetype IN (12, 13, 14) AND EventID = 7045 LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events WHERE devicetype = 12 AND EventID = 7045 LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Only types are reported that certainly report nothing from within a host: firewalls, web servers, proxies, cloud
//! applications. Queries that test event ids other than those of known Windows events are left alone.

use schema::EVENTS;
use schema::tables::log_source_subjects::{Subject as Reported, subject_of};
use schema::tables::{event_classes, log_source_types};
use syntax::ast::CompareOperator;
use syntax::{Diagnostic, Label, Safety, Severity, Span};

use super::event_classes::{ClassFields, filter};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, GuardValue, Literal, required};
use crate::possible::{Knowledge, Known, Possible};

pub(super) static UNRELATED_LOG_SOURCE_TYPE: Lint = Lint {
    name: "unrelated-log-source-type",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("unrelated_log_source_type.rs"),
    finder: Finder::Query(check),
};

/// What is known of the events of a type.
struct TypeKnowledge {
    device_type: [Literal; 1],
    event_id: [Literal; 1],
    reported: Reported,
    fields: ClassFields,
}

impl Knowledge for TypeKnowledge {
    fn field(&self, field: usize) -> Known<'_> {
        let value = |values| Known::Values { values, always: true };
        if field == self.fields.device_type {
            value(&self.device_type)
        } else if field == self.fields.event_id {
            value(&self.event_id)
        } else if EVENTS.fields.get(field).is_some_and(|it| self.reported.lacks(it.name)) {
            Known::Absent
        } else {
            Known::Any
        }
    }
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = filter(subject.query) else { return };
    if subject.options.properties.iter().any(|it| EVENTS.find(&it.name).is_some()) || !asks_for_windows(filter) {
        return;
    }
    let mut possible = Possible::new();
    filter.visit(&mut |test| {
        let literals = tested_types(test);
        let mut unrelated = Vec::new();
        for (position, (id, span)) in literals.iter().enumerate() {
            let Some(reported) = subject_of(*id) else { continue };
            let knowledge = TypeKnowledge {
                device_type: [Literal::Integer(*id)],
                // No id of a Windows event.
                event_id: [Literal::Text(String::new())],
                reported,
                fields: ClassFields::new(),
            };
            // An alias is bound to one expression that may stand in several places: the filter is asked.
            if !possible.is_possible(filter, &knowledge) {
                unrelated.push((position, *id, *span, reported));
            }
        }
        if !unrelated.is_empty() && unrelated.len() < literals.len() && !found.iter().any(|it| it.span == test.span) {
            found.push(diagnostic(test, &literals, &unrelated));
        }
    });
}

/// Whether every event id that the filter tests is one of a Windows event.
fn asks_for_windows(filter: &Expr) -> bool {
    let field = ClassFields::new().event_id;
    let mut all = true;
    filter.visit(&mut |it| {
        for value in required(it, field).unwrap_or_default() {
            let id = match value {
                GuardValue::Integer(number) => number.to_string(),
                GuardValue::Text(text) => text,
            };
            all &= event_classes::by_event_id(&id).next().is_some();
        }
    });
    all
}

/// The types of which a test demands one, with their places.
fn tested_types(test: &Expr) -> Vec<(i64, Span)> {
    let field = ClassFields::new().device_type;
    let (operand, list) = match &test.kind {
        ExprKind::In { operand, list, negated: false } => (operand, list.as_slice()),
        ExprKind::Compare(CompareOperator::Equal, left, right) => (left, std::slice::from_ref(&**right)),
        _ => return Vec::new(),
    };
    if operand.kind != ExprKind::Field(field) {
        return Vec::new();
    }
    let number = |it: &Expr| match it.as_literal() {
        Some(Literal::Integer(number)) => Some((*number, it.span)),
        _ => None,
    };
    list.iter().map(number).collect::<Option<_>>().unwrap_or_default()
}

fn diagnostic(test: &Expr, literals: &[(i64, Span)], unrelated: &[(usize, i64, Span, Reported)]) -> Diagnostic {
    let names = |id: i64| log_source_types::by_id(id).map_or("an unknown type", |it| it.name());
    let (_, first, span, reported) = unrelated[0];
    let message = match unrelated.len() {
        1 => format!("log source type {first} is {}, none of whose events can pass", names(first)),
        count => format!("{count} log source types of this list are of other products: none of their events can pass"),
    };
    let label = |id, reported: Reported| format!("{id} is {}: it reports {}", names(id), reported.name());
    let mut found = UNRELATED_LOG_SOURCE_TYPE.at(span, message).with_label(label(first, reported));
    for (_, id, span, reported) in &unrelated[1..] {
        found.labels.push(Label { span: *span, message: label(*id, *reported) });
    }
    let kept: Vec<String> = (literals.iter().enumerate())
        .filter(|(position, _)| !unrelated.iter().any(|it| it.0 == *position))
        .map(|(_, it)| it.0.to_string())
        .collect();
    let (Some(open), Some(close)) = (literals.first(), literals.last()) else { return found };
    let list = Span::new(open.1.start, close.1.end);
    if test.span.start > list.start || list.end > test.span.end {
        return found;
    }
    found
        .with_note("all channels of Windows, those of Sysmon and PowerShell among them, are type 12")
        .with_help("leave them out")
        .with_fix(Safety::Unsafe, vec![(list, kept.join(", "))])
}
