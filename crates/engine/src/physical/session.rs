//! SESSION BY: numbers the sessions of rows that come in the order of time (`reference/aql.md` section 4.2).

use std::fmt;
use std::sync::Arc;

use aql::{SESSION_ID, SessionNode};
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int64Array, RecordBatch};
use datafusion_common::arrow::compute::SortOptions;
use datafusion_common::arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use datafusion_common::arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion_common::tree_node::TreeNodeRecursion;
use datafusion_common::{Result as PlanResult, internal_err};
use datafusion_execution::{SendableRecordBatchStream, TaskContext};
use datafusion_physical_expr::{EquivalenceProperties, LexOrdering, PhysicalExpr, PhysicalSortExpr};
use datafusion_physical_plan::execution_plan::EmissionType;
use datafusion_physical_plan::sorts::sort::SortExec;
use datafusion_physical_plan::stream::RecordBatchStreamAdapter;
use datafusion_physical_plan::{
    ChildrenPropertiesMode, DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
    ReplaceChildrenOptions,
};
use futures::StreamExt;

use super::Planner;
use crate::{EngineError, Result};

/// What makes sessions, over the rows of the input.
#[derive(Clone, Debug)]
struct Rules {
    /// The time of a row, in milliseconds; the input is ordered by it.
    time: Arc<dyn PhysicalExpr>,
    /// Any change of one of these starts another session.
    keys: Vec<Arc<dyn PhysicalExpr>>,
    /// What opens a session, and whether nothing else does.
    begin: Option<(Arc<dyn PhysicalExpr>, bool)>,
    /// What closes a session, and whether nothing else does.
    end: Option<(Arc<dyn PhysicalExpr>, bool)>,
    /// The longest gap between two rows, in milliseconds.
    timeout_ms: Option<i64>,
    /// The longest span of a session, in milliseconds.
    window_ms: Option<i64>,
}

/// The operator of a node: sorts by its time, then numbers the sessions.
pub(super) fn plan(planner: &Planner<'_>, node: &SessionNode) -> Result<Arc<dyn ExecutionPlan>> {
    let input = planner.plan(&node.input)?;
    let schema = node.input.schema();
    let boundary = |it: &Option<aql::SessionBoundary>| -> Result<_> {
        let Some(it) = it else { return Ok(None) };
        Ok(Some((planner.expression(&it.condition, schema)?, it.explicit)))
    };
    let rules = Rules {
        time: planner.expression(&node.time, schema)?,
        keys: node.keys.iter().map(|it| planner.expression(it, schema)).collect::<Result<_>>()?,
        begin: boundary(&node.begin)?,
        end: boundary(&node.end)?,
        timeout_ms: node.timeout_ms.map(|it| i64::try_from(it).unwrap_or(i64::MAX)),
        window_ms: node.window_ms.map(|it| i64::try_from(it).unwrap_or(i64::MAX)),
    };
    let key = PhysicalSortExpr { expr: Arc::clone(&rules.time), options: SortOptions::new(false, true) };
    let Some(ordering) = LexOrdering::new([key]) else {
        return Err(EngineError::Unsupported("sessions need a time".to_owned()));
    };
    let sorted = Arc::new(SortExec::new(ordering, input));
    Ok(Arc::new(SessionExec::new(sorted, Arc::new(rules), SESSION_ID)))
}

/// Appends the number of the session, from 1, to each row; null for a row of none.
#[derive(Debug)]
struct SessionExec {
    input: Arc<dyn ExecutionPlan>,
    rules: Arc<Rules>,
    properties: Arc<PlanProperties>,
}

impl SessionExec {
    /// Sessions of the rows of `input`, which is ordered by time; the number is in a last column of this name.
    fn new(input: Arc<dyn ExecutionPlan>, rules: Arc<Rules>, column: &str) -> Self {
        let fields = input.schema().fields().iter().cloned().collect::<Vec<_>>();
        let number = Arc::new(Field::new(column, DataType::Int64, true));
        let schema = Arc::new(Schema::new(fields.into_iter().chain([number]).collect::<Vec<_>>()));
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            input.output_partitioning().clone(),
            EmissionType::Incremental,
            input.boundedness(),
        );
        Self { input, rules, properties: Arc::new(properties) }
    }
}

impl DisplayAs for SessionExec {
    fn fmt_as(&self, _: DisplayFormatType, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SessionExec: time={}, keys={:?}", self.rules.time, self.rules.keys)
    }
}

