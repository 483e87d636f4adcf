//! What is done to a logical plan before it is planned: types are made to agree and columns that nothing reads are
//! left out. No other rule of DataFusion runs, least of all one that rewrites tests of text: its simplifier turns
//! regular expressions into LIKE patterns without escaping the backslash.

use std::sync::Arc;

use datafusion_common::config::ConfigOptions;
use datafusion_expr::LogicalPlan;
use datafusion_optimizer::AnalyzerRule;
use datafusion_optimizer::analyzer::type_coercion::TypeCoercion;
use datafusion_optimizer::optimize_projections::OptimizeProjections;
use datafusion_optimizer::optimizer::{Optimizer, OptimizerContext};

use crate::Result;

/// Makes the types agree and prunes columns.
pub(crate) fn prepare(plan: LogicalPlan) -> Result<LogicalPlan> {
    let options = ConfigOptions::new();
    let plan = TypeCoercion::new().analyze(plan, &options)?;
    let optimizer = Optimizer::with_rules(vec![Arc::new(OptimizeProjections::new())]);
    let context = OptimizerContext::new().with_max_passes(1);
    Ok(optimizer.optimize(plan, &context, |_, _| {})?)
}
