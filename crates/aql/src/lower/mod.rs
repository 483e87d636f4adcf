//! From the bound form to DataFusion: expressions over the columns of a table, and whole logical plans.
//!
//! Types are made to agree here, so a plan needs no coercion; tests of text are ours, never DataFusion's LIKE or regular
//! expressions.

mod aggregate;
mod arithmetic;
mod expr;
mod list;
mod plan;
mod property;
mod session;
mod text;

use std::fmt;

use datafusion_common::DataFusionError;
use datafusion_expr::{Expr, LogicalPlan};
use syntax::{Diagnostic, Span};

pub use session::{SESSION_ID, SessionBoundary, SessionNode};

use crate::Environment;
use crate::bound::{Query, TimeRange, Window};
use expr::Lowerer;

/// How the time clauses of a query and its sub-selects become ranges; none for no filter.
pub type Resolver<'a> = &'a dyn Fn(Option<&Window>) -> Option<TimeRange>;

/// What lowering may do beside the query itself.
#[derive(Clone, Copy)]
pub struct LowerOptions<'a> {
    /// Time, reference data and lookups.
    pub environment: &'a Environment,
    /// What to do with time clauses; they are ignored when absent.
    pub time: Option<Resolver<'a>>,
    /// Whether rows without ORDER BY come newest first. A scan has no use for it.
    pub newest_first: bool,
}

impl<'a> LowerOptions<'a> {
    /// Time clauses ignored, rows in the order of the input.
    pub const fn new(environment: &'a Environment) -> Self {
        Self { environment, time: None, newest_first: false }
    }

    /// Time clauses resolved like this.
    #[must_use]
    pub const fn with_time(mut self, time: Resolver<'a>) -> Self {
        self.time = Some(time);
        self
    }

    /// Rows without ORDER BY newest first, as QRadar gives them.
    #[must_use]
    pub const fn with_newest_first(mut self) -> Self {
        self.newest_first = true;
        self
    }
}

impl fmt::Debug for LowerOptions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LowerOptions").field("newest_first", &self.newest_first).finish_non_exhaustive()
    }
}

/// Why a bound query has no plan.
#[derive(Debug, thiserror::Error)]
pub enum LowerError {
    /// A function refuses its constants, or a pattern cannot be compiled.
    #[error("{reason}")]
    Refused {
        /// The call or the pattern.
        span: Span,
        /// A short phrase, lower case, no final stop.
        reason: String,
    },
    /// DataFusion refuses the plan: a fault of ours.
    #[error(transparent)]
    Plan(#[from] DataFusionError),
}

impl LowerError {
    /// The same as something said about the text.
    pub fn into_diagnostic(self) -> Diagnostic {
        match self {
            Self::Refused { span, reason } => Diagnostic::error("invalid-argument", span, reason),
            Self::Plan(error) => Diagnostic::error("no-plan", Span::default(), format!("no plan can be made: {error}")),
        }
    }
}

impl Query {
    /// The plan: scan, filter, sessions, grouping, order, limit, columns. Its output has the names of the columns; its
    /// scans are of a [`crate::DatabaseTable`] and read only what is needed.
    pub fn lower(&self, options: &LowerOptions<'_>) -> Result<LogicalPlan, LowerError> {
        plan::plan(self, options)
    }

    /// Whether every expression can be lowered: functions and patterns check their constants then. Cheaper than a plan.
    pub(crate) fn check_lowering(&self, options: &LowerOptions<'_>) -> Result<(), LowerError> {
        plan::check(self, options)
    }

    /// The filter as an expression over the columns of the table; none when every row passes. Without the time clause.
    pub fn lower_filter(&self, options: &LowerOptions<'_>) -> Result<Option<Expr>, LowerError> {
        let mut lowerer = Lowerer::new(self, options);
        self.filter.as_ref().map(|it| lowerer.filter(it)).transpose()
    }

    /// The columns as expressions over the columns of the table, with their names. Only for a query that neither
    /// aggregates nor has sessions.
    pub fn lower_columns(&self, options: &LowerOptions<'_>) -> Result<Vec<(String, Expr)>, LowerError> {
        let mut lowerer = Lowerer::new(self, options);
        self.columns.iter().map(|it| Ok((it.name.clone(), lowerer.expr(&it.expr)?))).collect()
    }
}
