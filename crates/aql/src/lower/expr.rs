//! Bound expressions as DataFusion expressions over the columns of the source.

use std::sync::Arc;

use datafusion_common::arrow::datatypes::DataType;
use datafusion_common::{Column, ScalarValue, Spans};
use datafusion_expr::expr::{Case, InList, InSubquery};
use datafusion_expr::{BinaryExpr, Cast, Expr, Operator, Subquery, TryCast};
use schema::{PROPERTIES, Type};
use syntax::ast::CompareOperator;

use super::aggregate::Groups;
use super::{LowerError, LowerOptions, SESSION_ID, list, plan, property, text};
use crate::bound::{self, Call, ExprKind, GuardValue, Literal, PatternKind, Query};
use crate::{Argument, functions};

/// Lowers the expressions of one query.
pub(super) struct Lowerer<'a> {
    pub(super) query: &'a Query,
    pub(super) options: &'a LowerOptions<'a>,
    /// The groups of an aggregating query, once rows are grouped.
    pub(super) groups: Option<Groups<'a>>,
}

pub(super) type Lowered = Result<Expr, LowerError>;

impl<'a> Lowerer<'a> {
    pub(super) const fn new(query: &'a Query, options: &'a LowerOptions<'a>) -> Self {
        Self { query, options, groups: None }
    }

    /// The expression; its Arrow type is that of the bound type.
    pub(super) fn expr(&mut self, expr: &bound::Expr) -> Lowered {
        if let Some(key) = self.groups.as_ref().and_then(|it| it.key(expr)) {
            return Ok(key);
        }
        match &expr.kind {
            ExprKind::Literal(literal) => Ok(constant(literal)),
            ExprKind::Field(index) => Ok(self.field(*index)),
            ExprKind::Property(name) => Ok(property::property(column(PROPERTIES), name)),
            ExprKind::SessionId => Ok(column(SESSION_ID)),
            ExprKind::Call(call) => self.call(call, expr),
            ExprKind::Aggregate(call) => self.aggregate(call, expr),
            ExprKind::Unary(operator, operand) => self.unary(*operator, operand),
            ExprKind::Binary(operator, left, right) => self.binary(*operator, left, right, expr.value_type),
            ExprKind::And(operands) => self.connected(operands, true),
            ExprKind::Or(operands) => self.connected(operands, false),
            ExprKind::Not(operand) => Ok(Expr::Not(Box::new(self.condition(operand)?))),
            ExprKind::Compare(operator, left, right) => self.compare(*operator, left, right),
            ExprKind::Text(test) => {
                let operand = self.expr(&test.operand)?;
                text::test(operand, test)
            }
            ExprKind::In { operand, list, negated } => self.in_list(operand, list, *negated),
            ExprKind::InQuery { operand, query, negated } => self.in_query(operand, *query, *negated),
            ExprKind::IsNull { operand, negated } => {
                let operand = Box::new(self.expr(operand)?);
                Ok(if *negated { Expr::IsNotNull(operand) } else { Expr::IsNull(operand) })
            }
            ExprKind::Case { arms, otherwise } => self.case(arms, otherwise.as_deref()),
            ExprKind::Convert(operand) => {
                let lowered = self.expr(operand)?;
                Ok(converted(lowered, operand.value_type, expr.value_type))
            }
        }
    }

    /// A condition: the constant NULL is unknown.
    pub(super) fn condition(&mut self, expr: &bound::Expr) -> Lowered {
        if expr.value_type == Type::Null { Ok(unknown()) } else { self.expr(expr) }
    }

    fn field(&self, index: usize) -> Expr {
        column(self.query.source.column(index).map_or("", |(name, _)| name))
    }

    fn call(&mut self, call: &Call, expr: &bound::Expr) -> Lowered {
        let arguments = self.arguments(&call.args)?;
        let lowered = call.function.lower(self.options.environment, arguments);
        lowered.map_err(|reason| LowerError::Refused { span: expr.span, reason })
    }

    pub(super) fn arguments(&mut self, args: &[bound::Expr]) -> Result<Vec<Argument>, LowerError> {
        args.iter().map(|it| Ok(Argument { expr: self.expr(it)?, value_type: it.value_type })).collect()
    }

