//! A filter taken apart: what looks at one column only can be asked once for each distinct value of it.

use std::sync::Arc;

use datafusion_common::Result;
use datafusion_common::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, BooleanBufferBuilder, RecordBatch, RecordBatchOptions, new_null_array,
};
use datafusion_common::arrow::buffer::BooleanBuffer;
use datafusion_common::arrow::compute::{filter, prep_null_mask_filter};
use datafusion_common::arrow::datatypes::{Schema, SchemaRef};
use datafusion_common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion_expr::Operator;
use datafusion_physical_expr::ScalarFunctionExpr;
use datafusion_physical_expr::expressions::{BinaryExpr, Column};
use datafusion_physical_expr::utils::collect_columns;
use datafusion_physical_plan::PhysicalExpr;

/// A condition on rows; null is not true.
#[derive(Debug)]
pub(super) enum Condition {
    /// All of these.
    All(Vec<Condition>),
    /// Any of these.
    Any(Vec<Condition>),
    /// A test of one column.
    One(Test),
    /// A test of several columns, or of none.
    Several(Test),
}

/// An expression over some columns of the table.
#[derive(Debug)]
pub(super) struct Test {
    /// The columns, by their place in the table.
    pub(super) columns: Vec<usize>,
    /// The expression over these columns, in this order.
    pub(super) expression: Arc<dyn PhysicalExpr>,
    schema: SchemaRef,
    /// How many patterns of text it looks for.
    pub(super) patterns: u64,
    /// Whether it is true when all columns are null.
    pub(super) on_null: bool,
}

impl Condition {
    /// Takes a filter apart. Its columns are those of the table at these places.
    pub(super) fn of(filter: &Arc<dyn PhysicalExpr>, columns: &[usize], table: &Schema) -> Result<Self> {
        let parts = |wanted: Operator| {
            let mut operands = Vec::new();
            flatten(filter, wanted, &mut operands);
            fused(operands, wanted)
        };
        let connected = filter.downcast_ref::<BinaryExpr>().map(|it| *it.op());
        if let Some(operator @ (Operator::And | Operator::Or)) = connected {
            let parts = parts(operator);
            if parts.len() > 1 {
                let parts = parts.iter().map(|it| Self::of(it, columns, table)).collect::<Result<Vec<_>>>()?;
                return Ok(if operator == Operator::And { Self::All(parts) } else { Self::Any(parts) });
            }
            if let [only] = parts.as_slice() {
                let test = Test::new(only, columns, table)?;
                return Ok(if test.columns.len() == 1 { Self::One(test) } else { Self::Several(test) });
            }
        }
        let test = Test::new(filter, columns, table)?;
        Ok(if test.columns.len() == 1 { Self::One(test) } else { Self::Several(test) })
    }

    /// Every test.
    pub(super) fn tests<'c>(&'c self, found: &mut Vec<&'c Test>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|it| it.tests(found)),
            Self::One(test) | Self::Several(test) => found.push(test),
        }
    }
}

impl Test {
    fn new(expression: &Arc<dyn PhysicalExpr>, columns: &[usize], table: &Schema) -> Result<Self> {
        let mut read: Vec<usize> = collect_columns(expression).iter().map(|it| columns[it.index()]).collect();
        read.sort_unstable();
        read.dedup();
        let place = |it: &Column| read.iter().position(|column| *column == columns[it.index()]).unwrap_or_default();
        let moved = Arc::clone(expression).transform_down(|it| {
            Ok(match it.downcast_ref::<Column>() {
                Some(column) => Transformed::yes(Arc::new(Column::new(column.name(), place(column))) as _),
                None => Transformed::no(it),
            })
        });
        let schema = Arc::new(table.project(&read)?);
        let patterns = patterns(expression);
        let mut test = Self { columns: read, expression: moved.data()?, schema, patterns, on_null: false };
        let nulls = test.schema.fields().iter().map(|it| new_null_array(it.data_type(), 1)).collect();
        test.on_null = test.rows(nulls, 1)?.value(0);
        Ok(test)
    }

    /// For which rows of the columns it is true.
    pub(super) fn rows(&self, columns: Vec<ArrayRef>, rows: usize) -> Result<BooleanBuffer> {
        self.truth(&self.expression, columns, rows)
    }

