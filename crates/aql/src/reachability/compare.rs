//! Comparisons and memberships as tests of one operand.

use schema::Type;
use syntax::ast::CompareOperator;

use super::condition::{Condition, Node, Test};
use super::ranges::{Ranges, compared, place};
use super::translate::Translator;
use crate::bound::{Expr, ExprKind, Literal};
use crate::text::{Case, Pattern};

impl Translator<'_> {
    pub(super) fn compare(&mut self, operator: CompareOperator, left: &Expr, right: &Expr, expr: &Expr) -> Condition {
        self.over_cases(left, |it, left| {
            let left = left.clone();
            it.over_cases(right, |it, right| it.compare_values(operator, &left, right, expr))
        })
    }

    fn compare_values(&mut self, operator: CompareOperator, left: &Expr, right: &Expr, expr: &Expr) -> Condition {
        let is_null = |it: &Expr| it.value_type == Type::Null || it.as_literal() == Some(&Literal::Null);
        if is_null(left) || is_null(right) {
            return self.constant(None);
        }
        match (left.as_literal(), right.as_literal()) {
            (Some(left_literal), Some(right_literal)) => match constant_order(operator, left_literal, right_literal) {
                Some(truth) => self.constant(Some(truth)),
                None => self.free_comparison(operator, left, right, expr),
            },
            (None, Some(constant)) => self.compare_constant(operator, left, constant, right, expr),
            (Some(constant), None) => self.compare_constant(operator.mirrored(), right, constant, left, expr),
            (None, None) => self.free_comparison(operator, left, right, expr),
        }
    }

    fn compare_constant(
        &mut self,
        operator: CompareOperator,
        value: &Expr,
        constant: &Literal,
        constant_expr: &Expr,
        expr: &Expr,
    ) -> Condition {
        let is_equality = matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual);
        let negated = operator == CompareOperator::NotEqual;
        if value.value_type.is_numeric()
            && let Some(ranges) = compared(operator, value.value_type == Type::Double, constant)
        {
            let operand = self.operands.intern(value);
            return self.add(Node::Test(operand, Test::Number(ranges)));
        }
        let equal = match (value.value_type, constant) {
            (Type::Boolean, Literal::Boolean(truth)) if is_equality => {
                let condition = self.condition(value);
                if *truth { condition } else { self.not(condition) }
            }
            (Type::Text | Type::Host | Type::Mac, Literal::Text(text)) if is_equality => {
                match self.tests.of(vec![Pattern::Equal(text.clone())], Case::Sensitive) {
                    Some(id) => {
                        let operand = self.operands.intern(value);
                        self.add(Node::Test(operand, Test::Text(id)))
                    }
                    None => return self.free_comparison(operator, value, constant_expr, expr),
                }
            }
            _ => return self.free_comparison(operator, value, constant_expr, expr),
        };
        if negated { self.not(equal) } else { equal }
    }

    /// A comparison that is not looked into, told apart from its negation.
    fn free_comparison(&mut self, operator: CompareOperator, left: &Expr, right: &Expr, expr: &Expr) -> Condition {
        let (positive, negated) = match operator {
            CompareOperator::NotEqual => (CompareOperator::Equal, true),
            CompareOperator::GreaterOrEqual => (CompareOperator::Less, true),
            CompareOperator::Greater => (CompareOperator::LessOrEqual, true),
            other => (other, false),
        };
        let kind = ExprKind::Compare(positive, Box::new(left.clone()), Box::new(right.clone()));
        let condition = self.free(&Expr { kind, ..expr.clone() });
        if negated { self.not(condition) } else { condition }
    }

    /// `operand IN (list)`, which is an OR of comparisons.
    pub(super) fn membership(&mut self, operand: &Expr, list: &[Expr], expr: &Expr) -> Condition {
        if matches!(operand.value_type, Type::Integers) {
            return self.list_membership(operand, list);
        }
        if operand.value_type == Type::Null {
            return self.constant(None);
        }
        let is_plain = |it: &Expr| match it.as_literal() {
            Some(Literal::Double(value)) => *value != 0.0 && !value.is_nan(),
            Some(Literal::Integer(value)) => *value != 0,
            literal => literal.is_some(),
        };
        let has_double = operand.value_type == Type::Double || list.iter().any(|it| it.value_type == Type::Double);
        // Membership need not tell the two zeros of doubles apart, as comparison does.
        if has_double && !list.iter().all(is_plain) {
            return self.free_membership(operand, list, expr);
        }
        self.over_cases(operand, |it, operand| {
            let mut ranges: Option<Ranges> = None;
            let (mut texts, mut others) = (Vec::new(), Vec::new());
            let is_text = matches!(operand.value_type, Type::Text | Type::Host | Type::Mac);
            for value in list {
                let constant = value.as_literal().filter(|_| operand.as_literal().is_none());
                if let (true, Some(Literal::Text(text))) = (is_text, constant) {
                    texts.push(Pattern::Equal(text.clone()));
                    continue;
                }
                let is_double = operand.value_type == Type::Double;
                let numbers = constant.filter(|_| operand.value_type.is_numeric());
                let numbers = numbers.and_then(|it| as_element(it, has_double));
                match numbers.and_then(|it| compared(CompareOperator::Equal, is_double, &it)) {
                    Some(equal) => ranges = Some(ranges.take().map_or(equal.clone(), |it| it.union(&equal))),
                    None => others.push(it.compare(CompareOperator::Equal, operand, value, expr)),
                }
            }
            // Without a number in it, it is false, but unknown for null.
            if let Some(ranges) = ranges {
                let operand = it.operands.intern(operand);
                others.push(it.add(Node::Test(operand, Test::Number(ranges))));
            }
            if !texts.is_empty() {
                let Some(id) = it.tests.of(texts, Case::Sensitive) else {
                    return it.free_membership(operand, list, expr);
                };
                let test = Test::Text(id);
                let operand = it.operands.intern(operand);
                others.push(it.add(Node::Test(operand, test)));
            }
            if let [only] = others.as_slice() { *only } else { it.add(Node::Or(others)) }
        })
    }

    /// Membership that is not looked into.
    fn free_membership(&mut self, operand: &Expr, list: &[Expr], expr: &Expr) -> Condition {
        let kind = ExprKind::In { operand: Box::new(operand.clone()), list: list.to_vec(), negated: false };
        self.free(&Expr { kind, ..expr.clone() })
    }

    fn list_membership(&mut self, operand: &Expr, list: &[Expr]) -> Condition {
        let number = |it: &Expr| match it.as_literal() {
            Some(Literal::Integer(value)) => Some(*value),
            Some(Literal::Double(value)) if value.fract() == 0.0 => Some(*value as i64),
            _ => None,
        };
        let numbers = list.iter().filter_map(number).fold(Ranges::none(), |all, it| all.union(&Ranges::one(it)));
        let operand = self.operands.intern(operand);
        self.add(Node::Test(operand, Test::Number(numbers)))
    }
}

/// A constant as the type in which membership compares.
fn as_element(literal: &Literal, is_double: bool) -> Option<Literal> {
    match literal {
        Literal::Integer(value) if is_double => Some(Literal::Double(*value as f64)),
        Literal::Integer(_) | Literal::Double(_) => Some(literal.clone()),
        _ => None,
    }
}

/// The comparison of two constants, where it is sure.
fn constant_order(operator: CompareOperator, left: &Literal, right: &Literal) -> Option<bool> {
    let number = |it: &Literal| match it {
        Literal::Integer(value) => Some((*value, false)),
        Literal::Double(value) => Some((place(*value), true)),
        _ => None,
    };
    if let (Some((value, is_double)), Some(_)) = (number(left), number(right)) {
        return Some(compared(operator, is_double, right)?.contains(value));
    }
    let equal = match (left, right) {
        (Literal::Text(left), Literal::Text(right)) => left == right,
        (Literal::Boolean(left), Literal::Boolean(right)) => left == right,
        _ => return None,
    };
    match operator {
        CompareOperator::Equal => Some(equal),
        CompareOperator::NotEqual => Some(!equal),
        _ => None,
    }
}
