//! What a condition can be when something is known of the fields: which are never filled, and which hold only certain
//! values. A sound and cheap look at a bound expression, for the kinds of events and for real logs.
//!
//! Each operand is looked at by itself, so what is called possible may still be impossible; what is called impossible is
//! impossible. [`Possible::obstacles`] names the tests that make it so.

mod value;

use std::collections::{BTreeSet, HashMap};

use syntax::ast::CompareOperator;

pub use self::value::Values;
use crate::bound::{Expr, ExprKind, Literal, TextTest};
use crate::text::TextMatcher;

/// What is known of a field.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// No event has it.
    Absent,
    /// An event has one of these values; `always` says that none lacks it.
    Values {
        /// The values.
        values: &'a [Literal],
        /// Whether every event has one.
        always: bool,
    },
    /// It may have any value, or none.
    Any,
}

/// What is known of the fields of the events that a condition is asked about.
pub trait Knowledge {
    /// What is known of a field of the database, by its index.
    fn field(&self, field: usize) -> Known<'_>;

    /// A number that no other knowledge asked of the same [`Possible`] has: outcomes of text tests are then remembered.
    fn identity(&self) -> Option<usize> {
        None
    }

    /// What is known of a property that no field describes.
    fn property(&self, name: &str) -> Known<'_> {
        let _ = name;
        Known::Any
    }
}

/// The truth values that a condition can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcomes {
    /// It can be true.
    pub is_true: bool,
    /// It can be false.
    pub is_false: bool,
    /// It can be unknown.
    pub is_unknown: bool,
}

impl Outcomes {
    /// Anything.
    pub const ANY: Self = Self { is_true: true, is_false: true, is_unknown: true };
    const UNKNOWN: Self = Self { is_true: false, is_false: false, is_unknown: true };
    const NOTHING: Self = Self { is_true: false, is_false: false, is_unknown: false };

    fn of(value: Option<bool>) -> Self {
        Self { is_true: value == Some(true), is_false: value == Some(false), is_unknown: value.is_none() }
    }

    fn or_also(self, other: Self) -> Self {
        Self {
            is_true: self.is_true || other.is_true,
            is_false: self.is_false || other.is_false,
            is_unknown: self.is_unknown || other.is_unknown,
        }
    }

    fn turned(self) -> Self {
        Self { is_true: self.is_false, is_false: self.is_true, ..self }
    }

    fn and(self, other: Self) -> Self {
        Self {
            is_true: self.is_true && other.is_true,
            is_false: self.is_false || other.is_false,
            is_unknown: (self.is_unknown && (other.is_true || other.is_unknown)) || (other.is_unknown && self.is_true),
        }
    }
}

/// A test that can never be true, and why.
#[derive(Clone, Debug)]
pub struct Obstacle<'e> {
    /// The test.
    pub test: &'e Expr,
    /// The fields that it reads and that are never filled, each once. Empty: they are, but never with such a value.
    pub absent: Vec<usize>,
}

/// Looks at conditions of queries that live for `'q`; keeps the text tests that it has compiled.
#[derive(Debug, Default)]
pub struct Possible<'q> {
    matchers: HashMap<*const TextTest, Option<TextMatcher>>,
    remembered: HashMap<(*const TextTest, usize), Outcomes>,
    query: std::marker::PhantomData<&'q TextTest>,
}

impl<'q> Possible<'q> {
    /// Nothing compiled yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the condition can be true.
    pub fn is_possible(&mut self, condition: &'q Expr, knowledge: &dyn Knowledge) -> bool {
        match &condition.kind {
            ExprKind::And(operands) => operands.iter().all(|it| self.is_possible(it, knowledge)),
            ExprKind::Or(operands) => operands.iter().any(|it| self.is_possible(it, knowledge)),
            _ => self.outcomes(condition, knowledge).is_true,
        }
    }