    /// For which of the candidates among the rows of its one column it is true. What costs most is asked only about
    /// rows that are still in question.
    pub(super) fn among(&self, column: &ArrayRef, candidates: &BooleanBuffer) -> Result<BooleanBuffer> {
        match column.nulls() {
            Some(nulls) if !self.on_null => self.narrowed(&self.expression, column, &(candidates & nulls.inner())),
            _ => self.narrowed(&self.expression, column, candidates),
        }
    }

    fn narrowed(
        &self,
        expression: &Arc<dyn PhysicalExpr>,
        column: &ArrayRef,
        candidates: &BooleanBuffer,
    ) -> Result<BooleanBuffer> {
        let count = candidates.count_set_bits();
        if count == 0 {
            return Ok(candidates.clone());
        }
        match expression.downcast_ref::<BinaryExpr>() {
            Some(it) if *it.op() == Operator::And => {
                let left = self.narrowed(it.left(), column, candidates)?;
                return self.narrowed(it.right(), column, &left);
            }
            Some(it) if *it.op() == Operator::Or => {
                let left = self.narrowed(it.left(), column, candidates)?;
                let right = self.narrowed(it.right(), column, &(candidates & &!&left))?;
                return Ok(&left | &right);
            }
            _ => {}
        }
        if count * 2 > column.len() {
            return Ok(&self.truth(expression, vec![Arc::clone(column)], column.len())? & candidates);
        }
        let left = filter(column, &BooleanArray::new(candidates.clone(), None))?;
        let truth = self.truth(expression, vec![left], count)?;
        Ok(scatter(candidates.set_indices(), &truth, column.len()))
    }

    fn truth(&self, expression: &Arc<dyn PhysicalExpr>, columns: Vec<ArrayRef>, rows: usize) -> Result<BooleanBuffer> {
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)?;
        let truth = expression.evaluate(&batch)?.into_array(rows)?;
        let truth = truth.as_boolean();
        Ok(if truth.nulls().is_none() { truth.values().clone() } else { prep_null_mask_filter(truth).values().clone() })
    }
}

/// The rows among some rows for which something is true, as a mask of all.
pub(super) fn scatter(rows: impl Iterator<Item = usize>, truth: &BooleanBuffer, length: usize) -> BooleanBuffer {
    let mut mask = BooleanBufferBuilder::new(length);
    mask.append_n(length, false);
    for (row, _) in rows.zip(truth.iter()).filter(|(_, is_true)| *is_true) {
        mask.set_bit(row, true);
    }
    mask.finish()
}

/// How many patterns of text are looked for.
fn patterns(expression: &Arc<dyn PhysicalExpr>) -> u64 {
    let mut count = 0;
    let counted = expression.apply(|it| {
        let matcher = it.downcast_ref::<ScalarFunctionExpr>().and_then(|it| aql::text::matcher_of(it.fun()));
        count += matcher.map_or(0, |it| it.patterns().len() as u64);
        Ok(TreeNodeRecursion::Continue)
    });
    debug_assert!(counted.is_ok(), "counting does not fail");
    count
}

/// The operands of an AND or OR, however it is nested.
fn flatten(expression: &Arc<dyn PhysicalExpr>, wanted: Operator, operands: &mut Vec<Arc<dyn PhysicalExpr>>) {
    match expression.downcast_ref::<BinaryExpr>() {
        Some(it) if *it.op() == wanted => {
            flatten(it.left(), wanted, operands);
            flatten(it.right(), wanted, operands);
        }
        _ => operands.push(Arc::clone(expression)),
    }
}

/// The same operands, where those that look at the same single column have become one.
fn fused(operands: Vec<Arc<dyn PhysicalExpr>>, operator: Operator) -> Vec<Arc<dyn PhysicalExpr>> {
    let mut kept: Vec<(Option<usize>, Arc<dyn PhysicalExpr>)> = Vec::with_capacity(operands.len());
    for operand in operands {
        let columns = collect_columns(&operand);
        let mut indices = columns.iter().map(Column::index);
        let only = indices.next().filter(|first| indices.all(|it| it == *first));
        match kept.iter_mut().find(|(column, _)| only.is_some() && *column == only) {
            Some((_, first)) => *first = Arc::new(BinaryExpr::new(Arc::clone(first), operator, operand)),
            None => kept.push((only, operand)),
        }
    }
    kept.into_iter().map(|(_, it)| it).collect()
}
