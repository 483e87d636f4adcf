//! The short form of an explanation: the tests that were true and decided.

use std::sync::Arc;

use syntax::Span;

use super::tree::{Computed, Explanation, Predicate, PredicateKind, Test, Truth};

/// The most reasons that a match gives.
pub const REASONS_MAX: usize = 64;

/// One test that was true on the event and decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The field, property or expression that was tested.
    pub field: Arc<str>,
    /// Its value, cut as [`super::TestedValue::value`] is.
    pub value: String,
    /// What it was tested against: a literal, a pattern.
    pub literal: Arc<str>,
    /// How: `=`, `LIKE`, `ILIKE`, `MATCHES`, `>`, `IN`, ...
    pub operator: &'static str,
    /// The bytes of the value that were hit, where the test is one of text.
    pub hit: Option<(usize, usize)>,
    /// The place of the literal in the query.
    pub span: Span,
}

impl Explanation {
    /// The tests that were true and decided, in the order of the query; at most [`REASONS_MAX`]. An absence is no reason
    /// that could be shown, and neither is an arm of CASE that gives nothing or zero.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(condition) = self.condition.as_ref().filter(|it| it.truth == Truth::True) {
            collect(condition, &mut reasons);
        }
        reasons.truncate(REASONS_MAX);
        reasons
    }
}

fn collect(predicate: &Predicate, reasons: &mut Vec<Reason>) {
    if !predicate.decides {
        return;
    }
    match &predicate.kind {
        PredicateKind::All(operands) | PredicateKind::Any(operands) => {
            for operand in operands {
                collect(operand, reasons);
            }
        }
        PredicateKind::Test(test) => match &test.computed {
            Some(computed) => collect_computed(computed, reasons),
            None => reasons.extend(reason(test)),
        },
        PredicateKind::Not(_) => {}
    }
}

fn collect_computed(computed: &Computed, reasons: &mut Vec<Reason>) {
    for term in computed.terms.iter().filter(|it| it.counts()) {
        let Some(arm) = term.taken.and_then(|it| term.arms.get(it)) else { continue };
        collect(&arm.condition, reasons);
        if let Some(inner) = &arm.computed {
            collect_computed(inner, reasons);
        }
    }
}

fn reason(test: &Test) -> Option<Reason> {
    let tested = test.values.first().filter(|_| !test.negated)?;
    Some(Reason {
        field: Arc::clone(&tested.field),
        value: tested.value.clone()?,
        literal: test.literal.clone()?,
        operator: test.operator,
        hit: test.hit,
        span: test.literal_span,
    })
}