    /// The truth values that the condition can have.
    pub fn outcomes(&mut self, condition: &'q Expr, knowledge: &dyn Knowledge) -> Outcomes {
        match &condition.kind {
            ExprKind::And(operands) => {
                let start = Outcomes::of(Some(true));
                operands.iter().fold(start, |sum, it| sum.and(self.outcomes(it, knowledge)))
            }
            ExprKind::Or(operands) => {
                let start = Outcomes::of(Some(true));
                let none = operands.iter().fold(start, |sum, it| sum.and(self.outcomes(it, knowledge).turned()));
                none.turned()
            }
            ExprKind::Not(operand) => self.outcomes(operand, knowledge).turned(),
            ExprKind::Literal(Literal::Boolean(value)) => Outcomes::of(Some(*value)),
            ExprKind::Literal(Literal::Null) => Outcomes::UNKNOWN,
            ExprKind::IsNull { operand, negated } => {
                let values = self.values(operand, knowledge);
                let present = values.is_any() || !values.known().is_empty();
                let outcomes = Outcomes { is_true: values.may_be_null, is_false: present, is_unknown: false };
                if *negated { outcomes.turned() } else { outcomes }
            }
            ExprKind::Text(test) => self.text(test, knowledge),
            ExprKind::Compare(operator, left, right) => {
                let (left, right) = (self.values(left, knowledge), self.values(right, knowledge));
                compared(*operator, &left, &right)
            }
            ExprKind::In { operand, list, negated } => {
                let operand = self.values(operand, knowledge);
                let none = list.iter().fold(Outcomes::of(Some(true)), |sum, it| {
                    sum.and(compared(CompareOperator::Equal, &operand, &self.values(it, knowledge)).turned())
                });
                if *negated { none } else { none.turned() }
            }
            ExprKind::InQuery { operand, .. } => {
                let operand = self.values(operand, knowledge);
                if operand.is_null() { Outcomes::UNKNOWN } else { Outcomes::ANY }
            }
            _ => {
                let values = self.values(condition, knowledge);
                values.fold(Outcomes::ANY, Outcomes::UNKNOWN, Outcomes::NOTHING, |sum, it| match it {
                    Literal::Boolean(value) => sum.or_also(Outcomes::of(Some(*value))),
                    _ => Outcomes::ANY,
                })
            }
        }
    }

