//! From a `LogicalPlan` to an `ExecutionPlan` of one partition. Only the nodes that AQL lowers to are known.

mod aggregate;
mod prepare;
mod scan;
mod session;
mod subquery;

use std::sync::{Arc, LazyLock};

use datafusion_common::DFSchema;
use datafusion_common::config::ConfigOptions;
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_expr::{Expr, FetchType, LogicalPlan, SkipType, SortExpr};
use datafusion_physical_expr::projection::ProjectionExpr;
use datafusion_physical_expr::{LexOrdering, PhysicalExpr, PhysicalSortExpr, create_physical_expr};
use datafusion_physical_plan::ExecutionPlan;
use datafusion_physical_plan::empty::EmptyExec;
use datafusion_physical_plan::filter::FilterExec;
use datafusion_physical_plan::limit::GlobalLimitExec;
use datafusion_physical_plan::placeholder_row::PlaceholderRowExec;
use datafusion_physical_plan::projection::ProjectionExec;
use datafusion_physical_plan::sorts::sort::SortExec;
use datafusion_physical_plan::union::UnionExec;

pub(crate) use self::prepare::prepare;
pub(crate) use self::subquery::{Run, resolve_expression, resolve_subqueries};
use crate::{EngineError, Result, Tables};

/// Turns a prepared plan, without sub-queries in its expressions, into one that runs.
pub(crate) struct Planner<'a> {
    tables: &'a Tables,
    properties: ExecutionProps,
    context: PhysicalPlanningContext,
}

/// What expressions are made with. The options stand once: each call of a function would make its own else.
pub(crate) fn properties() -> ExecutionProps {
    static OPTIONS: LazyLock<Arc<ConfigOptions>> = LazyLock::new(Arc::default);
    ExecutionProps { config_options: Some(Arc::clone(&OPTIONS)), ..ExecutionProps::new() }
}

impl<'a> Planner<'a> {
    /// A planner that finds its tables here.
    pub(crate) fn new(tables: &'a Tables) -> Self {
        Self { tables, properties: properties(), context: PhysicalPlanningContext::default() }
    }

    /// The plan that runs.
    pub(crate) fn plan(&self, plan: &LogicalPlan) -> Result<Arc<dyn ExecutionPlan>> {
        match plan {
            LogicalPlan::TableScan(scan) => scan::plan(self, scan, None),
            LogicalPlan::Filter(filter) => self.filter(filter),
            LogicalPlan::Projection(projection) => self.projection(projection),
            LogicalPlan::Aggregate(aggregate) => aggregate::plan(self, aggregate),
            LogicalPlan::Sort(sort) => self.sort(sort),
            LogicalPlan::Limit(limit) => self.limit(limit),
            LogicalPlan::SubqueryAlias(alias) => self.plan(&alias.input),
            LogicalPlan::Extension(extension) => match extension.node.as_any().downcast_ref::<aql::SessionNode>() {
                Some(node) => session::plan(self, node),
                None => Err(EngineError::Unsupported(format!("no execution for `{}`", extension.node.name()))),
            },
            LogicalPlan::Union(union) => {
                let inputs = union.inputs.iter().map(|it| self.plan(it)).collect::<Result<Vec<_>>>()?;
                let all = UnionExec::try_new(inputs)?;
                Ok(Arc::new(datafusion_physical_plan::coalesce_partitions::CoalescePartitionsExec::new(all)))
            }
            LogicalPlan::EmptyRelation(empty) => {
                let schema = Arc::clone(empty.schema.inner());
                Ok(if empty.produce_one_row {
                    Arc::new(PlaceholderRowExec::new(schema))
                } else {
                    Arc::new(EmptyExec::new(schema))
                })
            }
            other => Err(EngineError::Unsupported(format!("no execution for the plan node `{}`", other.display()))),
        }
    }

    /// An expression over the columns of `schema`.
    pub(crate) fn expression(&self, expression: &Expr, schema: &DFSchema) -> Result<Arc<dyn PhysicalExpr>> {
        Ok(create_physical_expr(expression, schema, &self.properties, &self.context)?)
    }

    fn filter(&self, filter: &datafusion_expr::Filter) -> Result<Arc<dyn ExecutionPlan>> {
        let predicate = self.expression(&filter.predicate, filter.input.schema())?;
        if let Some(scan) = scan_below(&filter.input) {
            return scan::plan(self, scan, Some(predicate));
        }
        let input = self.plan(&filter.input)?;
        Ok(Arc::new(FilterExec::try_new(predicate, input)?))
    }

    fn projection(&self, projection: &datafusion_expr::Projection) -> Result<Arc<dyn ExecutionPlan>> {
        let input = self.plan(&projection.input)?;
        let schema = projection.input.schema();
        let mut columns = Vec::with_capacity(projection.expr.len());
        for (expression, field) in projection.expr.iter().zip(projection.schema.fields()) {
            let expr = self.expression(expression, schema)?;
            columns.push(ProjectionExpr { expr, alias: field.name().clone() });
        }
        Ok(Arc::new(ProjectionExec::try_new(columns, input)?))
    }

    fn sort(&self, sort: &datafusion_expr::Sort) -> Result<Arc<dyn ExecutionPlan>> {
        let input = self.plan(&sort.input)?;
        let keys = sort.expr.iter().map(|it| self.sort_key(it, sort.input.schema())).collect::<Result<Vec<_>>>()?;
        let Some(ordering) = LexOrdering::new(keys) else { return Ok(input) };
        Ok(Arc::new(SortExec::new(ordering, input).with_fetch(sort.fetch)))
    }

    /// A sort key. The options are those of the plan: AQL puts nulls first when ascending.
    fn sort_key(&self, key: &SortExpr, schema: &DFSchema) -> Result<PhysicalSortExpr> {
        let options =
            datafusion_common::arrow::compute::SortOptions { descending: !key.asc, nulls_first: key.nulls_first };
        Ok(PhysicalSortExpr { expr: self.expression(&key.expr, schema)?, options })
    }

    /// A limit; above a sort, the sort keeps no more rows than are asked for.
    fn limit(&self, limit: &datafusion_expr::Limit) -> Result<Arc<dyn ExecutionPlan>> {
        let (SkipType::Literal(skip), FetchType::Literal(fetch)) = (limit.get_skip_type()?, limit.get_fetch_type()?)
        else {
            return Err(EngineError::Unsupported("LIMIT must be a number".to_owned()));
        };
        let mut input = self.plan(&limit.input)?;
        if fetch == Some(0) {
            // A sort that keeps no row is not thought of by DataFusion: it panics.
            return Ok(Arc::new(EmptyExec::new(input.schema())));
        }
        if let (Some(fetch), Some(sort)) = (fetch, input.downcast_ref::<SortExec>()) {
            input = Arc::new(sort.with_fetch(Some(fetch.saturating_add(skip))));
        }
        Ok(Arc::new(GlobalLimitExec::new(input, skip, fetch)))
    }
}

/// The scan that a filter stands on, through aliases only.
fn scan_below(plan: &LogicalPlan) -> Option<&datafusion_expr::TableScan> {
    match plan {
        LogicalPlan::TableScan(scan) => Some(scan),
        LogicalPlan::SubqueryAlias(alias) => scan_below(&alias.input),
        _ => None,
    }
}
