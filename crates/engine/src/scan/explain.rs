//! Why a row matched: the tests of the filter that were true and decided, with value, literal and the text that was hit.

use std::sync::Arc;

use aql::bound::{Expr, ExprKind, Literal, PatternKind, Query, TextTest};
use aql::text::{Case, TextMatcher};
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion_physical_expr::PhysicalExpr;
use syntax::Span;
use syntax::ast::CompareOperator;

use super::expressions::Expressions;
use super::matches::{REASONS_MAX, Reason};
use crate::{Result, cell};

/// The filter as a tree of tests that can be asked one by one.
pub(super) enum Explanation {
    /// All operands decided.
    All(Vec<Explanation>),
    /// The operands that are true decided.
    Any(Vec<(Arc<dyn PhysicalExpr>, Explanation)>),
    /// The first operand that is true decided, if it may: arms of CASE.
    First(Vec<(Arc<dyn PhysicalExpr>, Explanation)>),
    /// A single test.
    Test(Box<Test>),
    /// Nothing that can be shown, such as the absence of a value.
    Nothing,
}

/// A test of one value.
pub(super) struct Test {
    field: Arc<str>,
    value: Arc<dyn PhysicalExpr>,
    kind: Kind,
}

/// Operator, literal, place of the literal, bytes of the value that were hit.
type Decision = (&'static str, Arc<str>, Span, Option<(usize, usize)>);

enum Kind {
    Text { matcher: TextMatcher, patterns: Vec<(&'static str, Arc<str>, Span)> },
    Value { operator: &'static str, literal: Arc<str>, span: Span },
    Member { values: Vec<(Arc<str>, Span)> },
}

impl Explanation {
    /// The explanation of a filter.
    pub(super) fn compile(expressions: &Expressions<'_>, query: &Query) -> Result<Self> {
        let Some(filter) = &query.filter else { return Ok(Self::Nothing) };
        let mut template = query.clone();
        template.filter = None;
        compile(expressions, &mut template, query, filter)
    }

    /// The reasons for a row, a batch of one row for which the filter is true.
    pub(super) fn reasons(&self, row: &RecordBatch) -> Result<Vec<Reason>> {
        let mut reasons = Vec::new();
        self.collect(row, &mut reasons)?;
        reasons.truncate(REASONS_MAX);
        Ok(reasons)
    }

    fn collect(&self, row: &RecordBatch, reasons: &mut Vec<Reason>) -> Result<()> {
        match self {
            Self::All(operands) => operands.iter().try_for_each(|it| it.collect(row, reasons)),
            Self::Any(operands) => {
                for (condition, explanation) in operands {
                    if is_true(condition, row)? {
                        explanation.collect(row, reasons)?;
                    }
                }
                Ok(())
            }
            Self::First(operands) => {
                for (condition, explanation) in operands {
                    if is_true(condition, row)? {
                        return explanation.collect(row, reasons);
                    }
                }
                Ok(())
            }
            Self::Test(test) => {
                let value = test.value.evaluate(row)?.into_array(1)?;
                reasons.extend(test.reason(&value));
                Ok(())
            }
            Self::Nothing => Ok(()),
        }
    }
}

fn is_true(condition: &Arc<dyn PhysicalExpr>, row: &RecordBatch) -> Result<bool> {
    let truth = condition.evaluate(row)?.into_array(1)?;
    let truth = truth.as_boolean();
    Ok(truth.is_valid(0) && truth.value(0))
}

impl Test {
    fn reason(&self, value: &ArrayRef) -> Option<Reason> {
        if value.is_null(0) {
            return None;
        }
        let items: Vec<String> = match cell(value, 0) {
            serde_json::Value::Array(items) => items.iter().map(plain).collect(),
            other => vec![plain(&other)],
        };
        items.into_iter().find_map(|value| {
            let (operator, literal, span, hit) = self.decide(&value)?;
            Some(Reason { field: Arc::clone(&self.field), value, literal, operator, hit, span })
        })
    }

    fn decide(&self, value: &str) -> Option<Decision> {
        match &self.kind {
            Kind::Text { matcher, patterns } => {
                let (index, range) = matcher.find(value)?;
                let (operator, literal, span) = patterns.get(index)?;
                Some((operator, Arc::clone(literal), *span, Some((range.start, range.end))))
            }
            Kind::Value { operator, literal, span } => Some((operator, Arc::clone(literal), *span, None)),
            Kind::Member { values } => {
                let found = values.iter().find(|(literal, _)| **literal == *value).or_else(|| values.first());
                let (literal, span) = found?;
                Some(("IN", Arc::clone(literal), *span, None))
            }
        }
    }
}

fn compile(expressions: &Expressions<'_>, template: &mut Query, query: &Query, expr: &Expr) -> Result<Explanation> {
    let explanation = match &expr.kind {
        ExprKind::And(operands) => {
            let operands = operands.iter().map(|it| compile(expressions, template, query, it));
            Explanation::All(operands.collect::<Result<_>>()?)
        }
        ExprKind::Or(operands) => {
            let mut any = Vec::with_capacity(operands.len());
            // Asking a sub-select again is not worth a reason.
            for operand in operands.iter().filter(|it| !has_subselect(it)) {
                let explanation = compile(expressions, template, query, operand)?;
                any.push((expressions.one(template, operand)?, explanation));
            }
            Explanation::Any(any)
        }
        ExprKind::Text(test) if !cases(&test.operand).is_empty() => {
            all_cases(expressions, template, query, &test.operand)?
        }
        ExprKind::In { operand, .. } if !cases(operand).is_empty() => all_cases(expressions, template, query, operand)?,
        ExprKind::Compare(_, left, _) if !cases(left).is_empty() => all_cases(expressions, template, query, left)?,
        ExprKind::Text(test) if !test.negated => {
            let Some(kind) = text(test) else { return Ok(Explanation::Nothing) };
            single(expressions, template, query, &test.operand, kind)?
        }
        ExprKind::Compare(operator, left, right) => {
            let Some(literal) = right.as_literal() else { return Ok(Explanation::Nothing) };
            let literal = literal_text(literal).into();
            let kind = Kind::Value { operator: operator_text(*operator), literal, span: right.span };
            single(expressions, template, query, left, kind)?
        }
        ExprKind::In { operand, list, negated: false } => {
            let literals = list.iter().filter_map(|it| Some((literal_text(it.as_literal()?).into(), it.span)));
            let kind = Kind::Member { values: literals.collect() };
            single(expressions, template, query, operand, kind)?
        }
        _ => Explanation::Nothing,
    };
    Ok(explanation)
}

/// The CASEs that a value is made of: itself, or the operands of a sum of scores. What is tested is then a label or a
/// score, and the arm that gave it decided.
fn cases(expr: &Expr) -> Vec<&[(Expr, Expr)]> {
    match &expr.kind {
        ExprKind::Case { arms, .. } => vec![arms.as_slice()],
        ExprKind::Convert(operand) => cases(operand),
        ExprKind::Binary(_, left, right) => [cases(left), cases(right)].concat(),
        _ => Vec::new(),
    }
}

/// Why the CASEs that a value is made of have their values.
fn all_cases(expressions: &Expressions<'_>, template: &mut Query, query: &Query, expr: &Expr) -> Result<Explanation> {
    let cases = cases(expr).into_iter().map(|arms| one_case(expressions, template, query, arms));
    Ok(Explanation::All(cases.collect::<Result<_>>()?))
}

/// Why a CASE has its value: its first true condition, and that of a CASE that is its value. One that gives nothing or
/// zero is no reason.
fn one_case(
    expressions: &Expressions<'_>,
    template: &mut Query,
    query: &Query,
    arms: &[(Expr, Expr)],
) -> Result<Explanation> {
    let mut first = Vec::with_capacity(arms.len());
    for (condition, value) in arms.iter().filter(|(condition, _)| !has_subselect(condition)) {
        let counts = !matches!(value.as_literal(), Some(Literal::Null | Literal::Integer(0)));
        let explanation = if counts {
            let inner = all_cases(expressions, template, query, value)?;
            Explanation::All(vec![compile(expressions, template, query, condition)?, inner])
        } else {
            Explanation::Nothing
        };
        first.push((expressions.one(template, condition)?, explanation));
    }
    Ok(Explanation::First(first))
}

fn has_subselect(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::InQuery { .. }) || expr.children().into_iter().any(has_subselect)
}

fn single(
    expressions: &Expressions<'_>,
    template: &mut Query,
    query: &Query,
    operand: &Expr,
    kind: Kind,
) -> Result<Explanation> {
    let value = expressions.one(template, operand)?;
    Ok(Explanation::Test(Box::new(Test { field: name(query, operand), value, kind })))
}

/// What is tested, as a reader knows it.
pub(super) fn name(query: &Query, operand: &Expr) -> Arc<str> {
    if matches!(operand.kind, ExprKind::Call(_) | ExprKind::Case { .. })
        && let Some(alias) = query.columns.iter().find(|it| it.expr == *operand).and_then(|it| it.alias.as_deref())
    {
        return alias.into();
    }
    match &operand.kind {
        ExprKind::Field(index) => query.source.column(*index).map_or("?", |(name, _)| name).into(),
        ExprKind::Property(name) => name.as_str().into(),
        ExprKind::Convert(inner) => name(query, inner),
        ExprKind::Call(call) => {
            let args: Vec<_> = call.args.iter().map(|it| name(query, it).to_string()).collect();
            format!("{}({})", call.function.name, args.join(", ")).into()
        }
        ExprKind::Literal(literal) => literal_text(literal).into(),
        ExprKind::Case { .. } => "CASE".into(),
        _ => "expression".into(),
    }
}

fn text(test: &TextTest) -> Option<Kind> {
    let matcher = test.matcher().ok()?;
    let operator = |kind| match (kind, test.case) {
        (PatternKind::Equal, _) => "=",
        (PatternKind::Like, Case::Insensitive) => "ILIKE",
        (PatternKind::Like, _) => "LIKE",
        (PatternKind::Regex, Case::Insensitive) => "IMATCHES",
        (PatternKind::Regex, _) => "MATCHES",
    };
    let patterns = test.patterns.iter().map(|it| (operator(it.kind), Arc::from(it.text.as_str()), it.span));
    Some(Kind::Text { matcher, patterns: patterns.collect() })
}

fn operator_text(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "=",
        CompareOperator::NotEqual => "!=",
        CompareOperator::Less => "<",
        CompareOperator::LessOrEqual => "<=",
        CompareOperator::Greater => ">",
        CompareOperator::GreaterOrEqual => ">=",
    }
}

fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => text.clone(),
        Literal::Integer(number) => number.to_string(),
        Literal::Double(number) => number.to_string(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Null => "null".to_owned(),
    }
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
