//! ## What it does
//!
//! Finds arms of CASE that are never taken, because earlier arms take all of their rows or because WHERE admits none of
//! them.
//!
//! ## Why
//!
//! CASE takes the first arm whose condition is true. An arm with a further condition that stands behind the one without
//! it is dead: the more exact label never appears.
//!
//! ## Example
//!
//! ```aql
//! SELECT CASE
//!   WHEN CommandLine ILIKE '%sc.exe%create%' THEN 'service creation'
//!   WHEN CommandLine ILIKE '%sc.exe%create%' AND username = 'SYSTEM' THEN 'service creation by SYSTEM'
//!   ELSE 'other' END AS label
//! FROM events LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT CASE
//!   WHEN CommandLine ILIKE '%sc.exe%create%' AND username = 'SYSTEM' THEN 'service creation by SYSTEM'
//!   WHEN CommandLine ILIKE '%sc.exe%create%' THEN 'service creation'
//!   ELSE 'other' END AS label
//! FROM events LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! It speaks of what is proven only. The fix moves the arm before the one that hides it, which changes what the column
//! says. An arm whose condition alone is impossible is `never-true`. A CASE that WHERE itself compares is held against its
//! own arms only.

use syntax::{Diagnostic, Label, Safety, Severity, Span};

use super::places::{choices, choices_of, is_constant, queries};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Query};
use crate::reachability::{Condition, Outcome, Reachability};

pub(super) static UNREACHABLE_ARM: Lint = Lint {
    name: "unreachable-arm",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("unreachable_arm.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut reachability = subject.reachability.borrow_mut();
    for query in queries(subject.query) {
        // What WHERE itself compares is there to shut rows out.
        let compared: Vec<Span> = query.filter.iter().flat_map(choices_of).map(|it| it.span).collect();
        for choice in choices(query) {
            let ExprKind::Case { arms, .. } = &choice.kind else { continue };
            check_choice(subject, query, arms, compared.contains(&choice.span), &mut reachability, found);
        }
    }
}

fn check_choice(
    subject: &Subject<'_>,
    query: &Query,
    arms: &[(Expr, Expr)],
    in_filter: bool,
    reachability: &mut Reachability,
    found: &mut Vec<Diagnostic>,
) {
    let conditions: Vec<Condition> = arms.iter().map(|(when, _)| reachability.condition(when)).collect();
    let filter = query.filter.as_ref().map(|it| (reachability.condition(it), Outcome::True));
    let filter = filter.filter(|it| !in_filter && !reachability.never(&[*it]));
    for (index, (when, _)) in arms.iter().enumerate() {
        let own = (conditions[index], Outcome::True);
        if is_constant(when) || reachability.never(&[own]) {
            continue;
        }
        let earlier = conditions[..index].iter().map(|it| (*it, Outcome::NotTrue));
        let goals: Vec<_> = earlier.chain([own]).collect();
        let hidden = reachability.never(&goals);
        if !hidden && filter.is_none_or(|it| !reachability.never(&[it, own])) {
            continue;
        }
        let diagnostic = UNREACHABLE_ARM.at(when.span, "this arm of CASE is never taken");
        if !hidden {
            let said = diagnostic.with_label("WHERE admits none of its rows");
            found.push(said.with_help("remove the arm, or let WHERE admit its rows"));
            continue;
        }
        let by = (0..index).find(|it| reachability.never(&[(conditions[*it], Outcome::NotTrue), own]));
        found.push(hidden_arm(subject, arms, index, by, diagnostic));
    }
}

fn hidden_arm(
    subject: &Subject<'_>,
    arms: &[(Expr, Expr)],
    index: usize,
    by: Option<usize>,
    mut diagnostic: Diagnostic,
) -> Diagnostic {
    let Some(by) = by else {
        return diagnostic
            .with_label("the arms before it take all of its rows")
            .with_help("move it before them, or remove it");
    };
    let message = "this arm takes all of its rows".to_owned();
    diagnostic.labels.push(Label { span: arms[by].0.span, message });
    let diagnostic = diagnostic.with_label("an earlier arm takes all of its rows");
    let (moved, before) = (arm_span(subject, &arms[index]), arm_span(subject, &arms[by]));
    let (Some(moved), Some(before), false) = (moved, before, arms[index].0 == arms[by].0) else {
        return diagnostic.with_help("remove it: the earlier arm has the same condition");
    };
    let text = subject.source(moved).to_owned();
    let gap_start = subject.text[..moved.start].trim_end().len();
    let gap = subject.text[gap_start..moved.start].to_owned();
    let edits = vec![
        (Span::new(before.start, before.start), format!("{text}{gap}")),
        (Span::new(gap_start, moved.end), String::new()),
    ];
    diagnostic.with_help("move it before the arm that hides it").with_fix(Safety::Unsafe, edits)
}

/// An arm from its WHEN to the end of its value; none where that cannot be told from the text.
fn arm_span(subject: &Subject<'_>, (when, then): &(Expr, Expr)) -> Option<Span> {
    let before = subject.text.get(..when.span.start)?.trim_end_matches(|it: char| it.is_whitespace() || it == '(');
    let start = before.len().checked_sub(4)?;
    let span = Span::new(start, then.span.end);
    let text = subject.text.get(start..then.span.end)?;
    let is_balanced = text.matches('(').count() == text.matches(')').count() && !text.contains("--");
    (text.get(..4)?.eq_ignore_ascii_case("when") && is_balanced).then_some(span)
}
