//! What of a filter can be told from an event as it stands. An event for which the filter cannot be true is dropped before
//! columns are built of it; what cannot be told here is left to the filter itself, so this is a necessary condition only.

use std::sync::{Arc, OnceLock};

use aql::bound::{Expr, ExprKind, Literal, Query, TextTest, fused};
use aql::text::{Pattern, TextMatcher};
use ingest::Value;
use schema::{Kind, Type};
use syntax::ast::CompareOperator;

use super::facts::CLASS_COLUMNS;
use crate::event_value::Fields;

/// What a regular expression takes beside a text.
const EFFORT_OF_REGEX: usize = 10;
/// What is left to the filter itself comes last.
const EFFORT_OF_FILTER: usize = 10_000;

/// The check of one filter, made when it is first asked.
pub(super) struct Precheck {
    query: Arc<Query>,
    condition: OnceLock<Condition>,
}

/// A condition, as far as it can be told.
enum Condition {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Text {
        place: Holder,
        matcher: TextMatcher,
        negated: bool,
    },
    Number {
        field: usize,
        operator: CompareOperator,
        number: i64,
    },
    Numbers {
        field: usize,
        numbers: Vec<i64>,
        negated: bool,
    },
    Missing {
        place: Holder,
        negated: bool,
    },
    /// None for unknown.
    Constant(Option<bool>),
    /// Any truth value.
    Open,
}

/// Where a text stands.
enum Holder {
    /// A column of text of the events.
    Field(usize),
    /// A property, by its key.
    Property(String),
}

/// What an event has there.
enum Held<'e> {
    Nothing,
    Text(&'e str),
    /// Something that only its column tells.
    Other,
}

impl Precheck {
    /// The check of the filter of a query that reads the events itself.
    pub(super) fn of(query: &Arc<Query>) -> Self {
        Self { query: Arc::clone(query), condition: OnceLock::new() }
    }

    /// Whether the filter may be true for an event.
    pub(super) fn may_pass(&self, event: &Fields<'_>) -> bool {
        let compile = || self.query.filter.as_ref().map_or(Condition::Open, Condition::of_filter);
        self.condition.get_or_init(compile).may_be(true, event)
    }
}

impl Condition {
    /// A filter without what it says of the kind of an event alone: the guard has asked for that.
    fn of_filter(filter: &Expr) -> Self {
        let ExprKind::And(conjuncts) = &filter.kind else { return Self::of(filter) };
        let conjuncts: Vec<_> = conjuncts.iter().filter(|it| !is_about_class(it)).cloned().collect();
        Self::All(Self::each(&fused(&conjuncts, true)))
    }

    fn of(expr: &Expr) -> Self {
        if expr.value_type == Type::Null {
            return Self::Constant(None);
        }
        match &expr.kind {
            ExprKind::Literal(Literal::Boolean(truth)) => Self::Constant(Some(*truth)),
            ExprKind::And(operands) => Self::All(Self::each(&fused(operands, true))),
            ExprKind::Or(operands) => Self::Any(Self::each(&fused(operands, false))),
            ExprKind::Not(operand) => Self::Not(Box::new(Self::of(operand))),
            ExprKind::Text(test) => Self::text(test),
            ExprKind::Compare(operator, left, right) => match (number_field(left), right.as_literal()) {
                (Some(field), Some(Literal::Integer(number))) => {
                    Self::Number { field, operator: *operator, number: *number }
                }
                _ => Self::Open,
            },
            ExprKind::In { operand, list, negated } => {
                let number = |it: &Expr| match it.as_literal() {
                    Some(Literal::Integer(number)) => Some(*number),
                    _ => None,
                };
                match (number_field(operand), list.iter().map(number).collect()) {
                    (Some(field), Some(numbers)) => Self::Numbers { field, numbers, negated: *negated },
                    _ => Self::Open,
                }
            }
            ExprKind::IsNull { operand, negated } => {
                Holder::of(operand).map_or(Self::Open, |place| Self::Missing { place, negated: *negated })
            }
            _ => Self::Open,
        }
    }

    /// Conditions of which one may spare the others: what is cheap and seldom true comes first.
    fn each(operands: &[Expr]) -> Vec<Self> {
        let mut each: Vec<_> = operands.iter().map(|it| (is_about_class(it), Self::of(it))).collect();
        each.sort_by_key(|(is_about_class, it)| (*is_about_class, it.effort()));
        each.into_iter().map(|(_, it)| it).collect()
    }

