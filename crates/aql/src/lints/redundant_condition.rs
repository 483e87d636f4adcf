//! ## What it does
//!
//! Finds conditions that never decide: an operand of AND that the others already imply, and an operand of OR that
//! implies another one.
//!
//! ## Why
//!
//! A test without effect was meant to have one. It is often a filter with an alternative too many, or a list that was
//! widened in one place only.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events
//! WHERE EventID IN (4624, 4625) AND EventID != 4634
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events
//! WHERE EventID IN (4624, 4625)
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! It is silent about tests for null and about a LIKE before a regular expression, which are there for readers and for
//! speed, and about patterns that another pattern covers, which is `subsumed-pattern`. Beside a condition that can never
//! be true everything is implied: that is `never-true`.

use syntax::{Diagnostic, Label, Safety, Severity, Span};

use super::places::{Goal, Part, Place, has_choice, places, queries};
use super::removal::removal;
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, PatternKind, TextTest};
use crate::reachability::{Outcome, Reachability};

/// The most operands of one AND or OR that are held against one another.
const OPERANDS_MAX: usize = 64;

pub(super) static REDUNDANT_CONDITION: Lint = Lint {
    name: "redundant-condition",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("redundant_condition.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut reachability = subject.reachability.borrow_mut();
    for query in queries(subject.query) {
        for condition in query.filter.iter().chain(&query.having) {
            let whole = (reachability.condition(condition), Outcome::True);
            if reachability.never(&[whole]) {
                continue;
            }
            for place in places(condition, &mut reachability) {
                if place.parts.len() > OPERANDS_MAX {
                    continue;
                }
                if place.is_and {
                    conjuncts(subject, &place, &mut reachability, found);
                } else {
                    alternatives(subject, &place, &mut reachability, found);
                }
            }
        }
    }
}

/// Operands of an AND that follow from others.
fn conjuncts(subject: &Subject<'_>, place: &Place<'_>, reachability: &mut Reachability, found: &mut Vec<Diagnostic>) {
    let mut dropped = vec![false; place.parts.len()];
    for index in (0..place.parts.len()).rev() {
        let part = &place.parts[index];
        if part.is_constant() || is_on_purpose(part) {
            continue;
        }
        let others = || place.parts.iter().enumerate().filter(|(other, _)| *other != index && !dropped[*other]);
        let goals: Vec<Goal> = place.goals().into_iter().chain(others().flat_map(|(_, it)| it.truth())).collect();
        if !part.always(&goals, reachability) {
            continue;
        }
        let by_one = others().find(|(_, it)| part.always(&it.truth().collect::<Vec<_>>(), reachability));
        let by_far = place.beside.iter().find(|(_, it)| part.always(&[(*it, Outcome::True)], reachability));
        if by_one.is_some_and(|(_, it)| is_prefilter(part, it)) {
            continue;
        }
        let is_impossible = by_one.is_some_and(|(_, it)| it.never(true, &[], reachability))
            || by_far.is_some_and(|(_, it)| reachability.never(&[(*it, Outcome::True)]))
            || reachability.never(&goals);
        if is_impossible {
            continue;
        }
        let by = by_one.map(|(_, it)| it.span).or(by_far.map(|(span, _)| *span));
        let message = "this condition never decides: the others imply it";
        let said = said(subject, place, index, by, message, "is true whenever the others are");
        dropped[index] = true;
        found.push(said);
    }
}

/// Operands of an OR of which another one is true too.
fn alternatives(
    subject: &Subject<'_>,
    place: &Place<'_>,
    reachability: &mut Reachability,
    found: &mut Vec<Diagnostic>,
) {
    let mut dropped = vec![false; place.parts.len()];
    for index in (0..place.parts.len()).rev() {
        let part = &place.parts[index];
        if part.is_constant() || part.conditions.len() > 1 {
            continue;
        }
        let goals: Vec<Goal> = place.goals().into_iter().chain(part.truth()).collect();
        if reachability.never(&goals) {
            continue;
        }
        let by = place.parts.iter().enumerate().find(|(other, it)| {
            let is_other = *other != index && !dropped[*other] && !it.is_constant();
            is_other && !is_same_text(part, it) && it.conditions.len() == 1 && it.always(&goals, reachability)
        });
        let Some((_, by)) = by else { continue };
        let message = "this alternative never decides: another one is true whenever it is";
        found.push(said(subject, place, index, Some(by.span), message, "adds no row"));
        dropped[index] = true;
    }
}

fn said(
    subject: &Subject<'_>,
    place: &Place<'_>,
    index: usize,
    by: Option<Span>,
    message: &str,
    label: &str,
) -> Diagnostic {
    let mut diagnostic = REDUNDANT_CONDITION.at(place.parts[index].span, message).with_label(label);
    if let Some(span) = by {
        let message = if place.is_and { "implies it" } else { "is true whenever it is" };
        diagnostic.labels.push(Label { span, message: message.to_owned() });
    }
    let spans: Vec<Span> = place.parts.iter().map(|it| it.span).collect();
    let joint = if place.is_and { "AND" } else { "OR" };
    match removal(subject, &spans, index, joint) {
        Some(edit) => diagnostic.with_help("remove it, or mend what was meant").with_fix(Safety::Unsafe, vec![edit]),
        None => diagnostic.with_help("remove it, or mend what was meant"),
    }
}

/// Tests for null say what a reader should know.
fn is_on_purpose(part: &Part<'_>) -> bool {
    part.exprs.iter().all(|it| match &it.kind {
        ExprKind::IsNull { .. } => true,
        // `x != ''` and `x != '-'` beside another test of `x` are its other way of saying "filled".
        ExprKind::Text(test) => test.negated && test.patterns.iter().all(|it| it.text.len() <= 1),
        _ => false,
    })
}

/// Whether the first is a quick test before the regular expression, or the choice among several, that is the second.
fn is_prefilter(part: &Part<'_>, by: &Part<'_>) -> bool {
    let is_quick = |it: &TextTest| !it.negated;
    if by.exprs.iter().any(|it| has_choice(it)) {
        return part.only().and_then(text).is_some_and(is_quick);
    }
    match (part.only().and_then(text), by.only().and_then(text)) {
        (Some(quick), Some(exact)) => {
            let has = |test: &TextTest, kind| test.patterns.iter().all(|it| it.kind == kind);
            is_quick(quick) && has(quick, PatternKind::Like) && has(exact, PatternKind::Regex)
        }
        _ => false,
    }
}

/// Whether both are tests of one text, of which `subsumed-pattern` speaks.
fn is_same_text(one: &Part<'_>, other: &Part<'_>) -> bool {
    match (one.only().and_then(text), other.only().and_then(text)) {
        (Some(one), Some(other)) => one.operand == other.operand && !one.negated && !other.negated,
        _ => false,
    }
}

fn text(expr: &Expr) -> Option<&TextTest> {
    if let ExprKind::Text(test) = &expr.kind { Some(test) } else { None }
}
