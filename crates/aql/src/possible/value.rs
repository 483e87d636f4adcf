//! The values that an expression can have.

use std::borrow::Cow;
use std::cmp::Ordering;

use schema::Type;
use syntax::ast::{BinaryOperator, UnaryOperator};

use super::{Knowledge, Known, Outcomes, Possible};
use crate::bound::{Expr, ExprKind, Literal};

/// Results of arithmetic that are told apart; of more nothing is said.
const RESULTS_MAX: usize = 256;
/// Functions whose value is null when their first argument is.
const NULL_HANDED_ON: [&str; 9] = ["LOWER", "UPPER", "TRIM", "STRLEN", "SUBSTRING", "UTF8", "LONG", "DOUBLE", "STR"];

/// Values, or any value; and perhaps none.
#[derive(Clone, Debug)]
pub struct Values<'k> {
    known: Option<Cow<'k, [Literal]>>,
    /// Whether there may be none.
    pub may_be_null: bool,
}

impl<'k> Values<'k> {
    /// Any value or none.
    pub const ANY: Self = Self { known: None, may_be_null: true };
    const NULL: Self = Self { known: Some(Cow::Borrowed(&[])), may_be_null: true };
    const NEVER: Self = Self { known: Some(Cow::Borrowed(&[])), may_be_null: false };

    /// What is known of a field.
    pub fn of(known: Known<'k>) -> Self {
        match known {
            Known::Any => Self::ANY,
            Known::Absent => Self::NULL,
            Known::Values { values, always } => Self { known: Some(Cow::Borrowed(values)), may_be_null: !always },
        }
    }

    fn one(literal: &Literal) -> Self {
        match literal {
            Literal::Null => Self::NULL,
            value => Self { known: Some(Cow::Owned(vec![value.clone()])), may_be_null: false },
        }
    }

    /// Whether it may be any value.
    pub fn is_any(&self) -> bool {
        self.known.is_none()
    }

    /// Whether there is surely none.
    pub fn is_null(&self) -> bool {
        self.known.as_ref().is_some_and(|it| it.is_empty())
    }

    /// The values, where they are known.
    pub fn known(&self) -> &[Literal] {
        self.known.as_deref().unwrap_or_default()
    }

    /// Goes through the values.
    pub(super) fn fold(
        &self,
        any: Outcomes,
        null: Outcomes,
        nothing: Outcomes,
        add: impl Fn(Outcomes, &Literal) -> Outcomes,
    ) -> Outcomes {
        if self.is_any() {
            return any;
        }
        self.known().iter().fold(if self.may_be_null { null } else { nothing }, add)
    }

    fn or(self, other: Self) -> Self {
        let may_be_null = self.may_be_null || other.may_be_null;
        let (Some(one), Some(other)) = (self.known, other.known) else { return Self { known: None, may_be_null } };
        let mut all = one.into_owned();
        for value in other.iter() {
            if !all.contains(value) {
                all.push(value.clone());
            }
        }
        Self { known: Some(Cow::Owned(all)), may_be_null }
    }

    /// What a function makes of each value; none where it gives none, any where it says nothing.
    fn map(self, change: impl Fn(&Literal) -> Option<Literal>) -> Self {
        let Some(known) = self.known else { return self };
        let mut may_be_null = self.may_be_null;
        let mut all = Vec::new();
        for value in known.iter() {
            match change(value) {
                Some(Literal::Null) => may_be_null = true,
                Some(value) => all.push(value),
                None => return Self::ANY,
            }
        }
        Self { known: Some(Cow::Owned(all)), may_be_null }
    }
}

