//! ## What it does
//!
//! Finds filters on a score that one alternative of WHERE always passes, whatever the score.
//!
//! ## Why
//!
//! The filter keeps the other alternatives down to suspicious rows, but every single row of this one is a match: all
//! installations of services, say, and not those from an odd path.
//!
//! ## Example
//!
//! ```aql
//! SELECT username, CASE WHEN CommandLine ILIKE '%\temp\%' THEN 1 ELSE 0 END AS odd_path
//! FROM events
//! WHERE (EventID = 7045 OR EventID = 1) AND (odd_path = 1 OR EventID = 7045)
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username, CASE WHEN COALESCE(ImagePath, CommandLine) ILIKE '%\temp\%' THEN 1 ELSE 0 END AS odd_path
//! FROM events
//! WHERE (EventID = 7045 OR EventID = 1) AND odd_path = 1
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! A score is a CASE that the filter compares with a constant. That an alternative passes without a score may be meant.

use syntax::{Diagnostic, Label, Severity};

use super::places::{Part, Place, places, queries};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind};
use crate::reachability::{Outcome, Reachability};

pub(super) static SCORE_BYPASSED: Lint = Lint {
    name: "score-bypassed",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("score_bypassed.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut reachability = subject.reachability.borrow_mut();
    for query in queries(subject.query) {
        let Some(filter) = &query.filter else { continue };
        let places = places(filter, &mut reachability);
        for place in places.iter().filter(|it| it.is_and) {
            let choices = || place.parts.iter().filter(|it| it.only().is_some_and(is_choice));
            for scored in choices().filter(|it| it.only().is_some_and(has_score)) {
                for other in choices().filter(|it| it.span != scored.span) {
                    check_pair(scored, other, place, &mut reachability, found);
                }
            }
        }
    }
}

/// Holds a filter on a score against the alternatives that stand beside it.
fn check_pair(
    scored: &Part<'_>,
    other: &Part<'_>,
    place: &Place<'_>,
    reachability: &mut Reachability,
    found: &mut Vec<Diagnostic>,
) {
    let (Some(filter), Some(alternatives)) = (scored.only(), other.only()) else { return };
    if scored.always(&place.goals(), reachability) {
        return;
    }
    for alternative in operands(alternatives).iter().filter(|it| !has_score(it)) {
        let goal = (reachability.condition(alternative), Outcome::True);
        if reachability.never(&[goal]) {
            continue;
        }
        let bypass = operands(filter).iter().filter(|it| !has_score(it)).find(|it| {
            let passes = reachability.condition(it);
            reachability.never(&[goal, (passes, Outcome::NotTrue)])
        });
        let Some(bypass) = bypass else { continue };
        let mut diagnostic = SCORE_BYPASSED
            .at(bypass.span, "the filter on the score lets every row of an alternative pass")
            .with_label("true for all of them, so the score never decides")
            .with_help("let the score read what these events carry, and drop this test");
        let message = "every row of this alternative is a match".to_owned();
        diagnostic.labels.push(Label { span: alternative.span, message });
        found.push(diagnostic);
    }
}

fn is_choice(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Or(_))
}

fn operands(expr: &Expr) -> &[Expr] {
    if let ExprKind::Or(operands) = &expr.kind { operands } else { &[] }
}

/// Whether a CASE with a numeric value is compared in it.
fn has_score(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |it| found |= matches!(it.kind, ExprKind::Case { .. }) && it.value_type.is_numeric());
    found
}
