//! ## What it does
//!
//! Finds two lists of texts for the same field that are nearly the same.
//!
//! ## Why
//!
//! A list that stands twice is kept up to date once. The member that only one of them has is missed by the other test.
//!
//! ## Example
//!
//! ```aql
//! SELECT CASE WHEN ParentProcessPath IN ('a.exe', 'b.exe', 'c.exe', 'd.exe', 'e.exe', 'f.exe') THEN 1 ELSE 0 END AS office
//! FROM events
//! WHERE ParentProcessPath IN ('a.exe', 'b.exe', 'c.exe', 'd.exe', 'e.exe')
//! LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT CASE WHEN ParentProcessPath IN ('a.exe', 'b.exe', 'c.exe', 'd.exe', 'e.exe', 'f.exe') THEN 1 ELSE 0 END AS office
//! FROM events
//! WHERE ParentProcessPath IN ('a.exe', 'b.exe', 'c.exe', 'd.exe', 'e.exe', 'f.exe')
//! LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Lists must share five members at least and differ in one or two, fewer than a third of those shared. The members of
//! regular expressions are not compared.

use std::collections::BTreeSet;

use syntax::{Diagnostic, Label, Severity, Span};

use super::{Finder, Group, Lint, Subject};
use crate::bound::{Case, Expr, ExprKind, PatternKind, TextTest};

pub(super) static LISTS_DIFFER: Lint = Lint {
    name: "lists-differ",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("lists_differ.rs"),
    finder: Finder::Query(check),
};

/// So many members must be shared.
const SHARED_MIN: usize = 5;
/// In so many members the lists may differ.
const DIFFERENCE_MAX: usize = 2;
/// The most lists of a query that are compared with one another.
const LISTS_MAX: usize = 64;

/// A list of texts that a field is tested for.
struct List<'a> {
    operand: &'a Expr,
    members: BTreeSet<String>,
    span: Span,
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let lists = lists(subject);
    for (index, list) in lists.iter().enumerate() {
        for other in &lists[..index] {
            let shared = list.members.intersection(&other.members).count();
            let difference = list.members.len() + other.members.len() - 2 * shared;
            let is_near = shared >= SHARED_MIN && (1..=DIFFERENCE_MAX).contains(&difference) && shared > 3 * difference;
            if is_near && list.operand == other.operand {
                found.push(diagnostic(list, other));
            }
        }
    }
}

fn diagnostic(list: &List<'_>, other: &List<'_>) -> Diagnostic {
    // What is missed is said where it is missed.
    let (short, long) = if list.members.len() < other.members.len() { (list, other) } else { (other, list) };
    let missing: Vec<String> = long.members.difference(&short.members).map(|it| format!("`{it}`")).collect();
    let more: Vec<String> = short.members.difference(&long.members).map(|it| format!("`{it}`")).collect();
    let mut diagnostic = LISTS_DIFFER
        .at(short.span, format!("this list lacks {}, which nearly the same list has", missing.join(" and ")))
        .with_help("let both lists be the same, or test the field once and give it a name");
    diagnostic.labels.push(Label { span: long.span, message: format!("has {}", missing.join(" and ")) });
    if !more.is_empty() {
        diagnostic = diagnostic.with_note(format!("the other list lacks {}", more.join(" and ")));
    }
    diagnostic
}

/// The lists of a query, each place once: of one test, or of like tests joined by OR.
fn lists<'a>(subject: &Subject<'a>) -> Vec<List<'a>> {
    let mut lists: Vec<List<'a>> = Vec::new();
    subject.visit(&mut |it| {
        if lists.len() >= LISTS_MAX {
            return;
        }
        match &it.kind {
            ExprKind::Text(test) if test.patterns.len() >= SHARED_MIN => lists.extend(list(&[test], it.span)),
            ExprKind::Or(operands) => {
                let mut tests: Vec<&TextTest> = operands.iter().filter_map(text_test).collect();
                while let Some(first) = tests.first().copied() {
                    let (like, others): (Vec<_>, Vec<_>) =
                        tests.into_iter().partition(|it| it.operand == first.operand);
                    lists.extend(list(&like, it.span));
                    tests = others;
                }
            }
            _ => {}
        }
    });
    lists.sort_by_key(|it| it.span);
    lists.dedup_by(|one, other| one.span == other.span && one.members == other.members);
    lists
}

fn text_test(expr: &Expr) -> Option<&TextTest> {
    match &expr.kind {
        ExprKind::Text(test) if !test.negated => Some(test),
        _ => None,
    }
}

fn list<'a>(tests: &[&'a TextTest], span: Span) -> Option<List<'a>> {
    let patterns = tests.iter().flat_map(|test| test.patterns.iter().map(|it| (it, test.case)));
    let constants = patterns.filter(|(it, _)| it.kind != PatternKind::Regex);
    let member = |case: Case, text: &str| if case == Case::Sensitive { text.to_owned() } else { text.to_lowercase() };
    let members: BTreeSet<String> = constants.map(|(it, case)| member(case, &it.text)).collect();
    let operand = &tests.first()?.operand;
    (members.len() >= SHARED_MIN).then_some(List { operand, members, span })
}