    /// About how much work it is, and how little it tells.
    fn effort(&self) -> usize {
        match self {
            Self::All(operands) | Self::Any(operands) => operands.iter().map(Self::effort).sum(),
            Self::Not(operand) => operand.effort(),
            Self::Constant(_) | Self::Number { .. } | Self::Numbers { .. } | Self::Missing { .. } => 1,
            Self::Text { matcher, .. } => {
                let is_regex = |it: &Pattern| matches!(it, Pattern::Regex(_));
                1 + matcher.patterns().len()
                    + EFFORT_OF_REGEX * matcher.patterns().iter().filter(|it| is_regex(it)).count()
            }
            Self::Open => EFFORT_OF_FILTER,
        }
    }

    fn text(test: &TextTest) -> Self {
        if test.operand.value_type == Type::Null {
            return Self::Constant(None);
        }
        match (Holder::of(&test.operand), test.matcher()) {
            (Some(place), Ok(matcher)) => Self::Text { place, matcher, negated: test.negated },
            _ => Self::Open,
        }
    }

    /// Whether it may have this truth value. Unknown is neither.
    fn may_be(&self, truth: bool, event: &Fields<'_>) -> bool {
        match self {
            Self::All(operands) | Self::Any(operands) if matches!(self, Self::All(_)) == truth => {
                operands.iter().all(|it| it.may_be(truth, event))
            }
            Self::All(operands) | Self::Any(operands) => operands.iter().any(|it| it.may_be(truth, event)),
            Self::Not(operand) => operand.may_be(!truth, event),
            Self::Text { place, matcher, negated } => match place.held(event) {
                Held::Nothing => false,
                Held::Text(text) => (matcher.is_match(text) != *negated) == truth,
                Held::Other => true,
            },
            Self::Number { field, operator, number } => match event.value(*field) {
                None => false,
                Some(Value::Integer(value)) => compare(*operator, *value, *number) == truth,
                Some(_) => true,
            },
            Self::Numbers { field, numbers, negated } => match event.value(*field) {
                None => false,
                Some(Value::Integer(value)) => (numbers.contains(value) != *negated) == truth,
                Some(_) => true,
            },
            Self::Missing { place, negated } => match place.held(event) {
                Held::Nothing => *negated != truth,
                Held::Text(_) => *negated == truth,
                Held::Other => true,
            },
            Self::Constant(value) => *value == Some(truth),
            Self::Open => true,
        }
    }
}

impl Holder {
    fn of(operand: &Expr) -> Option<Self> {
        match &operand.kind {
            ExprKind::Field(index) => is_text_field(*index).then_some(Self::Field(*index)),
            ExprKind::Property(name) if operand.value_type == Type::Text => Some(Self::Property(schema::key(name))),
            ExprKind::Call(call) if call.function.name == "UTF8" => Self::of(call.args.first()?),
            _ => None,
        }
    }

    fn held<'e>(&self, event: &Fields<'e>) -> Held<'e> {
        match self {
            Self::Field(index) => match event.value(*index) {
                None => Held::Nothing,
                Some(Value::Text(text)) => Held::Text(text),
                Some(_) => Held::Other,
            },
            Self::Property(key) => {
                let found = event.properties().iter().find(|(name, _)| schema::has_key(name, key));
                found.map_or(Held::Nothing, |(_, value)| Held::Text(value))
            }
        }
    }
}

/// Whether a condition looks at nothing but the kind of an event.
fn is_about_class(condition: &Expr) -> bool {
    let columns = *CLASS_COLUMNS;
    let mut only = true;
    condition.visit(&mut |it| {
        only &= match it.kind {
            ExprKind::Field(field) => [columns.device_type, columns.channel, columns.event_id].contains(&field),
            ExprKind::Property(_) | ExprKind::Call(_) | ExprKind::InQuery { .. } => false,
            _ => true,
        };
    });
    only
}

/// Whether an event holds the values of a field, each a text.
pub(super) fn is_text_field(index: usize) -> bool {
    let field = schema::EVENTS.fields.get(index);
    field.is_some_and(|it| matches!(it.value_type, Type::Text | Type::Bytes) && it.kind != Kind::Locator)
}

fn number_field(operand: &Expr) -> Option<usize> {
    let ExprKind::Field(index) = operand.kind else { return None };
    let field = schema::EVENTS.fields.get(index)?;
    let is_number = matches!(field.value_type, Type::Integer | Type::Time | Type::Port);
    (is_number && field.kind != Kind::Locator).then_some(index)
}

fn compare(operator: CompareOperator, left: i64, right: i64) -> bool {
    match operator {
        CompareOperator::Equal => left == right,
        CompareOperator::NotEqual => left != right,
        CompareOperator::Less => left < right,
        CompareOperator::LessOrEqual => left <= right,
        CompareOperator::Greater => left > right,
        CompareOperator::GreaterOrEqual => left >= right,
    }
}
