//! Runs a `LogicalPlan` over tables.

use std::sync::Arc;

use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::datatypes::SchemaRef;
use datafusion_execution::SendableRecordBatchStream;
use datafusion_expr::LogicalPlan;
use datafusion_physical_plan::ExecutionPlan;

use crate::physical::{Planner, prepare, resolve_subqueries};
use crate::runtime::Runtime;
use crate::{Result, Tables};

/// The rows of a running plan, batch by batch. Nothing is read before the first batch is asked for, except by
/// sub-selects in IN.
pub struct Rows {
    runtime: Arc<Runtime>,
    stream: SendableRecordBatchStream,
    schema: SchemaRef,
}

impl Rows {
    /// Names and types of the columns.
    pub fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

impl Iterator for Rows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Self::Item> {
        self.runtime.next(&mut self.stream)
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Rows").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// Runs a plan over tables with up to `memory` bytes for sorting and grouping. Sub-selects in IN run at once.
pub fn execute(plan: LogicalPlan, tables: &Tables, memory: usize) -> Result<Rows> {
    let runtime = Arc::new(Runtime::new(memory)?);
    let plan = physical_plan(plan, tables, &runtime)?;
    start(&runtime, &plan)
}

/// Starts a physical plan.
pub(crate) fn start(runtime: &Arc<Runtime>, plan: &Arc<dyn ExecutionPlan>) -> Result<Rows> {
    Ok(Rows { runtime: Arc::clone(runtime), stream: runtime.start(plan)?, schema: plan.schema() })
}

/// The plan that runs; sub-selects in IN are run on the way.
pub(crate) fn physical_plan(
    plan: LogicalPlan,
    tables: &Tables,
    runtime: &Arc<Runtime>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let plan = resolve_subqueries(plan, &mut |inner| {
        let inner = Planner::new(tables).plan(&prepare(inner)?)?;
        start(runtime, &inner)?.collect()
    })?;
    Planner::new(tables).plan(&prepare(plan)?)
}
