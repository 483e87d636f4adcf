//! ## What it does
//!
//! Finds rows that WHERE admits and that no arm of a label explains: CASE names every other alternative of WHERE, but for
//! these rows only ELSE is left.
//!
//! ## Why
//!
//! Whoever reads the match sees `unknown` and cannot tell why it is there. Often an arm was forgotten when WHERE was
//! widened.
//!
//! ## Example
//!
//! ```aql
//! SELECT CASE
//!   WHEN CommandLine ILIKE '%create%' THEN 'created'
//!   WHEN CommandLine ILIKE '%delete%' THEN 'deleted'
//!   ELSE 'unknown' END AS label
//! FROM events
//! WHERE CommandLine ILIKE '%create%' OR CommandLine ILIKE '%config%'
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT CASE
//!   WHEN CommandLine ILIKE '%create%' THEN 'created'
//!   WHEN CommandLine ILIKE '%config%' THEN 'changed'
//!   ELSE 'unknown' END AS label
//! FROM events
//! WHERE CommandLine ILIKE '%create%' OR CommandLine ILIKE '%config%'
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! It looks at labels that are constant texts and end with a word such as `unknown` or with nothing, and speaks only
//! where other alternatives of WHERE are fully explained and a row that is not can be shown.

use syntax::{Diagnostic, Label, Severity, Span};

use super::places::{Goal, places, queries};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Literal, Query, Source};
use crate::reachability::{Outcome, Reachability, Value, Witness};

/// What stands after ELSE when no arm explains a row.
const FALLBACKS: [&str; 12] = [
    "",
    "-",
    "n/a",
    "na",
    "none",
    "null",
    "other",
    "unclassified",
    "undefined",
    "unknown",
    "unmatched",
    "uncategorized",
];
/// The longest value that a message shows.
const VALUE_LENGTH_MAX: usize = 80;

pub(super) static ROW_WITHOUT_LABEL: Lint = Lint {
    name: "row-without-label",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("row_without_label.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut reachability = subject.reachability.borrow_mut();
    for query in queries(subject.query) {
        let Some(filter) = query.filter.as_ref().filter(|_| !query.is_aggregating()) else { continue };
        for column in &query.columns {
            if let Some(choice) = Choice::of(&column.expr) {
                check_label(query, filter, &choice, &mut reachability, found);
            }
        }
    }
}

/// A CASE whose values are labels.
struct Choice<'q> {
    arms: &'q [(Expr, Expr)],
    /// Where ELSE's value stands, or the whole CASE.
    fallback: Span,
}

impl<'q> Choice<'q> {
    fn of(expr: &'q Expr) -> Option<Self> {
        let ExprKind::Case { arms, otherwise } = &expr.kind else { return None };
        let is_fallback = match otherwise.as_deref().map(Expr::as_literal) {
            None | Some(Some(Literal::Null)) => true,
            Some(Some(Literal::Text(text))) => FALLBACKS.contains(&text.trim().to_lowercase().as_str()),
            Some(_) => false,
        };
        let is_label = arms.len() >= 2 && arms.iter().all(|(_, it)| it.as_text().is_some());
        let fallback = otherwise.as_deref().map_or(expr.span, |it| it.span);
        (is_fallback && is_label).then_some(Self { arms, fallback })
    }
}

fn check_label(
    query: &Query,
    filter: &Expr,
    choice: &Choice<'_>,
    reachability: &mut Reachability,
    found: &mut Vec<Diagnostic>,
) {
    let admitted = (reachability.condition(filter), Outcome::True);
    let unnamed: Vec<Goal> =
        choice.arms.iter().map(|(when, _)| (reachability.condition(when), Outcome::NotTrue)).collect();
    let mut said: Vec<Span> = Vec::new();
    // Inner alternatives come after those that they stand in.
    for place in places(filter, reachability).iter().rev().filter(|it| !it.is_and && !it.has_choice()) {
        let mut unexplained = Vec::new();
        let mut explained = 0;
        for part in &place.parts {
            let [condition] = part.conditions.as_slice() else { continue };
            let goals = [admitted, (*condition, Outcome::True)];
            if reachability.never(&goals) {
                continue;
            }
            let all: Vec<Goal> = goals.into_iter().chain(unnamed.iter().copied()).collect();
            if reachability.never(&all) { explained += 1 } else { unexplained.push(part) }
        }
        if explained == 0 {
            continue;
        }
        for part in unexplained {
            let has_said = said.iter().any(|it| part.span.start <= it.start && it.end <= part.span.end);
            let Some(alternative) = part.only().filter(|_| !has_said) else { continue };
            let mut asked = vec![(filter, Outcome::True), (alternative, Outcome::True)];
            asked.extend(choice.arms.iter().map(|(when, _)| (when, Outcome::NotTrue)));
            if let Some(witness) = reachability.can(&asked).certain() {
                said.push(part.span);
                found.push(said_of(query, part.span, choice, witness));
            }
        }
    }
}

fn said_of(query: &Query, span: Span, choice: &Choice<'_>, witness: &Witness) -> Diagnostic {
    let mut diagnostic = ROW_WITHOUT_LABEL
        .at(span, "WHERE admits rows that no arm of the label explains")
        .with_label("some of these rows fall to ELSE")
        .with_help("add an arm for them, or widen one");
    let example = example(query, witness);
    if !example.is_empty() {
        diagnostic.note = Some(format!("such as a row with {example}"));
    }
    diagnostic.labels.push(Label { span: choice.fallback, message: "the label that they get".to_owned() });
    diagnostic
}

/// The values of a row in words.
fn example(query: &Query, witness: &Witness) -> String {
    let name = |operand: &Expr| match (&operand.kind, &query.source) {
        (ExprKind::Field(index), Source::Database(database)) => Some(database.fields.get(*index)?.name.to_owned()),
        (ExprKind::Field(index), source) => Some(source.column(*index)?.0.to_owned()),
        (ExprKind::Property(name), _) => Some(name.clone()),
        _ => None,
    };
    let shown = witness.values.iter().filter(|(_, value)| *value != Value::Null).filter_map(|(operand, value)| {
        let value = value.to_string();
        (value.len() <= VALUE_LENGTH_MAX).then(|| name(operand).map(|name| format!("{name} {value}"))).flatten()
    });
    shown.collect::<Vec<_>>().join(", ")
}
