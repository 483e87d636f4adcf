//! ## What it does
//!
//! Finds scores none of whose arms can be taken on one alternative of WHERE, because the events that pass it lack the
//! fields that the score reads.
//!
//! ## Why
//!
//! These matches all get the value of ELSE and sort last, however bad they are: a score that reads the path of a service
//! says nothing about the start of a process.
//!
//! ## Example
//!
//! ```aql
//! SELECT username, CASE WHEN ImagePath ILIKE '%\temp\%' THEN 40 ELSE 0 END AS risk_score
//! FROM events
//! WHERE (EventID = 7045 AND ImagePath ILIKE '%.exe%') OR CommandLine ILIKE '%sc.exe%create%'
//! ORDER BY risk_score DESC LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username, CASE WHEN COALESCE(ImagePath, CommandLine) ILIKE '%\temp\%' THEN 40 ELSE 0 END AS risk_score
//! FROM events
//! WHERE (EventID = 7045 AND ImagePath ILIKE '%.exe%') OR CommandLine ILIKE '%sc.exe%create%'
//! ORDER BY risk_score DESC LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Which fields an event has is known for the kinds of events of the reference only. It speaks of scores that are
//! otherwise 0: `ELSE 25` is a grade for all the rest. A score that is constant on every alternative is not reported.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use schema::EVENTS;
use schema::tables::event_classes::{self, EventClass};
use syntax::ast::CompareOperator;
use syntax::{Diagnostic, Label, Severity, Span};

use super::event_classes::{ClassFields, defined, filter};
use super::places::{Goal, Part, places, queries};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, GuardValue, Literal, required};
use crate::reachability::{Condition, Outcome, Reachability};

pub(super) static CONSTANT_SCORE: Lint = Lint {
    name: "constant-score",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("constant_score.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut reachability = subject.reachability.borrow_mut();
    let defined = defined(subject.options);
    for query in queries(subject.query) {
        let Some(filter) = filter(query).filter(|_| !query.is_aggregating()) else { continue };
        for column in query.columns.iter().filter(|it| it.expr.value_type.is_numeric()) {
            let Some(score) = Score::of(&column.expr, &mut reachability) else { continue };
            let mut search = Search { reachability: &mut reachability, defined: &defined, score: &score };
            let constant = search.constant_alternatives(filter);
            if !constant.is_empty() {
                found.push(said(subject, column.expr.span, &score, &constant));
            }
        }
    }
}

/// A number that is made of CASEs, 0 where none of their arms is taken.
struct Score {
    arms: Vec<Condition>,
    /// The fields that the conditions of the arms read.
    fields: BTreeSet<usize>,
    /// Where each stands first.
    places: BTreeMap<usize, Span>,
}

impl Score {
    fn of(expr: &Expr, reachability: &mut Reachability) -> Option<Self> {
        let (mut arms, mut fields, mut places) = (Vec::new(), BTreeSet::new(), BTreeMap::new());
        let mut ends_with_nothing = true;
        expr.visit(&mut |it| {
            if let ExprKind::Field(field) = it.kind {
                places.entry(field).or_insert(it.span);
            }
            if let ExprKind::Case { arms: all, otherwise } = &it.kind {
                let otherwise = otherwise.as_deref().map(Expr::as_literal);
                ends_with_nothing &= matches!(otherwise, None | Some(Some(Literal::Integer(0) | Literal::Null)));
                for (when, _) in all {
                    arms.push(reachability.condition(when));
                    fields.extend(fields_of(when));
                }
            }
        });
        let reads_property = fields.iter().any(|it| !event_classes::is_open(*it));
        (ends_with_nothing && reads_property && !arms.is_empty()).then_some(Self { arms, fields, places })
    }

    /// The names of the properties that it reads, as written.
    fn names(&self, subject: &Subject<'_>) -> String {
        let read = self.places.iter().filter(|(field, _)| !event_classes::is_open(**field));
        let names: Vec<String> = read.map(|(_, span)| format!("`{}`", subject.source(*span))).collect();
        names.join(", ")
    }
}

struct Search<'a> {
    reachability: &'a mut Reachability,
    /// Fields that the user fills: they may be anywhere.
    defined: &'a BTreeSet<usize>,
    score: &'a Score,
}

