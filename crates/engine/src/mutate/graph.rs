//! The expressions of a query that looks at one event, each part once, evaluated over all events of its tests. After a
//! change only what depends on it is computed again.

use std::collections::HashMap;
use std::sync::Arc;

use aql::Environment;
use aql::bound::{Expr, ExprKind, Query, TextTest};
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use datafusion_common::arrow::compute::kernels::zip::zip;
use datafusion_common::arrow::compute::{and_kleene, not, or_kleene, prep_null_mask_filter};
use datafusion_common::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion_physical_expr::PhysicalExpr;
use syntax::Span;

use super::change::Change;
use crate::scan::Expressions;
use crate::{EngineError, Result};

/// A part of an expression. Its operands stand before it.
struct Node {
    expr: Expr,
    children: Vec<usize>,
    /// How the engine computes it from its operands, once it did.
    program: Option<Program>,
}

/// An expression over the values of operands, as columns.
#[derive(Clone)]
struct Program {
    expression: Arc<dyn PhysicalExpr>,
    operands: Vec<usize>,
}

/// The parts of a query with their values on some events.
pub(super) struct Graph<'a> {
    environment: &'a Environment,
    nodes: Vec<Node>,
    by_span: HashMap<Span, Vec<usize>>,
    template: Query,
    batch: RecordBatch,
    values: Vec<ArrayRef>,
}

/// The values after a change, of the parts that it changed.
#[derive(Default)]
pub(super) struct Changed(HashMap<usize, ArrayRef>);

impl Changed {
    /// Whether a part has other values.
    pub(super) fn has(&self, node: usize) -> bool {
        self.0.contains_key(&node)
    }
}

impl<'a> Graph<'a> {
    /// A graph over these events; `query` is that of the expressions.
    pub(super) fn new(environment: &'a Environment, query: &Query, batch: RecordBatch) -> Self {
        let mut template = query.clone();
        (template.filter, template.having, template.group_by) = (None, None, Vec::new());
        Self { environment, nodes: Vec::new(), by_span: HashMap::new(), template, batch, values: Vec::new() }
    }

    /// Adds an expression and evaluates it.
    pub(super) fn add(&mut self, expr: &Expr) -> Result<usize> {
        if let Some(node) = self.find(expr) {
            return Ok(node);
        }
        let children = expr.children().into_iter().map(|it| self.add(it)).collect::<Result<Vec<_>>>()?;
        let node = self.nodes.len();
        self.nodes.push(Node { expr: expr.clone(), children, program: None });
        let value = self.compute(node, &Changed::default())?;
        self.values.push(value);
        self.by_span.entry(expr.span).or_default().push(node);
        Ok(node)
    }

    /// The part that an expression is.
    pub(super) fn find(&self, expr: &Expr) -> Option<usize> {
        self.by_span.get(&expr.span)?.iter().copied().find(|it| self.nodes[*it].expr == *expr)
    }

    /// The values of a part.
    pub(super) fn value<'v>(&'v self, node: usize, after: &'v Changed) -> &'v ArrayRef {
        after.0.get(&node).unwrap_or(&self.values[node])
    }

