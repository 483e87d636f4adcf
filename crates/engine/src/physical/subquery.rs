//! `x IN (SELECT ...)`: the sub-select runs first, and its values take its place
//! (`reference/aql.md` section 2: one column, at most 10,000 rows).

use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::compute::cast;
use datafusion_common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion_common::{DFSchema, Result as PlanResult, ScalarValue};
use datafusion_expr::expr::{InList, InSubquery};
use datafusion_expr::{Expr, ExprSchemable, LogicalPlan};

use crate::Result;
use crate::event_table::external;

/// The most values that a sub-select in IN gives; what comes after them is left out.
pub(super) const SUBQUERY_ROWS_MAX: usize = 10_000;

/// Whether some expression of the plan holds a sub-select.
pub(crate) fn has_subquery(plan: &LogicalPlan) -> bool {
    let mut found = false;
    let outcome = plan.apply(|node| {
        node.apply_expressions(|expression| {
            if expression.exists(|it| Ok(matches!(it, Expr::InSubquery(_))))? {
                found = true;
                return Ok(TreeNodeRecursion::Stop);
            }
            Ok(TreeNodeRecursion::Continue)
        })
    });
    outcome.is_ok() && found
}

/// Runs the plan of a sub-select.
pub(crate) type Run<'a> = &'a mut dyn FnMut(LogicalPlan) -> Result<Vec<RecordBatch>>;

/// Replaces each sub-select in IN by the values that `run` gets from its plan, inner ones first.
pub(crate) fn resolve_subqueries(plan: LogicalPlan, run: Run<'_>) -> Result<LogicalPlan> {
    if !has_subquery(&plan) {
        return Ok(plan);
    }
    let resolved = plan.transform_up(|node| {
        let schema = node.inputs().first().map(|it| (*it.schema()).clone());
        node.map_expressions(|expression| match &schema {
            Some(schema) => transform(expression, schema, run),
            None => Ok(Transformed::no(expression)),
        })
    })?;
    Ok(resolved.data)
}

/// The same for an expression over the columns of `schema`.
pub(crate) fn resolve_expression(expression: Expr, schema: &DFSchema, run: Run<'_>) -> Result<Expr> {
    Ok(transform(expression, schema, run)?.data)
}

fn transform(expression: Expr, schema: &DFSchema, run: Run<'_>) -> PlanResult<Transformed<Expr>> {
    expression.transform_up(|it| match it {
        Expr::InSubquery(test) => Ok(Transformed::yes(resolve(test, schema, run).map_err(external)?)),
        other => Ok(Transformed::no(other)),
    })
}

/// Runs the sub-select of one test. The values take the type of the left side.
fn resolve(test: InSubquery, schema: &DFSchema, run: Run<'_>) -> Result<Expr> {
    let plan = resolve_subqueries((*test.subquery.subquery).clone(), run)?;
    let target = test.expr.get_type(schema)?;
    let mut list: Vec<Expr> = Vec::new();
    'batches: for batch in run(plan)? {
        let values = cast(batch.column(0), &target)?;
        for row in 0..values.len() {
            if list.len() == SUBQUERY_ROWS_MAX {
                break 'batches;
            }
            list.push(Expr::Literal(ScalarValue::try_from_array(&values, row)?, None));
        }
    }
    Ok(Expr::InList(InList { expr: test.expr, list, negated: test.negated }))
}