    /// AND or OR as a balanced tree; tests of one text become one test. Of an AND, what is cheap comes first: where it
    /// is false nothing else is computed.
    fn connected(&mut self, operands: &[bound::Expr], is_and: bool) -> Lowered {
        let operands = bound::fused(operands, is_and);
        let (mut cheap, mut costly) = (Vec::new(), Vec::with_capacity(operands.len()));
        for operand in operands.iter() {
            let lowered = self.condition(operand)?;
            if is_and && is_cheap(operand) { cheap.push(lowered) } else { costly.push(lowered) }
        }
        let operator = if is_and { Operator::And } else { Operator::Or };
        if cheap.is_empty() || costly.is_empty() {
            cheap.append(&mut costly);
            return Ok(balanced(cheap, operator));
        }
        Ok(binary(balanced(cheap, operator), operator, balanced(costly, operator)))
    }

    /// The filter, behind what it requires of the class of an event.
    pub(super) fn filter(&mut self, filter: &bound::Expr) -> Lowered {
        let lowered = self.condition(filter)?;
        let mut guards = Vec::new();
        for guard in self.query.class_guards() {
            let is_said =
                |it: &bound::Expr| is_cheap(it) && bound::required(it, guard.field).as_ref() == Some(&guard.values);
            let is_first = match &filter.kind {
                ExprKind::And(operands) => operands.iter().any(is_said),
                _ => is_said(filter),
            };
            if !is_first {
                guards.push(self.guard(&guard));
            }
        }
        if guards.is_empty() {
            return Ok(lowered);
        }
        Ok(binary(balanced(guards, Operator::And), Operator::And, lowered))
    }

    fn guard(&self, guard: &bound::Guard) -> Expr {
        if guard.values.is_empty() {
            return constant(&Literal::Boolean(false));
        }
        let value = |it: &GuardValue| match it {
            GuardValue::Integer(value) => constant(&Literal::Integer(*value)),
            GuardValue::Text(text) => constant(&Literal::Text(text.clone())),
        };
        let list = guard.values.iter().map(value).collect();
        Expr::InList(InList { expr: Box::new(self.field(guard.field)), list, negated: false })
    }

    fn compare(&mut self, operator: CompareOperator, left: &bound::Expr, right: &bound::Expr) -> Lowered {
        if left.value_type == Type::Null || right.value_type == Type::Null {
            return Ok(unknown());
        }
        let is_ordering = !matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual);
        let (left, right) = if is_ordering && left.value_type == Type::Host {
            (self.address_number(left)?, self.address_number(right)?)
        } else {
            self.agreed(left, right)?
        };
        let operator = match operator {
            CompareOperator::Equal => Operator::Eq,
            CompareOperator::NotEqual => Operator::NotEq,
            CompareOperator::Less => Operator::Lt,
            CompareOperator::LessOrEqual => Operator::LtEq,
            CompareOperator::Greater => Operator::Gt,
            CompareOperator::GreaterOrEqual => Operator::GtEq,
        };
        Ok(binary(left, operator, right))
    }

    /// Both operands in one Arrow type.
    fn agreed(&mut self, left: &bound::Expr, right: &bound::Expr) -> Result<(Expr, Expr), LowerError> {
        let is_double = |it: &bound::Expr| it.value_type == Type::Double;
        let to = if is_double(left) || is_double(right) { Some(Type::Double) } else { None };
        let mut lower = |it: &bound::Expr| -> Lowered {
            let lowered = self.expr(it)?;
            Ok(to.map_or(lowered.clone(), |to| converted(lowered, it.value_type, to)))
        };
        Ok((lower(left)?, lower(right)?))
    }

    /// Addresses are ordered by their numbers.
    fn address_number(&mut self, expr: &bound::Expr) -> Lowered {
        let lowered = self.expr(expr)?;
        let Some(long) = functions::find("LONG") else { return Ok(lowered) };
        let argument = Argument { expr: lowered, value_type: Type::Host };
        let number = long.lower(self.options.environment, vec![argument]);
        number.map_err(|reason| LowerError::Refused { span: expr.span, reason })
    }

    fn in_list(&mut self, operand: &bound::Expr, values: &[bound::Expr], negated: bool) -> Lowered {
        if operand.value_type == Type::Null {
            return Ok(unknown());
        }
        let lowered = self.expr(operand)?;
        if operand.value_type == Type::Integers {
            let contains = list::contains(lowered, values);
            return Ok(if negated { Expr::Not(Box::new(contains)) } else { contains });
        }
        let has_double = values.iter().any(|it| it.value_type == Type::Double);
        let element = if has_double && operand.value_type.is_numeric() { Type::Double } else { operand.value_type };
        let expr = Box::new(converted(lowered, operand.value_type, element));
        let mut list = Vec::with_capacity(values.len());
        for value in values {
            let lowered = self.expr(value)?;
            list.push(converted(lowered, value.value_type, element));
        }
        Ok(Expr::InList(InList { expr, list, negated }))
    }

    fn in_query(&mut self, operand: &bound::Expr, number: usize, negated: bool) -> Lowered {
        let expr = Box::new(self.expr(operand)?);
        let subquery = Subquery {
            subquery: Arc::new(plan::values(&self.query.subqueries[number], self.options)?),
            outer_ref_columns: Vec::new(),
            spans: Spans::new(),
        };
        Ok(Expr::InSubquery(InSubquery { expr, subquery, negated }))
    }

    fn case(&mut self, arms: &[(bound::Expr, bound::Expr)], otherwise: Option<&bound::Expr>) -> Lowered {
        let mut when_then_expr = Vec::with_capacity(arms.len());
        for (condition, value) in arms {
            when_then_expr.push((Box::new(self.condition(condition)?), Box::new(self.expr(value)?)));
        }
        let else_expr = otherwise.map(|it| self.expr(it).map(Box::new)).transpose()?;
        Ok(Expr::Case(Case { expr: None, when_then_expr, else_expr }))
    }
}

