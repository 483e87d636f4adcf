//! Bound expressions as expressions that run over the batches of a scan.

use std::sync::Arc;

use aql::bound::{Column, Expr, Query};
use aql::{Environment, LowerError, LowerOptions};
use datafusion_common::DFSchema;
use datafusion_common::arrow::datatypes::SchemaRef;
use datafusion_expr::execution_props::ExecutionProps;
use datafusion_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion_physical_expr::{PhysicalExpr, create_physical_expr};

use crate::physical::{Run, properties, resolve_expression};
use crate::{EngineError, Result};

/// A column of a result.
pub(crate) type NamedExpr = (Arc<str>, Arc<dyn PhysicalExpr>);

/// Lowers what a query says to run over the columns of a scan.
pub(crate) struct Expressions<'a> {
    environment: &'a Environment,
    schema: DFSchema,
    properties: ExecutionProps,
    context: PhysicalPlanningContext,
}

impl<'a> Expressions<'a> {
    /// Expressions over these columns.
    pub(crate) fn new(environment: &'a Environment, schema: &SchemaRef) -> Result<Self> {
        Ok(Self {
            environment,
            schema: DFSchema::try_from(Arc::clone(schema))?,
            properties: properties(),
            context: PhysicalPlanningContext::default(),
        })
    }

    /// The filter; nothing when every row passes. `run` runs the sub-selects in it.
    pub(crate) fn filter(&self, query: &Query, run: Run<'_>) -> Result<Option<Arc<dyn PhysicalExpr>>> {
        let filter = query.lower_filter(&LowerOptions::new(self.environment)).map_err(refused)?;
        filter.map(|it| self.physical(it, run)).transpose()
    }

    /// The columns with their names. `run` runs the sub-selects in them.
    pub(crate) fn columns(&self, query: &Query, run: Run<'_>) -> Result<Vec<NamedExpr>> {
        let columns = query.lower_columns(&LowerOptions::new(self.environment)).map_err(refused)?;
        columns.into_iter().map(|(name, it)| Ok((name.into(), self.physical(it, run)?))).collect()
    }

    /// One expression of a query. `template` is that query or a copy of it; `run` runs the sub-selects.
    pub(crate) fn one(&self, template: &mut Query, expr: &Expr, run: Run<'_>) -> Result<Arc<dyn PhysicalExpr>> {
        let column = Column { name: "value".to_owned(), alias: None, expr: expr.clone(), span: expr.span };
        template.columns = vec![column];
        let mut columns = self.columns(template, run)?;
        columns
            .pop()
            .map(|(_, it)| it)
            .ok_or_else(|| EngineError::Unsupported("an expression without a value".to_owned()))
    }

    fn physical(&self, expr: datafusion_expr::Expr, run: Run<'_>) -> Result<Arc<dyn PhysicalExpr>> {
        let expr = resolve_expression(expr, &self.schema, run)?;
        Ok(create_physical_expr(&expr, &self.schema, &self.properties, &self.context)?)
    }
}

/// A query that compiled but cannot be lowered again, which other lookups may cause.
pub(crate) fn refused(error: LowerError) -> EngineError {
    match error {
        LowerError::Refused { reason, .. } => EngineError::Unsupported(reason),
        LowerError::Plan(error) => error.into(),
    }
}