    /// The parts that changes are about; nothing where one of them is no part.
    pub(super) fn sites<'c>(&self, changes: &'c [(Expr, Change)]) -> Option<Vec<(usize, &'c Change)>> {
        let mut sites: Vec<(usize, &Change)> =
            changes.iter().map(|(site, change)| Some((self.find(site)?, change))).collect::<Option<_>>()?;
        sites.sort_by_key(|(node, _)| *node);
        Some(sites)
    }

    /// The values after changes of some parts, ascending; an error where a change cannot be evaluated.
    pub(super) fn change(&mut self, sites: &[(usize, &Change)]) -> Result<Changed> {
        let mut after = Changed::default();
        let first = sites.first().map_or(self.nodes.len(), |(node, _)| *node);
        for node in first..self.nodes.len() {
            let value = if let Some((_, change)) = sites.iter().find(|(site, _)| *site == node) {
                self.changed_value(node, change, &after)?
            } else if self.nodes[node].children.iter().any(|it| after.has(*it)) {
                self.compute(node, &after)?
            } else {
                continue;
            };
            self.keep(node, value, &mut after);
        }
        Ok(after)
    }

    fn keep(&self, node: usize, value: ArrayRef, after: &mut Changed) {
        if *value != *self.values[node] {
            after.0.insert(node, value);
        }
    }

    fn changed_value(&mut self, site: usize, change: &Change, after: &Changed) -> Result<ArrayRef> {
        if *change == Change::Negated {
            let value = self.compute(site, after)?;
            return Ok(Arc::new(not(value.as_boolean())?));
        }
        let node = &self.nodes[site];
        match (change, &node.expr.kind) {
            (Change::Without(position), ExprKind::And(_) | ExprKind::Or(_)) => {
                let mut children = node.children.clone();
                children.remove(*position);
                self.connected(&children, matches!(node.expr.kind, ExprKind::And(_)), after)
            }
            (Change::Without(position), ExprKind::Case { .. }) => {
                let mut children = node.children.clone();
                children.drain(2 * position..2 * position + 2);
                self.case(&children, &node.expr.value_type.arrow(), after)
            }
            (Change::Patterns(patterns, case), ExprKind::Text(test)) if self.is_text(node.children[0], after) => {
                let test = TextTest { patterns: patterns.clone(), case: *case, ..test.clone() };
                tested(self.value(node.children[0], after), &test)
            }
            _ => {
                let program = self.program(&change.apply(&node.expr))?;
                self.run(&program, after)
            }
        }
    }

    /// The values of a part from those of its operands.
    fn compute(&mut self, node: usize, after: &Changed) -> Result<ArrayRef> {
        if let Some(value) = self.computed(node, after)? {
            return Ok(value);
        }
        let program = if let Some(program) = &self.nodes[node].program {
            program.clone()
        } else {
            let program = self.program(&self.nodes[node].expr)?;
            self.nodes[node].program = Some(program.clone());
            program
        };
        self.run(&program, after)
    }

    /// The values of AND, OR, NOT, CASE and tests of text; nothing for what only the engine knows.
    fn computed(&self, node: usize, after: &Changed) -> Result<Option<ArrayRef>> {
        let Node { expr, children, .. } = &self.nodes[node];
        Ok(match &expr.kind {
            ExprKind::And(_) => Some(self.connected(children, true, after)?),
            ExprKind::Or(_) => Some(self.connected(children, false, after)?),
            ExprKind::Not(_) => {
                self.condition(children[0], after).map(|it| not(&it)).transpose()?.map(|it| Arc::new(it) as _)
            }
            ExprKind::Case { .. } => Some(self.case(children, &expr.value_type.arrow(), after)?),
            ExprKind::Text(test) if self.is_text(children[0], after) => {
                Some(tested(self.value(children[0], after), test)?)
            }
            _ => None,
        })
    }

    fn is_text(&self, node: usize, after: &Changed) -> bool {
        *self.value(node, after).data_type() == DataType::Utf8View
    }

    /// Truth values; the constant NULL is unknown.
    fn condition(&self, node: usize, after: &Changed) -> Option<BooleanArray> {
        let value = self.value(node, after);
        match value.data_type() {
            DataType::Boolean => Some(value.as_boolean().clone()),
            DataType::Null => Some(BooleanArray::new_null(value.len())),
            _ => None,
        }
    }

    fn connected(&self, operands: &[usize], is_and: bool, after: &Changed) -> Result<ArrayRef> {
        let rows = self.batch.num_rows();
        let mut all = BooleanArray::from(vec![is_and; rows]);
        for operand in operands {
            let Some(value) = self.condition(*operand, after) else { continue };
            all = if is_and { and_kleene(&all, &value)? } else { or_kleene(&all, &value)? };
        }
        Ok(Arc::new(all))
    }

    /// The value of the first arm whose condition is true. `operands` are conditions and values in turn, then, perhaps,
    /// the value when none is.
    fn case(&self, operands: &[usize], data_type: &DataType, after: &Changed) -> Result<ArrayRef> {
        let (arms, otherwise) = operands.split_at(operands.len() / 2 * 2);
        let typed = |node: usize| -> Result<ArrayRef> {
            let value = self.value(node, after);
            let is_typed = value.data_type() == data_type;
            Ok(if is_typed { Arc::clone(value) } else { datafusion_common::arrow::compute::cast(value, data_type)? })
        };
        let mut result = match otherwise {
            [node] => typed(*node)?,
            _ => datafusion_common::arrow::array::new_null_array(data_type, self.batch.num_rows()),
        };
        for arm in arms.chunks_exact(2).rev() {
            let Some(condition) = self.condition(arm[0], after) else { continue };
            let is_true = if condition.null_count() == 0 { condition } else { prep_null_mask_filter(&condition) };
            result = zip(&is_true, &typed(arm[1])?, &result)?;
        }
        Ok(result)
    }

    /// An expression as the engine computes it. Operands that are parts of the graph are columns, named like fields of
    /// the database, whose names are those that a plan knows.
    fn program(&self, expr: &Expr) -> Result<Program> {
        let mut operands = Vec::new();
        let mut shallow = |child: Expr| match self.find(&child) {
            Some(node) if child.as_literal().is_none() => {
                operands.push(node);
                Expr::new(ExprKind::Field(operands.len() - 1), child.value_type, child.span)
            }
            _ => child,
        };
        let kind = expr.kind.clone().map_children(&mut shallow);
        let shallow = Expr::new(kind, expr.value_type, expr.span);
        let schema = if operands.is_empty() { self.batch.schema() } else { self.schema(&operands) };
        let expressions = Expressions::new(self.environment, &schema)?;
        let expression = expressions.one(&mut self.template.clone(), &shallow, &mut |_| {
            Err(EngineError::Unsupported("a sub-select within a part of a query".to_owned()))
        })?;
        Ok(Program { expression, operands })
    }

    /// Columns for these operands.
    fn schema(&self, operands: &[usize]) -> SchemaRef {
        let name = |position| self.template.source.column(position).map_or("", |(name, _)| name);
        let field = |(position, node): (usize, &usize)| {
            Field::new(name(position), self.values[*node].data_type().clone(), true)
        };
        Arc::new(Schema::new(operands.iter().enumerate().map(field).collect::<Vec<_>>()))
    }

    fn run(&self, program: &Program, after: &Changed) -> Result<ArrayRef> {
        let rows = self.batch.num_rows();
        if program.operands.is_empty() {
            return Ok(program.expression.evaluate(&self.batch)?.into_array(rows)?);
        }
        let columns = program.operands.iter().map(|it| Arc::clone(self.value(*it, after))).collect();
        let batch = RecordBatch::try_new(self.schema(&program.operands), columns)?;
        Ok(program.expression.evaluate(&batch)?.into_array(rows)?)
    }
}

fn tested(operand: &ArrayRef, test: &TextTest) -> Result<ArrayRef> {
    let matcher = test.matcher().map_err(|error| EngineError::Unsupported(error.reason))?;
    let hit = |value: &str| matcher.is_match(value) != test.negated;
    let truth: BooleanArray = operand.as_string_view().iter().map(|it| it.map(hit)).collect();
    Ok(Arc::new(truth))
}
