//! ## What it does
//!
//! Finds patterns and values of a list, or of a chain of OR, that match only what another one of them matches.
//!
//! ## Why
//!
//! The pattern has no effect, so either it is left over or the wider one is wider than was meant: `'%TEMP%'` matches
//! "template", and makes `'%\Temp\%'` beside it pointless.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events
//! WHERE CommandLine ILIKE '%\Temp\%' OR CommandLine ILIKE '%TEMP%'
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events
//! WHERE CommandLine ILIKE '%\Temp\%' OR CommandLine IMATCHES '%TEMP%'
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Regular expressions with look-around or references to groups are not looked into. Of long lists only the first 200
//! patterns are held against one another.

use std::collections::HashSet;
use std::rc::Rc;

use syntax::{Diagnostic, Label, Safety, Severity, Span};

use super::places::queries;
use super::removal::removal;
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Case, Expr, ExprKind, Pattern, PatternKind, TextTest};
use crate::reachability::{PatternTest, Reachability};

/// The most patterns of one operand that are held against one another.
const PATTERNS_MAX: usize = 200;

pub(super) static SUBSUMED_PATTERN: Lint = Lint {
    name: "subsumed-pattern",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("subsumed_pattern.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut reachability = subject.reachability.borrow_mut();
    for query in queries(subject.query) {
        let mut groups = Groups::default();
        for root in query.roots() {
            groups.collect(root);
        }
        groups.list.retain(|it| it.len() > 1);
        groups.list.sort_by_key(|it| it[0].pattern.span);
        for patterns in &groups.list {
            check_patterns(subject, patterns, &mut reachability, found);
        }
    }
}

/// A pattern with all that it stands in.
#[derive(Clone)]
struct Place<'q> {
    pattern: &'q Pattern,
    case: Case,
    /// The places of all patterns of its list, and its own number among them.
    list: Rc<[Span]>,
    index: usize,
    /// The chain of AND or OR that its test is an operand of.
    chain: Option<Chain>,
}

#[derive(Clone)]
struct Chain {
    operands: Rc<[Span]>,
    index: usize,
    joint: &'static str,
}

/// Patterns of one operand of which any will do, list by list.
#[derive(Default)]
struct Groups<'q> {
    list: Vec<Vec<Place<'q>>>,
    /// The tests that are in it. An alias may stand for one in several clauses.
    done: HashSet<Span>,
}

impl<'q> Groups<'q> {
    fn collect(&mut self, expr: &'q Expr) {
        match &expr.kind {
            ExprKind::Or(operands) => self.chain(operands, false),
            // None of several patterns is like any of them, turned round.
            ExprKind::And(operands) => self.chain(operands, true),
            ExprKind::Text(test) if self.done.insert(expr.span) => self.list.push(places_of(test, None)),
            _ => {}
        }
        for child in expr.children() {
            self.collect(child);
        }
    }

    fn chain(&mut self, operands: &'q [Expr], is_and: bool) {
        let spans: Rc<[Span]> = operands.iter().map(|it| it.span).collect();
        let joint = if is_and { "AND" } else { "OR" };
        let mut groups: Vec<(&Expr, Vec<Place<'q>>)> = Vec::new();
        for (index, operand) in operands.iter().enumerate() {
            let ExprKind::Text(test) = &operand.kind else { continue };
            if test.negated != is_and || !self.done.insert(operand.span) {
                continue;
            }
            let patterns = places_of(test, Some(&Chain { operands: Rc::clone(&spans), index, joint }));
            match groups.iter_mut().find(|(known, _)| **known == *test.operand) {
                Some((_, group)) => group.extend(patterns),
                None => groups.push((&test.operand, patterns)),
            }
        }
        self.list.extend(groups.into_iter().map(|(_, it)| it));
    }
}

fn places_of<'q>(test: &'q TextTest, chain: Option<&Chain>) -> Vec<Place<'q>> {
    let list: Rc<[Span]> = test.patterns.iter().map(|it| it.span).collect();
    let place =
        |(index, pattern)| Place { pattern, case: test.case, list: Rc::clone(&list), index, chain: chain.cloned() };
    test.patterns.iter().enumerate().map(place).collect()
}

fn check_patterns(
    subject: &Subject<'_>,
    patterns: &[Place<'_>],
    reachability: &mut Reachability,
    found: &mut Vec<Diagnostic>,
) {
    let patterns = &patterns[..patterns.len().min(PATTERNS_MAX)];
    let known: Vec<Option<PatternTest>> =
        patterns.iter().map(|it| reachability.pattern_test(it.pattern, it.case)).collect();
    let mut dropped = vec![false; patterns.len()];
    for index in 0..patterns.len() {
        let by = (0..patterns.len()).find(|other| {
            if *other == index || dropped[*other] || patterns[*other].pattern.span == patterns[index].pattern.span {
                return false;
            }
            let (Some(own), Some(wider)) = (known[index], known[*other]) else { return false };
            // Of two that match the same the first one stays.
            reachability.covers(wider, own) && (*other < index || !reachability.covers(own, wider))
        });
        if let Some(by) = by {
            dropped[index] = true;
            found.push(said(subject, &patterns[index], &patterns[by]));
        }
    }
}

fn said(subject: &Subject<'_>, place: &Place<'_>, by: &Place<'_>) -> Diagnostic {
    let is_same = place.pattern == by.pattern && place.case == by.case;
    let what = if place.pattern.kind == PatternKind::Equal { "value" } else { "pattern" };
    let message = if is_same {
        format!("this {what} stands here twice")
    } else {
        format!("this {what} matches only what another one matches")
    };
    let mut diagnostic = SUBSUMED_PATTERN.at(place.pattern.span, message).with_label("has no effect");
    let label = if is_same { "the same" } else { "matches all of it" };
    diagnostic.labels.push(Label { span: by.pattern.span, message: label.to_owned() });
    let diagnostic = diagnostic.with_help("remove it, or narrow the other one");
    let edit = match (&place.chain, place.list.len()) {
        (Some(chain), 1) => removal(subject, &chain.operands, chain.index, chain.joint),
        (None, 1) => None,
        _ => removal(subject, &place.list, place.index, ","),
    };
    match edit {
        Some(edit) => diagnostic.with_fix(Safety::Safe, vec![edit]),
        None => diagnostic,
    }
}
