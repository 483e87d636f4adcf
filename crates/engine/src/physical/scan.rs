//! The leaf of every plan: a pass over a table, with the filter that stands directly above it.

use std::fmt;
use std::sync::Arc;

use datafusion_common::tree_node::TreeNodeRecursion;
use datafusion_common::{Result as PlanResult, internal_err};
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_expr::TableScan;
use datafusion_physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion_physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion_physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, PlanProperties, ReplaceChildrenOptions};

use super::Planner;
use crate::table::Request;
use crate::{EngineError, Result, Table};

/// A pass over the table that the scan names.
pub(super) fn plan(
    planner: &Planner<'_>,
    scan: &TableScan,
    filter: Option<Arc<dyn PhysicalExpr>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let name = scan.table_name.table();
    let table =
        planner.tables.get(name).ok_or_else(|| EngineError::Unsupported(format!("the input has no table `{name}`")))?;
    let columns = match &scan.projection {
        Some(columns) => columns.clone(),
        None => (0..table.schema().fields().len()).collect(),
    };
    let schema = Arc::new(table.schema().project(&columns)?);
    let request = Request { columns, schema, filter };
    Ok(Arc::new(ScanExec::new(name.to_owned(), Arc::clone(table), request)))
}

/// Reads a table.
#[derive(Debug)]
struct ScanExec {
    name: String,
    table: Arc<dyn Table>,
    request: Request,
    properties: Arc<PlanProperties>,
}

impl ScanExec {
    fn new(name: String, table: Arc<dyn Table>, request: Request) -> Self {
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&request.schema)),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Self { name, table, request, properties: Arc::new(properties) }
    }
}

impl DisplayAs for ScanExec {
    fn fmt_as(&self, _: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<_> = self.request.schema.fields().iter().map(|it| it.name().as_str()).collect();
        write!(formatter, "ScanExec: {}, columns=[{}]", self.name, columns.join(", "))?;
        match &self.request.filter {
            Some(filter) => write!(formatter, ", filter={filter}"),
            None => Ok(()),
        }
    }
}

impl ExecutionPlan for ScanExec {
    fn name(&self) -> &'static str {
        "ScanExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> PlanResult<TreeNodeRecursion>,
    ) -> PlanResult<TreeNodeRecursion> {
        match &self.request.filter {
            Some(filter) => visit(filter),
            None => Ok(TreeNodeRecursion::Continue),
        }
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> PlanResult<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { internal_err!("a scan has no inputs") }
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> PlanResult<Arc<dyn ExecutionPlan>> {
        if children.is_empty() { Ok(self) } else { internal_err!("a scan has no inputs") }
    }

    fn execute(&self, _: usize, _: Arc<TaskContext>) -> PlanResult<SendableRecordBatchStream> {
        self.table.open(self.request.clone())
    }
}
