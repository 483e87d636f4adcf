//! The tree that explains a query on an event: every condition with what the event makes of it. Plain data.

use std::sync::Arc;

use serde_json::Value;
use syntax::Span;

/// What an event makes of a condition. A test of an absent value is unknown, and what is unknown is no match
/// (`reference/aql.md` section 3.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be told, mostly for want of a value.
    Unknown,
}

/// What an event makes of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The condition of the query; none where every event passes.
    pub condition: Option<Predicate>,
    /// The selected columns that CASE makes: labels and scores, in their order.
    pub columns: Vec<Computed>,
    /// Conditions that were left out, because the tree is bounded: see [`super::CONDITIONS_MAX`].
    pub left_out: usize,
}

/// A condition and what the event makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Predicate {
    /// What it is.
    pub truth: Truth,
    /// Whether the truth of the whole turns on it: an operand of AND that is false where AND is false, every operand of
    /// an AND that is true, and so on down from the root.
    pub decides: bool,
    /// What it asks for, as a plain sentence; of AND and OR only that they are one.
    pub says: Arc<str>,
    /// Its place in the text of the query.
    pub span: Span,
    /// Its parts.
    pub kind: PredicateKind,
}

/// The kinds of condition.
#[derive(Clone, Debug, PartialEq)]
pub enum PredicateKind {
    /// AND
    All(Vec<Predicate>),
    /// OR
    Any(Vec<Predicate>),
    /// NOT
    Not(Box<Predicate>),
    /// A single test.
    Test(Box<Test>),
}

/// A single test.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// What it looks at: the operand, then what that is compared with where it is no constant.
    pub values: Vec<TestedValue>,
    /// `=`, `LIKE`, `ILIKE`, `MATCHES`, `>`, `IN`, ...; empty where there is none, as for `hasoffense`.
    pub operator: &'static str,
    /// Whether its result is turned round: NOT LIKE, NOT IN.
    pub negated: bool,
    /// What the first value is tested against: the literal that hit, else the first one; none where there is none.
    pub literal: Option<Arc<str>>,
    /// The place of that literal in the query.
    pub literal_span: Span,
    /// How many literals there are.
    pub literals: usize,
    /// The bytes of the first value that the literal hit; also of a negated test, which is false then.
    pub hit: Option<(usize, usize)>,
    /// How the first value came about, where CASE made it.
    pub computed: Option<Computed>,
}

/// A value of the event.
#[derive(Clone, Debug, PartialEq)]
pub struct TestedValue {
    /// The field, property or expression.
    pub field: Arc<str>,
    /// Its place in the query.
    pub span: Span,
    /// The value as text, cut to [`super::VALUE_BYTES_MAX`] around the hit; none for an absent one.
    pub value: Option<String>,
    /// How many bytes were cut off before the value and behind it.
    pub cut: (usize, usize),
}

/// How CASE made a value: a label, or a score that is a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
    /// The column, by its alias where it has one.
    pub name: Arc<str>,
    /// The value.
    pub value: Value,
    /// What is added up; a single one where there is no sum.
    pub terms: Vec<Term>,
}

/// One part of a sum.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Whether it is subtracted.
    pub minus: bool,
    /// Its value.
    pub value: Value,
    /// The value in words, for a term that no CASE makes.
    pub says: Arc<str>,
    /// The arms of its CASE, in their order; none for another value.
    pub arms: Vec<Arm>,
    /// The arm that gave the value, by its position; none for ELSE.
    pub taken: Option<usize>,
}

/// WHEN and THEN.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// WHEN
    pub condition: Predicate,
    /// THEN: its value in words.
    pub gives: Arc<str>,
    /// How the value came about, where a further CASE made it; only of the arm that was taken.
    pub computed: Option<Computed>,
}

impl Truth {
    /// From a value of the engine.
    pub const fn of(value: Option<bool>) -> Self {
        match value {
            Some(true) => Self::True,
            Some(false) => Self::False,
            None => Self::Unknown,
        }
    }

    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::False => "false",
            Self::Unknown => "unknown",
        }
    }

    /// NOT
    #[must_use]
    pub const fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// AND: false where one is, else unknown where one is.
    pub fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::fold(truths, Self::True, Self::False)
    }

    /// OR: true where one is, else unknown where one is.
    pub fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::fold(truths, Self::False, Self::True)
    }

    fn fold(truths: impl IntoIterator<Item = Self>, empty: Self, absorbing: Self) -> Self {
        let mut result = empty;
        for truth in truths {
            if truth == absorbing {
                return absorbing;
            }
            if truth == Self::Unknown {
                result = Self::Unknown;
            }
        }
        result
    }
}

impl Explanation {
    /// What the event makes of the whole condition; a query without one takes every event.
    pub fn truth(&self) -> Truth {
        self.condition.as_ref().map_or(Truth::True, |it| it.truth)
    }
}

impl Predicate {
    /// The operands: of AND, OR and NOT; none of a test.
    pub fn operands(&self) -> &[Self] {
        match &self.kind {
            PredicateKind::All(operands) | PredicateKind::Any(operands) => operands,
            PredicateKind::Not(operand) => std::slice::from_ref(operand),
            PredicateKind::Test(_) => &[],
        }
    }
}

impl Term {
    /// Whether it adds anything: a score other than zero, a label.
    pub fn counts(&self) -> bool {
        !self.value.is_null() && self.value.as_f64() != Some(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True, Unknown};

    #[test]
    fn truth_is_kleenes() {
        for (one, other, all, any) in [
            (True, True, True, True),
            (True, False, False, True),
            (True, Unknown, Unknown, True),
            (False, False, False, False),
            (False, Unknown, False, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            for pair in [[one, other], [other, one]] {
                assert_eq!((Truth::all(pair), Truth::any(pair)), (all, any), "{pair:?}");
            }
        }
        assert_eq!([True, False, Unknown].map(Truth::negated), [False, True, Unknown]);
    }
}