    /// The tests that keep a condition from being true; none when it can be true. Of alternatives, those of all.
    pub fn obstacles<'e>(&mut self, condition: &'e Expr, knowledge: &dyn Knowledge) -> Vec<Obstacle<'e>>
    where
        'e: 'q,
    {
        if self.is_possible(condition, knowledge) {
            return Vec::new();
        }
        if let ExprKind::And(operands) | ExprKind::Or(operands) = &condition.kind {
            return operands.iter().flat_map(|it| self.obstacles(it, knowledge)).collect();
        }
        let mut absent = BTreeSet::new();
        self.absent_in_condition(condition, knowledge, &mut absent);
        vec![Obstacle { test: condition, absent: absent.into_iter().collect() }]
    }

    /// The fields whose absence keeps a condition from being true.
    fn absent_in_condition(&mut self, condition: &'q Expr, knowledge: &dyn Knowledge, absent: &mut BTreeSet<usize>) {
        match &condition.kind {
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                for operand in operands {
                    self.absent_in_condition(operand, knowledge, absent);
                }
            }
            ExprKind::Not(operand) => self.absent_in_condition(operand, knowledge, absent),
            ExprKind::Text(test) => self.absent_in_value(&test.operand, knowledge, absent),
            ExprKind::Compare(_, left, right) => {
                self.absent_in_value(left, knowledge, absent);
                self.absent_in_value(right, knowledge, absent);
            }
            ExprKind::In { operand, .. } | ExprKind::InQuery { operand, .. } | ExprKind::IsNull { operand, .. } => {
                self.absent_in_value(operand, knowledge, absent);
            }
            _ => self.absent_in_value(condition, knowledge, absent),
        }
    }

    /// The fields whose absence keeps a value from being another. An arm of a CASE that is taken hides nothing; of one
    /// that is not, its condition counts.
    fn absent_in_value(&mut self, value: &'q Expr, knowledge: &dyn Knowledge, absent: &mut BTreeSet<usize>) {
        match &value.kind {
            ExprKind::Field(field) => {
                if matches!(knowledge.field(*field), Known::Absent) {
                    absent.insert(*field);
                }
            }
            ExprKind::Case { arms, otherwise } => {
                for (condition, value) in arms {
                    if self.is_possible(condition, knowledge) {
                        self.absent_in_value(value, knowledge, absent);
                    } else {
                        self.absent_in_condition(condition, knowledge, absent);
                    }
                }
                if let Some(otherwise) = otherwise {
                    self.absent_in_value(otherwise, knowledge, absent);
                }
            }
            _ => {
                for child in value.children() {
                    self.absent_in_value(child, knowledge, absent);
                }
            }
        }
    }

    fn text(&mut self, test: &'q TextTest, knowledge: &dyn Knowledge) -> Outcomes {
        let key = knowledge.identity().map(|it| (std::ptr::from_ref(test), it));
        if let Some(outcomes) = key.and_then(|it| self.remembered.get(&it)) {
            return *outcomes;
        }
        let outcomes = self.text_outcomes(test, knowledge);
        self.remembered.extend(key.map(|it| (it, outcomes)));
        outcomes
    }

    fn text_outcomes(&mut self, test: &'q TextTest, knowledge: &dyn Knowledge) -> Outcomes {
        let operand = match &test.operand.kind {
            ExprKind::Field(field) => Values::of(knowledge.field(*field)),
            ExprKind::Property(name) => Values::of(knowledge.property(name)),
            _ => self.values(&test.operand, knowledge),
        };
        if operand.is_any() {
            return Outcomes { is_unknown: operand.may_be_null, ..Outcomes::ANY };
        }
        let null = Outcomes { is_unknown: operand.may_be_null, ..Outcomes::NOTHING };
        if operand.known().is_empty() {
            return null;
        }
        let matcher = self.matchers.entry(std::ptr::from_ref(test)).or_insert_with(|| test.matcher().ok());
        let Some(matcher) = matcher else { return Outcomes::ANY };
        let mut outcomes = null;
        for value in operand.known() {
            let hit = match value {
                Literal::Text(value) => matcher.is_match(value),
                Literal::Integer(number) => matcher.is_match(&number.to_string()),
                _ => return Outcomes::ANY,
            };
            outcomes = outcomes.or_also(Outcomes::of(Some(hit != test.negated)));
            if outcomes.is_true && outcomes.is_false {
                break;
            }
        }
        outcomes
    }
}

/// The outcomes of a comparison of any of some values with any of others.
fn compared(operator: CompareOperator, left: &Values<'_>, right: &Values<'_>) -> Outcomes {
    if left.is_null() || right.is_null() {
        return Outcomes::UNKNOWN;
    }
    let is_unknown = left.may_be_null || right.may_be_null;
    if left.is_any() || right.is_any() {
        return Outcomes { is_unknown, ..Outcomes::ANY };
    }
    let mut outcomes = Outcomes { is_unknown, ..Outcomes::NOTHING };
    for (left, right) in left.known().iter().flat_map(|left| right.known().iter().map(move |right| (left, right))) {
        let is_order = !matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual);
        // Texts and addresses are ordered by the evaluation, not here.
        let ordering = value::ordering(left, right).filter(|_| !is_order || !matches!(left, Literal::Text(_)));
        let Some(ordering) = ordering else { return Outcomes { is_unknown, ..Outcomes::ANY } };
        outcomes = outcomes.or_also(Outcomes::of(Some(operator.holds(ordering))));
    }
    outcomes
}
