//! ## What it does
//!
//! Finds conditions that no row can meet: tests that contradict one another, alone or because of what stands beside them.
//!
//! ## Why
//!
//! A branch that can never be taken is silent about it: the detection seems to cover what it does not. Often AND stands
//! where OR was meant, or a filter added later shuts out a branch.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events
//! WHERE EventID IN (4624, 4625) AND (EventID = 4720 OR LogonType = '10')
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events
//! WHERE EventID = 4720 OR EventID IN (4624, 4625) AND LogonType = '10'
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! It speaks of what is proven only. Values that functions compute, and comparisons of two fields, may come out in any
//! way. Which fields an event has is not known here.

use syntax::{Diagnostic, Label, Severity, Span};

use super::places::{Goal, Part, Place, choices, is_constant, places, queries};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind};
use crate::reachability::{Condition, Outcome, Reachability};

pub(super) static NEVER_TRUE: Lint = Lint {
    name: "never-true",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("never_true.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut reachability = subject.reachability.borrow_mut();
    for query in queries(subject.query) {
        let mut search = NeverTrue { reachability: &mut reachability, found };
        for condition in query.filter.iter().chain(&query.having) {
            search.look(condition);
        }
        for choice in choices(query) {
            let ExprKind::Case { arms, .. } = &choice.kind else { continue };
            for (when, _) in arms {
                search.look(when);
            }
        }
    }
}

struct NeverTrue<'a> {
    reachability: &'a mut Reachability,
    found: &'a mut Vec<Diagnostic>,
}

impl NeverTrue<'_> {
    fn look(&mut self, condition: &Expr) {
        let whole = (self.reachability.condition(condition), Outcome::True);
        let places = places(condition, self.reachability);
        if self.reachability.never(&[whole]) {
            if is_constant(condition) {
                return;
            }
            let (span, because) = match places.first() {
                Some(place) if place.is_and => self.contradiction(place, &[]).unwrap_or((condition.span, None)),
                _ => (condition.span, None),
            };
            self.say(span, because);
            return;
        }
        let mut said: Vec<Span> = Vec::new();
        for place in &places {
            let is_said = |it: &Part<'_>| said.iter().any(|span| is_inside(it.span, *span));
            let goals = if place.is_and { Vec::new() } else { place.goals() };
            // What stands around is impossible by itself: that is said there.
            if place.parts.iter().any(is_said) || !goals.is_empty() && self.reachability.never(&goals) {
                continue;
            }
            for part in place.parts.iter().filter(|it| !it.is_constant()) {
                if !part.never(place.is_and, &goals, self.reachability) {
                    continue;
                }
                said.push(part.span);
                let is_within = |it: &&Place<'_>| it.is_and && it.parts.iter().all(|it| is_inside(it.span, part.span));
                let inner = places.iter().find(is_within);
                let (span, because) = self.reason(part, inner, place);
                self.say(span, because);
            }
        }
    }

    /// What of an operand of an OR is impossible, and because of what.
    fn reason(&mut self, part: &Part<'_>, inner: Option<&Place<'_>>, place: &Place<'_>) -> (Span, Option<Span>) {
        let beside: &[(Span, Condition)] = if place.is_and { &[] } else { &place.beside };
        let is_own = part.only().is_some_and(|it| matches!(it.kind, ExprKind::And(_)));
        if let Some(inner) = inner.filter(|_| is_own)
            && let Some(reason) = self.contradiction(inner, beside)
        {
            return reason;
        }
        let culprit =
            beside.iter().find(|(_, it)| part.never(place.is_and, &[(*it, Outcome::True)], self.reachability));
        (part.span, culprit.map(|(span, _)| *span))
    }

    /// The operand of an AND that cannot be, beside another one or beside what stands around.
    fn contradiction(&mut self, place: &Place<'_>, beside: &[(Span, Condition)]) -> Option<(Span, Option<Span>)> {
        if let Some(part) = place.parts.iter().find(|it| it.never(true, &[], self.reachability)) {
            return Some((part.span, None));
        }
        for (index, part) in place.parts.iter().enumerate() {
            for earlier in &place.parts[..index] {
                let goals: Vec<Goal> = earlier.truth().collect();
                if part.never(true, &goals, self.reachability) {
                    return Some((part.span, Some(earlier.span)));
                }
            }
            for (span, condition) in beside {
                if part.never(true, &[(*condition, Outcome::True)], self.reachability) {
                    return Some((part.span, Some(*span)));
                }
            }
        }
        None
    }

    fn say(&mut self, span: Span, because: Option<Span>) {
        if self.found.iter().any(|it| it.id == NEVER_TRUE.name && it.span == span) {
            return;
        }
        let message = match because {
            None => "this condition can never be true",
            Some(_) => "this condition can never be true beside another one",
        };
        let mut diagnostic = NEVER_TRUE.at(span, message);
        if let Some(because) = because {
            diagnostic.labels.push(Label { span: because, message: "because this must be true too".to_owned() });
        }
        self.found.push(
            diagnostic
                .with_label("no row passes")
                .with_help("look for an AND that should be an OR, or a test left over"),
        );
    }
}

fn is_inside(inner: Span, outer: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}
