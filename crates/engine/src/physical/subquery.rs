//! `x IN (SELECT ...)`: the sub-select runs first, and its values take its place
//! (`reference/aql.md` section 2: one column, at most 10,000 rows).

use datafusion_common::ScalarValue;
use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion_expr::expr::{InList, InSubquery};
use datafusion_expr::{Expr, ExprSchemable, LogicalPlan};

use crate::Result;

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

/// Replaces each sub-select in IN by the values that `run` gets from its plan, inner ones first.
pub(crate) fn resolve_subqueries(
    plan: LogicalPlan,
    run: &mut dyn FnMut(LogicalPlan) -> Result<Vec<RecordBatch>>,
) -> Result<LogicalPlan> {
    if !has_subquery(&plan) {
        return Ok(plan);
    }
    let mut failure = None;
    let resolved = plan.transform_up(|node| {
        let schemas: Vec<_> = node.inputs().iter().map(|it| (*it.schema()).clone()).collect();
        node.map_expressions(|expression| {
            expression.transform_up(|it| match it {
                Expr::InSubquery(test) if failure.is_none() => match resolve(test, &schemas, run) {
                    Ok(list) => Ok(Transformed::yes(list)),
                    Err(error) => {
                        failure = Some(error);
                        Ok(Transformed::no(datafusion_expr::lit(false)))
                    }
                },
                other => Ok(Transformed::no(other)),
            })
        })
    })?;
    match failure {
        Some(error) => Err(error),
        None => Ok(resolved.data),
    }
}

/// Runs the sub-select of one test. The values take the type of the left side.
fn resolve(
    test: InSubquery,
    schemas: &[datafusion_common::DFSchemaRef],
    run: &mut dyn FnMut(LogicalPlan) -> Result<Vec<RecordBatch>>,
) -> Result<Expr> {
    let plan = resolve_subqueries((*test.subquery.subquery).clone(), run)?;
    let target = match schemas.first() {
        Some(schema) => Some(test.expr.get_type(schema.as_ref())?),
        None => None,
    };
    let mut list: Vec<Expr> = Vec::new();
    'batches: for batch in run(plan)? {
        let mut values = std::sync::Arc::clone(batch.column(0));
        if let Some(target) = &target {
            values = datafusion_common::arrow::compute::cast(&values, target)?;
        }
        for row in 0..values.len() {
            if list.len() == SUBQUERY_ROWS_MAX {
                break 'batches;
            }
            list.push(Expr::Literal(ScalarValue::try_from_array(&values, row)?, None));
        }
    }
    Ok(Expr::InList(InList { expr: test.expr, list, negated: test.negated }))
}