impl ExecutionPlan for SessionExec {
    fn name(&self) -> &'static str {
        "SessionExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        visit: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> PlanResult<TreeNodeRecursion>,
    ) -> PlanResult<TreeNodeRecursion> {
        let boundaries = self.rules.begin.iter().chain(&self.rules.end).map(|(condition, _)| condition);
        for expression in [&self.rules.time].into_iter().chain(&self.rules.keys).chain(boundaries) {
            if visit(expression)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn replace_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
        _: ReplaceChildrenOptions,
    ) -> PlanResult<Arc<dyn ExecutionPlan>> {
        let [input] = children.as_slice() else { return internal_err!("sessions have one input") };
        let schema = self.schema();
        let column = schema.field(schema.fields().len() - 1).name();
        Ok(Arc::new(Self::new(Arc::clone(input), Arc::clone(&self.rules), column)))
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn ExecutionPlan>>) -> PlanResult<Arc<dyn ExecutionPlan>> {
        self.replace_children(children, ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> PlanResult<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let schema = self.schema();
        let mut sessions = Sessions::new(Arc::clone(&self.rules), &self.input.schema())?;
        let output = Arc::clone(&schema);
        let batches = input.map(move |batch| sessions.number(&batch?, &output));
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, batches)))
    }
}

/// The session that is open, and what the last row was.
struct Sessions {
    rules: Arc<Rules>,
    keys: RowConverter,
    last_keys: Option<OwnedRow>,
    last_time: Option<i64>,
    first_time: Option<i64>,
    open: bool,
    number: i64,
}

/// What the rules say about the rows of one batch.
struct Facts {
    times: ArrayRef,
    begin: Option<BooleanArray>,
    end: Option<BooleanArray>,
}

impl Facts {
    fn time(&self, row: usize) -> Option<i64> {
        self.times.is_valid(row).then(|| self.times.as_primitive::<Int64Type>().value(row))
    }
}

impl Sessions {
    fn new(rules: Arc<Rules>, schema: &SchemaRef) -> PlanResult<Self> {
        let fields = rules.keys.iter().map(|it| Ok(SortField::new(it.data_type(schema)?)));
        let keys = RowConverter::new(fields.collect::<PlanResult<_>>()?)?;
        Ok(Self { rules, keys, last_keys: None, last_time: None, first_time: None, open: false, number: 0 })
    }

    fn number(&mut self, batch: &RecordBatch, schema: &SchemaRef) -> PlanResult<RecordBatch> {
        let rows = batch.num_rows();
        let value = |expression: &Arc<dyn PhysicalExpr>| expression.evaluate(batch)?.into_array(rows);
        let condition =
            |it: &(Arc<dyn PhysicalExpr>, bool)| -> PlanResult<BooleanArray> { Ok(value(&it.0)?.as_boolean().clone()) };
        let facts = Facts {
            times: value(&self.rules.time)?,
            begin: self.rules.begin.as_ref().map(condition).transpose()?,
            end: self.rules.end.as_ref().map(condition).transpose()?,
        };
        let keys = self.rules.keys.iter().map(value).collect::<PlanResult<Vec<_>>>()?;
        let keys = if keys.is_empty() { None } else { Some(self.keys.convert_columns(&keys)?) };
        let mut numbers = Vec::with_capacity(rows);
        for row in 0..rows {
            let key = keys.as_ref().map(|it| it.row(row).owned());
            numbers.push(self.step(key, &facts, row));
        }
        let numbers: ArrayRef = Arc::new(Int64Array::from(numbers));
        let columns = batch.columns().iter().cloned().chain([numbers]).collect();
        Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
    }

    /// The session of the next row.
    fn step(&mut self, key: Option<OwnedRow>, facts: &Facts, row: usize) -> Option<i64> {
        let is_true = |it: &Option<BooleanArray>| it.as_ref().is_some_and(|it| it.is_valid(row) && it.value(row));
        let (begins, time) = (is_true(&facts.begin), facts.time(row));
        let explicit_begin = self.rules.begin.as_ref().is_some_and(|(_, explicit)| *explicit);
        let explicit_end = self.rules.end.as_ref().is_some_and(|(_, explicit)| *explicit);
        let closes = key != self.last_keys
            || exceeds(self.last_time, time, self.rules.timeout_ms)
            || exceeds(self.first_time, time, self.rules.window_ms)
            || (begins && !explicit_end);
        if closes {
            self.open = false;
        }
        if !self.open && (begins || !explicit_begin) {
            self.open = true;
            self.number += 1;
            self.first_time = time;
        }
        (self.last_keys, self.last_time) = (key, time);
        let number = self.open.then_some(self.number);
        if is_true(&facts.end) {
            self.open = false;
        }
        number
    }
}

/// Whether more than `limit` milliseconds lie between two moments.
fn exceeds(from: Option<i64>, to: Option<i64>, limit: Option<i64>) -> bool {
    match (from, to, limit) {
        (Some(from), Some(to), Some(limit)) => to.saturating_sub(from) > limit,
        _ => false,
    }
}
