//! A row that does what was asked, and what conditions are worth on it.

use std::fmt;

use super::Outcome;
use super::operand::{Operand, OperandId, Operands};
use super::ranges::compared;
use super::store::plain_number;
use crate::bound::{Expr, ExprKind, Literal};

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No value.
    Null,
    /// Text, an address, a MAC address, raw bytes.
    Text(String),
    /// A whole number, a time in milliseconds, a port.
    Integer(i64),
    /// Floating point.
    Double(f64),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of whole numbers.
    Integers(Vec<i64>),
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |it: &str| format!("'{}'", it.replace('\'', "''"));
        match self {
            Self::Null => formatter.write_str("null"),
            Self::Text(text) => formatter.write_str(&quoted(text)),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::Double(value) => write!(formatter, "{value:?}"),
            Self::Boolean(value) => write!(formatter, "{value}"),
            Self::Texts(texts) => {
                write!(formatter, "[{}]", texts.iter().map(|it| quoted(it)).collect::<Vec<_>>().join(", "))
            }
            Self::Integers(values) => write!(formatter, "{values:?}"),
        }
    }
}

/// Values of a row that make conditions come out as asked. What is not named may be anything; null will do.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// Fields and properties with their values, in the order in which the conditions name them.
    pub values: Vec<(Expr, Value)>,
    /// Values of calls and comparisons that were not looked into and are taken to come out like this.
    pub assumed: Vec<(Expr, Value)>,
}

impl Witness {
    /// Whether a row with the values surely does what was asked: nothing was taken on trust.
    pub const fn is_certain(&self) -> bool {
        self.assumed.is_empty()
    }

    /// The value of a field or property, by its place in the fields of the database or by its name.
    pub fn value(&self, operand: &Expr) -> Option<&Value> {
        self.values.iter().find(|(it, _)| it == operand).map(|(_, value)| value)
    }

    pub(super) fn new(operands: &Operands, values: &[Option<Value>]) -> Self {
        let mut witness = Self { values: Vec::new(), assumed: Vec::new() };
        for (id, value) in values.iter().enumerate() {
            let Some(value) = value else { continue };
            let operand = operands.get(id);
            let is_field = matches!(operand.expr.kind, ExprKind::Field(_) | ExprKind::Property(_));
            if is_said(operand, value, values) {
                continue;
            }
            let list = if is_field { &mut witness.values } else { &mut witness.assumed };
            list.push((operand.expr.clone(), value.clone()));
        }
        witness
    }
}

/// Whether a value is just what the text that it is read from says.
fn is_said(operand: &Operand, value: &Value, values: &[Option<Value>]) -> bool {
    let text = operand.number_of.and_then(|it| values.get(it)).and_then(Option::as_ref);
    match (text, value) {
        (Some(Value::Text(text)), Value::Double(value)) => plain_number(text) == Some(*value),
        (Some(Value::Null), Value::Null) => true,
        _ => false,
    }
}

/// Conditions over known values of operands. An operand without a value is null.
pub(super) struct Row<'r> {
    pub(super) operands: &'r Operands,
    pub(super) values: &'r [Option<Value>],
}