impl<'q> Possible<'q> {
    /// The values that an expression can have.
    pub fn values<'k>(&mut self, expr: &'q Expr, knowledge: &'k dyn Knowledge) -> Values<'k> {
        match &expr.kind {
            ExprKind::Literal(literal) => Values::one(literal),
            ExprKind::Field(field) => Values::of(knowledge.field(*field)),
            ExprKind::Property(name) => Values::of(knowledge.property(name)),
            ExprKind::Convert(operand) => {
                let target = expr.value_type;
                self.values(operand, knowledge).map(|it| converted(it, target))
            }
            ExprKind::Unary(operator, operand) => {
                let operator = *operator;
                self.values(operand, knowledge).map(|it| match (operator, it) {
                    (UnaryOperator::Minus, Literal::Integer(it)) => it.checked_neg().map(Literal::Integer),
                    (UnaryOperator::Plus, it) => Some(it.clone()),
                    _ => None,
                })
            }
            ExprKind::Binary(operator, left, right) => {
                let (left, right) = (self.values(left, knowledge), self.values(right, knowledge));
                combined(*operator, &left, &right)
            }
            ExprKind::Case { arms, otherwise } => self.case(arms, otherwise.as_deref(), knowledge),
            ExprKind::Call(call) if NULL_HANDED_ON.contains(&call.function.name) => {
                let first = call.args.first().map(|it| self.values(it, knowledge));
                if first.is_some_and(|it| it.is_null()) { Values::NULL } else { Values::ANY }
            }
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::Text(_)
            | ExprKind::In { .. }
            | ExprKind::InQuery { .. }
            | ExprKind::IsNull { .. } => truth(self.outcomes(expr, knowledge)),
            ExprKind::SessionId | ExprKind::Call(_) | ExprKind::Aggregate(_) => Values::ANY,
        }
    }

    /// False and unknown conditions are alike: the next arm is taken.
    fn case<'k>(
        &mut self,
        arms: &'q [(Expr, Expr)],
        otherwise: Option<&'q Expr>,
        knowledge: &'k dyn Knowledge,
    ) -> Values<'k> {
        let mut all = Values::NEVER;
        for (condition, value) in arms {
            let outcomes = self.outcomes(condition, knowledge);
            if outcomes.is_true {
                all = all.or(self.values(value, knowledge));
            }
            if !outcomes.is_false && !outcomes.is_unknown {
                return all;
            }
        }
        all.or(otherwise.map_or(Values::NULL, |it| self.values(it, knowledge)))
    }
}

fn truth<'k>(outcomes: Outcomes) -> Values<'k> {
    let values = [(outcomes.is_true, true), (outcomes.is_false, false)];
    let known = values.iter().filter(|it| it.0).map(|it| Literal::Boolean(it.1)).collect();
    Values { known: Some(Cow::Owned(known)), may_be_null: outcomes.is_unknown }
}

/// A value in another type; null where it cannot be one, nothing where that is not decided here.
fn converted(value: &Literal, target: Type) -> Option<Literal> {
    match (value, target) {
        (Literal::Text(text), Type::Integer) => {
            let plain = text.parse().ok().map(Literal::Integer);
            // Blanks, signs and points are left to the evaluation.
            let is_digits = !text.is_empty() && text.len() < 19 && text.bytes().all(|it| it.is_ascii_digit());
            plain.filter(|_| is_digits)
        }
        (Literal::Integer(number), Type::Text) => Some(Literal::Text(number.to_string())),
        (Literal::Integer(_), Type::Integer) | (Literal::Text(_), Type::Text) => Some(value.clone()),
        _ => None,
    }
}

fn combined<'k>(operator: BinaryOperator, left: &Values<'_>, right: &Values<'_>) -> Values<'k> {
    if left.is_null() || right.is_null() {
        return Values::NULL;
    }
    if left.is_any() || right.is_any() || left.known().len() * right.known().len() > RESULTS_MAX {
        return Values::ANY;
    }
    let mut all: Vec<Literal> = Vec::new();
    for (left, right) in left.known().iter().flat_map(|left| right.known().iter().map(move |right| (left, right))) {
        let (Literal::Integer(left), Literal::Integer(right)) = (left, right) else { return Values::ANY };
        let result = match operator {
            BinaryOperator::Add => left.checked_add(*right),
            BinaryOperator::Subtract => left.checked_sub(*right),
            BinaryOperator::Multiply => left.checked_mul(*right),
            _ => None,
        };
        let Some(result) = result.map(Literal::Integer) else { return Values::ANY };
        if !all.contains(&result) {
            all.push(result);
        }
    }
    Values { known: Some(Cow::Owned(all)), may_be_null: left.may_be_null || right.may_be_null }
}

/// How two values compare, where that is simple: numbers, booleans, and texts for equality only.
pub(super) fn ordering(left: &Literal, right: &Literal) -> Option<Ordering> {
    match (left, right) {
        (Literal::Integer(left), Literal::Integer(right)) => Some(left.cmp(right)),
        (Literal::Double(left), Literal::Double(right)) => left.partial_cmp(right),
        (Literal::Boolean(left), Literal::Boolean(right)) => Some(left.cmp(right)),
        (Literal::Text(left), Literal::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}
