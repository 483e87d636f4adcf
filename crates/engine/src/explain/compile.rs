//! From a bound query to a tree whose tests can be asked one by one.

use std::sync::Arc;

use aql::bound::{Case, Column, Expr, ExprKind, Literal, PatternKind, Query, TextTest, choice};
use aql::text::TextMatcher;
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion_common::arrow::datatypes::DataType;
use datafusion_physical_expr::PhysicalExpr;
use syntax::Span;
use syntax::ast::{BinaryOperator, CompareOperator};

use super::Truth;
use crate::Result;
use crate::physical::Run;
use crate::scan::{CLASS_COLUMNS, Expressions};

/// A query, ready to be explained.
pub(super) struct Compiled {
    pub(super) filter: Option<Node>,
    /// The selected columns that CASE makes.
    pub(super) columns: Vec<CompiledValue>,
    /// All single tests, of the filter and of the conditions of CASEs.
    pub(super) leaves: Vec<Leaf>,
}

/// A condition.
pub(super) struct Node {
    pub(super) says: Arc<str>,
    pub(super) span: Span,
    pub(super) kind: NodeKind,
}

pub(super) enum NodeKind {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// A position in [`Compiled::leaves`].
    Leaf(usize),
}

/// A single test.
pub(super) struct Leaf {
    pub(super) says: Arc<str>,
    pub(super) span: Span,
    condition: Arc<dyn PhysicalExpr>,
    /// What it looks at.
    pub(super) values: Vec<CompiledOperand>,
    pub(super) against: Against,
    /// Whether it says what class of event is meant.
    pub(super) is_class: bool,
    /// How the first value comes about, where CASE makes it.
    pub(super) computed: Option<CompiledValue>,
    /// What the test makes of each combination of arms of those CASEs, where their values are constants: for each CASE
    /// the arm, or the number of its arms for none of them.
    pub(super) outcomes: Vec<(Vec<usize>, Option<bool>)>,
}

/// A value that a test looks at.
pub(super) struct CompiledOperand {
    pub(super) name: Arc<str>,
    pub(super) span: Span,
    pub(super) value: Arc<dyn PhysicalExpr>,
}