impl Row<'_> {
    /// Whether the condition comes out like this; none where that cannot be told here.
    pub(super) fn comes_out(&self, condition: &Expr, outcome: Outcome) -> Option<bool> {
        self.truth(condition).map(|it| outcome.accepts(it))
    }

    fn known(&self, expr: &Expr) -> Option<Value> {
        let id: OperandId = self.operands.find(expr)?;
        Some(self.values.get(id).cloned().flatten().unwrap_or(Value::Null))
    }

    /// The truth value; the outer none where it cannot be told.
    #[expect(clippy::option_option, reason = "the inner one is the third truth value")]
    fn truth(&self, expr: &Expr) -> Option<Option<bool>> {
        match &expr.kind {
            ExprKind::And(operands) => self.connected(operands, true),
            ExprKind::Or(operands) => self.connected(operands, false),
            ExprKind::Not(inner) => Some(self.truth(inner)?.map(|it| !it)),
            ExprKind::IsNull { operand, negated } => Some(Some((self.value(operand)? == Value::Null) != *negated)),
            ExprKind::Text(test) => {
                let matcher = test.matcher().ok()?;
                let passes = match self.value(&test.operand)? {
                    Value::Null => None,
                    Value::Text(value) => Some(matcher.is_match(&value) != test.negated),
                    Value::Texts(texts) => Some(texts.iter().any(|it| matcher.is_match(it)) != test.negated),
                    _ => return None,
                };
                Some(passes)
            }
            ExprKind::Compare(operator, left, right) => {
                if let Some(Value::Boolean(truth)) = self.known(expr) {
                    return Some(Some(truth));
                }
                let (left, right) = (self.value(left)?, self.value(right)?);
                compare(*operator, &left, &right)
            }
            ExprKind::In { operand, list, negated } => self.membership(operand, list, *negated),
            ExprKind::Case { arms, otherwise } => match self.arm(arms, otherwise.as_deref())? {
                Some(value) => self.truth(value),
                None => Some(None),
            },
            ExprKind::Literal(Literal::Boolean(truth)) => Some(Some(*truth)),
            ExprKind::Literal(Literal::Null) => Some(None),
            _ => match self.known(expr)? {
                Value::Boolean(truth) => Some(Some(truth)),
                Value::Null => Some(None),
                _ => None,
            },
        }
    }

    #[expect(clippy::option_option, reason = "the inner one is the third truth value")]
    fn connected(&self, operands: &[Expr], is_and: bool) -> Option<Option<bool>> {
        let mut result = Some(is_and);
        for operand in operands {
            match self.truth(operand)? {
                Some(truth) if truth == is_and => {}
                Some(truth) => return Some(Some(truth)),
                None => result = None,
            }
        }
        Some(result)
    }

    #[expect(clippy::option_option, reason = "the inner one is the third truth value")]
    fn membership(&self, operand: &Expr, list: &[Expr], negated: bool) -> Option<Option<bool>> {
        let value = self.value(operand)?;
        let mut result = Some(false);
        for element in list {
            let element = self.value(element)?;
            let equal = match &value {
                Value::Integers(values) => {
                    let is_equal = |it: &i64| compare_equal(&Value::Integer(*it), &element);
                    Some(values.iter().any(|it| is_equal(it) == Some(Some(true))))
                }
                value => compare_equal(value, &element)?,
            };
            match equal {
                Some(true) => return Some(Some(!negated)),
                Some(false) => {}
                None => result = None,
            }
        }
        if value == Value::Null {
            return Some(None);
        }
        Some(result.map(|it| it != negated))
    }

    /// The value of the arm that is taken; the inner none for no value.
    #[expect(clippy::option_option, reason = "no arm may be taken, and which one may be unknown")]
    fn arm<'e>(&self, arms: &'e [(Expr, Expr)], otherwise: Option<&'e Expr>) -> Option<Option<&'e Expr>> {
        for (when, then) in arms {
            if self.truth(when)? == Some(true) {
                return Some(Some(then));
            }
        }
        Some(otherwise)
    }

    fn value(&self, expr: &Expr) -> Option<Value> {
        match &expr.kind {
            ExprKind::Literal(literal) => Some(match literal {
                Literal::Text(text) => Value::Text(text.clone()),
                Literal::Integer(value) => Value::Integer(*value),
                Literal::Double(value) => Value::Double(*value),
                Literal::Boolean(value) => Value::Boolean(*value),
                Literal::Null => Value::Null,
            }),
            ExprKind::Case { arms, otherwise } => match self.arm(arms, otherwise.as_deref())? {
                Some(value) => self.value(value),
                None => Some(Value::Null),
            },
            ExprKind::Binary(operator, left, right) => {
                let folded = (self.value(left)?, self.value(right)?);
                match (folded, operator) {
                    ((Value::Integer(left), Value::Integer(right)), syntax::ast::BinaryOperator::Add) => {
                        left.checked_add(right).map(Value::Integer)
                    }
                    ((Value::Null, _) | (_, Value::Null), _) => Some(Value::Null),
                    _ => self.known(expr),
                }
            }
            ExprKind::Call(call) if call.function.name == "COALESCE" => {
                let is_plain = |it: &&Expr| it.value_type != expr.value_type && it.as_literal() != Some(&Literal::Null);
                if call.args.iter().any(|it| is_plain(&it)) {
                    return self.known(expr);
                }
                for arg in &call.args {
                    let value = self.value(arg)?;
                    if value != Value::Null {
                        return Some(value);
                    }
                }
                Some(Value::Null)
            }
            _ => self.known(expr),
        }
    }
}

#[expect(clippy::option_option, reason = "the inner one is the third truth value")]
fn compare_equal(left: &Value, right: &Value) -> Option<Option<bool>> {
    compare(syntax::ast::CompareOperator::Equal, left, right)
}

#[expect(clippy::option_option, reason = "the inner one is the third truth value")]
fn compare(operator: syntax::ast::CompareOperator, left: &Value, right: &Value) -> Option<Option<bool>> {
    use syntax::ast::CompareOperator;
    let number = |it: &Value| match it {
        Value::Integer(value) => Some((*value, false, Literal::Integer(*value))),
        Value::Double(value) => Some((super::ranges::place(*value), true, Literal::Double(*value))),
        _ => None,
    };
    if *left == Value::Null || *right == Value::Null {
        return Some(None);
    }
    if let (Some((value, is_double, _)), Some((_, _, constant))) = (number(left), number(right)) {
        return Some(Some(compared(operator, is_double, &constant)?.contains(value)));
    }
    let equal = match (left, right) {
        (Value::Text(left), Value::Text(right)) => left == right,
        (Value::Boolean(left), Value::Boolean(right)) => left == right,
        _ => return None,
    };
    match operator {
        CompareOperator::Equal => Some(Some(equal)),
        CompareOperator::NotEqual => Some(Some(!equal)),
        _ => None,
    }
}
