//! GROUP BY and aggregates.

use std::sync::Arc;

use datafusion_expr::Aggregate;
use datafusion_physical_expr::aggregate::LoweredAggregateBuilder;
use datafusion_physical_plan::ExecutionPlan;
use datafusion_physical_plan::aggregates::{AggregateExec, AggregateMode, PhysicalGroupBy};

use super::Planner;
use crate::Result;

/// One hash aggregation; it spills when the memory pool is full.
pub(super) fn plan(planner: &Planner<'_>, aggregate: &Aggregate) -> Result<Arc<dyn ExecutionPlan>> {
    let input = planner.plan(&aggregate.input)?;
    let input_schema = input.schema();
    let logical_schema = aggregate.input.schema();
    let names = aggregate.schema.fields();
    let mut groups = Vec::with_capacity(aggregate.group_expr.len());
    for (expression, field) in aggregate.group_expr.iter().zip(names) {
        groups.push((planner.expression(expression, logical_schema)?, field.name().clone()));
    }
    let mut functions = Vec::with_capacity(aggregate.aggr_expr.len());
    let mut filters = Vec::with_capacity(aggregate.aggr_expr.len());
    for (expression, field) in aggregate.aggr_expr.iter().zip(names.iter().skip(groups.len())) {
        let lowered = LoweredAggregateBuilder::new(
            expression,
            logical_schema,
            &input_schema,
            &planner.properties,
            &planner.context,
        )
        .with_name(field.name())
        .build()?;
        functions.push(lowered.aggregate);
        filters.push(lowered.filter);
    }
    let groups = PhysicalGroupBy::new_single(groups);
    let exec = AggregateExec::try_new(AggregateMode::Single, groups, functions, filters, input, input_schema)?;
    Ok(Arc::new(exec))
}