/// What a value is tested against.
pub(super) enum Against {
    Texts { matcher: TextMatcher, patterns: Vec<(&'static str, Arc<str>, Span)>, negated: bool },
    Values { operator: &'static str, values: Vec<(Arc<str>, Span)>, negated: bool },
    Nothing { operator: &'static str, negated: bool },
}

/// A value that CASE makes.
pub(super) struct CompiledValue {
    pub(super) name: Arc<str>,
    pub(super) value: Arc<dyn PhysicalExpr>,
    pub(super) terms: Vec<CompiledTerm>,
}

pub(super) struct CompiledTerm {
    pub(super) minus: bool,
    pub(super) value: Arc<dyn PhysicalExpr>,
    pub(super) says: Arc<str>,
    pub(super) arms: Vec<CompiledArm>,
}

pub(super) struct CompiledArm {
    pub(super) condition: Node,
    pub(super) gives: Arc<str>,
    pub(super) computed: Option<CompiledValue>,
}

impl Compiled {
    /// Compiles the filter of a query and the columns that CASE makes. `run` runs sub-selects.
    pub(super) fn new(expressions: &Expressions<'_>, query: &Query, run: Run<'_>) -> Result<Self> {
        let mut template = query.clone();
        template.filter = None;
        let mut compiler = Compiler { expressions, template, query, run, leaves: Vec::new() };
        let filter = query.filter.as_ref().map(|it| compiler.node(it)).transpose()?;
        let mut columns = Vec::new();
        for column in query.columns.iter().filter(|it| !query.is_aggregating() && has_case(&it.expr)) {
            let name = column.name.as_str().into();
            columns.extend(compiler.computed(&column.expr, Some(name))?);
        }
        Ok(Self { filter, columns, leaves: compiler.leaves })
    }

    /// What each row makes of each test, by the position of the test.
    pub(super) fn truths(&self, rows: &RecordBatch) -> Result<Vec<Vec<Truth>>> {
        self.leaves.iter().map(|it| it.truths(rows)).collect()
    }
}

impl Node {
    /// What the tests make of it.
    pub(super) fn truth(&self, truths: &dyn Fn(usize) -> Truth) -> Truth {
        match &self.kind {
            NodeKind::All(nodes) => Truth::all(nodes.iter().map(|it| it.truth(truths))),
            NodeKind::Any(nodes) => Truth::any(nodes.iter().map(|it| it.truth(truths))),
            NodeKind::Not(node) => node.truth(truths).negated(),
            NodeKind::Leaf(leaf) => truths(*leaf),
        }
    }
}

impl Leaf {
    /// Whether no event makes a difference.
    pub(super) fn is_constant(&self) -> bool {
        self.values.is_empty()
    }

    fn truths(&self, rows: &RecordBatch) -> Result<Vec<Truth>> {
        let values = self.condition.evaluate(rows)?.into_array(rows.num_rows())?;
        if *values.data_type() != DataType::Boolean {
            // The constant NULL.
            return Ok(vec![Truth::Unknown; rows.num_rows()]);
        }
        let values = values.as_boolean();
        Ok((0..values.len()).map(|row| Truth::of(values.is_valid(row).then(|| values.value(row)))).collect())
    }
}

/// The value of the only row.
pub(super) fn value_of(value: &Arc<dyn PhysicalExpr>, row: &RecordBatch) -> Result<ArrayRef> {
    Ok(value.evaluate(row)?.into_array(1)?)
}

/// Makes the nodes.
struct Compiler<'a, 'e> {
    expressions: &'a Expressions<'e>,
    template: Query,
    query: &'a Query,
    run: Run<'a>,
    leaves: Vec<Leaf>,
}

impl Compiler<'_, '_> {
    fn physical(&mut self, expr: &Expr) -> Result<Arc<dyn PhysicalExpr>> {
        self.expressions.one(&mut self.template, expr, &mut *self.run)
    }

    fn node(&mut self, expr: &Expr) -> Result<Node> {
        let kind = match &expr.kind {
            ExprKind::And(operands) => NodeKind::All(self.nodes(operands)?),
            ExprKind::Or(operands) => NodeKind::Any(self.nodes(operands)?),
            ExprKind::Not(operand) => NodeKind::Not(Box::new(self.node(operand)?)),
            _ => NodeKind::Leaf(self.leaf(expr)?),
        };
        Ok(Node { says: self.query.condition_words(expr).into(), span: expr.span, kind })
    }

    fn nodes(&mut self, operands: &[Expr]) -> Result<Vec<Node>> {
        operands.iter().map(|it| self.node(it)).collect()
    }

    fn leaf(&mut self, expr: &Expr) -> Result<usize> {
        let mut values: Vec<CompiledOperand> = Vec::new();
        for operand in operands(expr) {
            let name = name(self.query, operand);
            if !values.iter().any(|it| it.name == name) {
                values.push(CompiledOperand { name, span: operand.span, value: self.physical(operand)? });
            }
        }
        let tested = operands(expr).first().copied();
        let computed = match tested {
            Some(operand) if has_case(operand) => self.computed(operand, None)?,
            _ => None,
        };
        let outcomes = choice(expr).map_or_else(Vec::new, |it| it.outcomes);
        let leaf = Leaf {
            says: self.query.condition_words(expr).into(),
            span: expr.span,
            condition: self.physical(expr)?,
            values,
            against: against(expr),
            is_class: is_class(expr),
            computed,
            outcomes,
        };
        self.leaves.push(leaf);
        Ok(self.leaves.len() - 1)
    }

    /// How a value comes about; none where no CASE takes part.
    fn computed(&mut self, expr: &Expr, name_given: Option<Arc<str>>) -> Result<Option<CompiledValue>> {
        let mut parts = Vec::new();
        terms(expr, false, &mut parts);
        if !parts.iter().any(|(_, it)| matches!(it.kind, ExprKind::Case { .. })) {
            return Ok(None);
        }
        let mut terms = Vec::with_capacity(parts.len());
        for (minus, part) in parts {
            let mut compiled = Vec::new();
            if let ExprKind::Case { arms, .. } = &part.kind {
                for (condition, value) in arms {
                    let (condition, computed) = (self.node(condition)?, self.computed(value, None)?);
                    let gives = self.query.value_words(value).into();
                    compiled.push(CompiledArm { condition, gives, computed });
                }
            }
            let (value, says) = (self.physical(part)?, self.query.value_words(part).into());
            terms.push(CompiledTerm { minus, value, says, arms: compiled });
        }
        let name = name_given.unwrap_or_else(|| name(self.query, expr));
        Ok(Some(CompiledValue { name, value: self.physical(expr)?, terms }))
    }
}

/// What is added up, each with whether it is subtracted; the value itself where that is no sum.
fn terms<'a>(expr: &'a Expr, minus: bool, found: &mut Vec<(bool, &'a Expr)>) {
    match &expr.kind {
        ExprKind::Binary(BinaryOperator::Add, left, right) => {
            terms(left, minus, found);
            terms(right, minus, found);
        }
        ExprKind::Binary(BinaryOperator::Subtract, left, right) => {
            terms(left, minus, found);
            terms(right, !minus, found);
        }
        ExprKind::Convert(operand) if operand.value_type.is_numeric() => terms(operand, minus, found),
        _ => found.push((minus, expr)),
    }
}

fn has_case(expr: &Expr) -> bool {
    let mut parts = Vec::new();
    terms(expr, false, &mut parts);
    parts.iter().any(|(_, it)| matches!(it.kind, ExprKind::Case { .. }))
}

/// What a test looks at: its operands that are no constants.
fn operands(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Text(_)
        | ExprKind::Compare(..)
        | ExprKind::In { .. }
        | ExprKind::InQuery { .. }
        | ExprKind::IsNull { .. } => expr.children().into_iter().filter(|it| it.as_literal().is_none()).collect(),
        ExprKind::Call(call) => {
            let args: Vec<_> = call.args.iter().filter(|it| it.as_literal().is_none()).collect();
            if args.is_empty() { vec![expr] } else { args }
        }
        ExprKind::Literal(_) => Vec::new(),
        _ => vec![expr],
    }
}

fn is_class(expr: &Expr) -> bool {
    let classes = *CLASS_COLUMNS;
    let mut found = false;
    expr.visit(&mut |it| {
        found |= matches!(it.kind, ExprKind::Field(field)
            if [classes.device_type, classes.channel, classes.event_id].contains(&field));
    });
    found
}

fn against(expr: &Expr) -> Against {
    match &expr.kind {
        ExprKind::Text(test) => texts(test).unwrap_or(Against::Nothing { operator: "", negated: test.negated }),
        ExprKind::Compare(operator, _, right) => match right.as_literal() {
            Some(literal) => {
                let values = vec![(literal_text(literal).into(), right.span)];
                Against::Values { operator: operator_text(*operator), values, negated: false }
            }
            None => Against::Nothing { operator: operator_text(*operator), negated: false },
        },
        ExprKind::In { list, negated, .. } => {
            let literals = list.iter().filter_map(|it| Some((literal_text(it.as_literal()?).into(), it.span)));
            Against::Values { operator: "IN", values: literals.collect(), negated: *negated }
        }
        ExprKind::InQuery { negated, .. } => Against::Nothing { operator: "IN", negated: *negated },
        ExprKind::IsNull { negated, .. } => Against::Nothing { operator: "IS NULL", negated: *negated },
        _ => Against::Nothing { operator: "", negated: false },
    }
}

fn texts(test: &TextTest) -> Option<Against> {
    let matcher = test.matcher().ok()?;
    let operator = |kind| match (kind, test.case) {
        (PatternKind::Equal, _) => "=",
        (PatternKind::Like, Case::Insensitive) => "ILIKE",
        (PatternKind::Like, _) => "LIKE",
        (PatternKind::Regex, Case::Insensitive) => "IMATCHES",
        (PatternKind::Regex, _) => "MATCHES",
    };
    let patterns = test.patterns.iter().map(|it| (operator(it.kind), Arc::from(it.text.as_str()), it.span));
    Some(Against::Texts { matcher, patterns: patterns.collect(), negated: test.negated })
}

/// What is tested, as a reader knows it.
pub(super) fn name(query: &Query, operand: &Expr) -> Arc<str> {
    if matches!(operand.kind, ExprKind::Call(_) | ExprKind::Case { .. } | ExprKind::Binary(..))
        && let Some(alias) =
            query.columns.iter().find(|it: &&Column| it.expr == *operand).and_then(|it| it.alias.as_deref())
    {
        return alias.into();
    }
    match &operand.kind {
        ExprKind::Field(index) => query.source.column(*index).map_or("?", |(name, _)| name).into(),
        ExprKind::Property(name) => name.as_str().into(),
        ExprKind::Convert(inner) => name(query, inner),
        ExprKind::Literal(literal) => literal_text(literal).into(),
        ExprKind::Case { .. } => "CASE".into(),
        _ => query.written(operand).into(),
    }
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