/// Whether a condition looks at numbers and short constants only.
fn is_cheap(expr: &bound::Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Field(_) => true,
        ExprKind::Compare(_, left, right) => is_cheap(left) && is_cheap(right),
        ExprKind::In { operand, list, .. } => is_cheap(operand) && list.iter().all(is_cheap),
        ExprKind::IsNull { operand, .. } => is_cheap(operand),
        ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().all(is_cheap),
        ExprKind::Text(test) => is_cheap(&test.operand) && test.patterns.iter().all(|it| it.kind == PatternKind::Equal),
        _ => false,
    }
}

/// A column of the table by its name.
pub(super) fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// A constant.
fn constant(literal: &Literal) -> Expr {
    let value = match literal {
        Literal::Text(text) => ScalarValue::Utf8View(Some(text.clone())),
        Literal::Integer(value) => ScalarValue::Int64(Some(*value)),
        Literal::Double(value) => ScalarValue::Float64(Some(*value)),
        Literal::Boolean(value) => ScalarValue::Boolean(Some(*value)),
        Literal::Null => ScalarValue::Null,
    };
    Expr::Literal(value, None)
}

/// The unknown truth value.
pub(super) const fn unknown() -> Expr {
    Expr::Literal(ScalarValue::Boolean(None), None)
}

pub(super) fn binary(left: Expr, operator: Operator, right: Expr) -> Expr {
    Expr::BinaryExpr(BinaryExpr::new(Box::new(left), operator, Box::new(right)))
}

/// Operands joined as a tree of the least depth, so that thousands of them neither overflow nor cost their square.
pub(super) fn balanced(mut operands: Vec<Expr>, operator: Operator) -> Expr {
    match operands.len() {
        0 => Expr::Literal(ScalarValue::Boolean(Some(operator == Operator::And)), None),
        1 => operands.remove(0),
        length => {
            let right = operands.split_off(length / 2);
            binary(balanced(operands, operator), operator, balanced(right, operator))
        }
    }
}

/// The value in the Arrow type of another type; null where it cannot be converted.
pub(super) fn converted(expr: Expr, from: Type, to: Type) -> Expr {
    let target = to.arrow();
    if from == Type::Null {
        return typed_null(&target);
    }
    if from.arrow() == target {
        return expr;
    }
    if let (Expr::Literal(ScalarValue::Int64(Some(value)), _), DataType::Float64) = (&expr, &target) {
        return Expr::Literal(ScalarValue::Float64(Some(*value as f64)), None);
    }
    let can_fail = matches!(from.arrow(), DataType::Utf8View | DataType::Float64);
    if can_fail {
        Expr::TryCast(TryCast::new(Box::new(expr), target))
    } else {
        Expr::Cast(Cast::new(Box::new(expr), target))
    }
}

/// Null of an Arrow type.
pub(super) fn typed_null(data_type: &DataType) -> Expr {
    Expr::Literal(ScalarValue::try_from(data_type).unwrap_or(ScalarValue::Null), None)
}