impl Search<'_> {
    /// The alternatives of a filter on which no arm can be taken; none where that is so for all.
    fn constant_alternatives(&mut self, filter: &Expr) -> Vec<Span> {
        let admitted = (self.reachability.condition(filter), Outcome::True);
        let mut constant = Vec::new();
        for place in places(filter, self.reachability) {
            // What stands deeper is about the same events.
            if place.is_and || place.depth > 1 || place.has_choice() || place.depth == 1 && !is_conjunction(filter) {
                continue;
            }
            let is_constant: Vec<bool> = place.parts.iter().map(|it| self.is_constant(&[admitted], it)).collect();
            if is_constant.iter().all(|it| *it) {
                continue;
            }
            let spans = place.parts.iter().zip(is_constant).filter(|(_, constant)| *constant);
            constant.extend(spans.map(|(part, _)| part.span));
        }
        constant
    }

    /// Whether no arm can be taken on an alternative, on any kind of event that can pass it, and only for want of fields.
    fn is_constant(&mut self, beside: &[Goal], alternative: &Part<'_>) -> bool {
        let [condition] = alternative.conditions.as_slice() else { return false };
        if !alternative.exprs.iter().all(|it| has_known_ids(it)) {
            return false;
        }
        let goals: Vec<Goal> = beside.iter().copied().chain([(*condition, Outcome::True)]).collect();
        if !self.can_score(&goals) {
            return false;
        }
        let mut fields = self.score.fields.clone();
        alternative.exprs.iter().for_each(|it| fields.extend(fields_of(it)));
        let mut known = HashSet::new();
        let mut is_possible = false;
        for class in event_classes::all() {
            if !known.insert(kind(class, &fields)) {
                continue;
            }
            let before = self.reachability.assumptions();
            self.assume(class, &fields);
            let passes = !self.reachability.never(&goals);
            let scores = passes && self.can_score(&goals);
            self.reachability.forget_after(before);
            is_possible |= passes;
            if scores {
                return false;
            }
        }
        is_possible
    }

    fn can_score(&mut self, goals: &[Goal]) -> bool {
        self.score.arms.iter().any(|arm| {
            let all: Vec<Goal> = goals.iter().copied().chain([(*arm, Outcome::True)]).collect();
            !self.reachability.never(&all)
        })
    }

    /// From now on only events of a kind are meant, as far as these fields go.
    fn assume(&mut self, class: &EventClass, fields: &BTreeSet<usize>) {
        for field in fields {
            match identity(class, *field) {
                Some(value) => {
                    let value =
                        Expr { value_type: EVENTS.fields[*field].value_type, ..Expr::literal(value, Span::default()) };
                    let (left, right) = (Box::new(field_expr(*field)), Box::new(value));
                    let kind = ExprKind::Compare(CompareOperator::Equal, left, right);
                    let equal = Expr::new(kind, schema::Type::Boolean, Span::default());
                    self.reachability.assume(&equal, Outcome::True);
                }
                None if !class.carries(*field) && !self.defined.contains(field) => {
                    self.reachability.assume_null(&EVENTS, EVENTS.fields[*field].name);
                }
                None => {}
            }
        }
    }
}

/// Whether an alternative is about no event id, or about those of known kinds only.
fn has_known_ids(alternative: &Expr) -> bool {
    let field = ClassFields::new().event_id;
    if !fields_of(alternative).contains(&field) {
        return true;
    }
    let is_known = |it: &GuardValue| match it {
        GuardValue::Text(id) => event_classes::by_event_id(id).next().is_some(),
        GuardValue::Integer(_) => false,
    };
    required(alternative, field).is_some_and(|ids| ids.iter().all(is_known))
}

/// What tells a kind of event from others, as far as it depends on these fields.
fn kind(class: &EventClass, fields: &BTreeSet<usize>) -> Vec<(String, bool)> {
    let value = |field| identity(class, field).map(|it| format!("{it:?}")).unwrap_or_default();
    fields.iter().map(|it| (value(*it), class.carries(*it))).collect()
}

/// The value that all events of a kind have in a field.
fn identity(class: &EventClass, field: usize) -> Option<Literal> {
    let fields = ClassFields::new();
    match field {
        _ if field == fields.device_type => Some(Literal::Integer(class.log_source_type)),
        _ if field == fields.channel => Some(Literal::Text(class.channel.to_owned())),
        _ if field == fields.event_id => Some(Literal::Text(class.event_id.to_owned())),
        _ => None,
    }
}

fn said(subject: &Subject<'_>, span: Span, score: &Score, constant: &[Span]) -> Diagnostic {
    let mut diagnostic = CONSTANT_SCORE
        .at(span, "this score never counts on an alternative of WHERE")
        .with_label(format!("reads {}", score.names(subject)))
        .with_note("no known kind of event that passes the alternative carries what the score reads")
        .with_help("let the score read fields of these events too, such as with COALESCE");
    for span in constant {
        diagnostic.labels.push(Label { span: *span, message: "no arm of the score can be taken here".to_owned() });
    }
    diagnostic
}

fn field_expr(field: usize) -> Expr {
    Expr::new(ExprKind::Field(field), EVENTS.fields[field].value_type, Span::default())
}

fn fields_of(expr: &Expr) -> BTreeSet<usize> {
    let mut fields = BTreeSet::new();
    expr.visit(&mut |it| {
        if let ExprKind::Field(field) = it.kind {
            fields.insert(field);
        }
    });
    fields
}

fn is_conjunction(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::And(_))
}
