//! Why a query takes an event or not: the tree of its conditions with their truth values, the short form of a match, and
//! what would have to differ for an event that is not taken.
//!
//! The truth of every single test comes from the engine itself; AND, OR and NOT join them as it does.

mod build;
mod compile;
mod distance;
mod near_misses;
mod nearest;
mod place;
mod reasons;
mod tree;

use std::fmt;
use std::sync::{Arc, OnceLock};

use aql::Environment;
use aql::bound::Query;
use datafusion_common::arrow::array::RecordBatch;
use datafusion_expr::LogicalPlan;
use ingest::{BatchBuilder, Event};

pub use self::build::{CONDITIONS_MAX, VALUE_BYTES_MAX};
use self::compile::Compiled;
pub use self::near_misses::{NearEvent, NearMissOptions, NearMisses, Needed, near_misses};
pub(crate) use self::nearest::nearest_miss;
pub use self::nearest::{NearMiss, NearTest};
pub use self::place::physical_text;
pub use self::reasons::{REASONS_MAX, Reason};
pub use self::tree::{Arm, Computed, Explanation, Predicate, PredicateKind, Term, Test, TestedValue, Truth};
use crate::physical::Run;
use crate::runtime::Runtime;
use crate::scan::{Expressions, innermost, projection_of, sub_select_runner};
use crate::{EngineError, EventSource, MEMORY_DEFAULT, ReadSettings, Result};

/// Explains a query on events. Compiled once, when it is first asked.
pub struct Explainer {
    /// The query that reads the events.
    query: Arc<Query>,
    environment: Environment,
    builder: BatchBuilder,
    sub_selects: SubSelects,
    compiled: OnceLock<Result<Compiled, String>>,
}

impl Explainer {
    /// An explainer of the condition and the computed columns of a query; of one that looks at groups, those of the
    /// query that reads the events. Sub-selects in IN are run over `source`.
    pub fn new(
        query: &Arc<Query>,
        environment: &Environment,
        source: &Arc<dyn EventSource>,
        read: &ReadSettings,
    ) -> Result<Self> {
        let Some(query) = innermost(query) else {
            return Err(EngineError::Unsupported("a query that does not read `events`".to_owned()));
        };
        let mut environment = environment.clone();
        environment.log_sources = environment.log_sources.or_else(|| source.log_sources());
        let mut sub_selects = SubSelects::default();
        if !query.subqueries.is_empty() {
            let runtime = Arc::new(Runtime::new(MEMORY_DEFAULT)?);
            let mut run = sub_select_runner(source, read, &runtime);
            let builder = BatchBuilder::new(&projection_of(&query))?;
            let expressions = Expressions::new(&environment, &builder.schema())?;
            expressions.filter(&query, &mut sub_selects.recording(&mut run))?;
            if !query.is_aggregating() {
                expressions.columns(&query, &mut sub_selects.recording(&mut run))?;
            }
        }
        let explainer = Self::deferred(query, &environment, sub_selects)?;
        explainer.compiled()?;
        Ok(explainer)
    }

    /// An explainer of a query that reads the events itself, whose sub-selects were run.
    pub(crate) fn deferred(query: Arc<Query>, environment: &Environment, sub_selects: SubSelects) -> Result<Self> {
        let builder = BatchBuilder::new(&projection_of(&query))?;
        let compiled = OnceLock::new();
        Ok(Self { query, environment: environment.clone(), builder, sub_selects, compiled })
    }

    /// What an event makes of the query. The event must have its original text if the query reads that.
    pub fn explain(&self, event: &Event) -> Result<Explanation> {
        build::explanation(self.compiled()?, &self.batch(std::slice::from_ref(event)))
    }

    /// The query that reads the events.
    pub fn query(&self) -> &Arc<Query> {
        &self.query
    }

    fn batch(&self, events: &[Event]) -> RecordBatch {
        self.builder.build(events)
    }

    fn compiled(&self) -> Result<&Compiled> {
        let compile = || -> Result<Compiled> {
            let expressions = Expressions::new(&self.environment, &self.builder.schema())?;
            Compiled::new(&expressions, &self.query, &mut self.sub_selects.again())
        };
        let compiled = self.compiled.get_or_init(|| compile().map_err(|error| error.to_string()));
        compiled.as_ref().map_err(|message| EngineError::Unsupported(message.clone()))
    }
}

impl fmt::Debug for Explainer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Explainer").field("query", &self.query).finish_non_exhaustive()
    }
}

/// Why an event matched, worked out when it is asked for.
#[derive(Clone, Debug)]
pub struct Why {
    explainer: Arc<Explainer>,
    event: Arc<Event>,
}

impl Why {
    /// The answer of this explainer for this event.
    pub(crate) fn new(explainer: &Arc<Explainer>, event: Arc<Event>) -> Self {
        Self { explainer: Arc::clone(explainer), event }
    }

    /// The event.
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// The whole tree.
    pub fn explanation(&self) -> Result<Explanation> {
        self.explainer.explain(&self.event)
    }

    /// The short form. A match is not lost for want of a reason: there is none where the query cannot be explained.
    pub fn reasons(&self) -> Vec<Reason> {
        self.explanation().map_or_else(|_| Vec::new(), |it| it.reasons())
    }
}

/// The same question: of the same event.
impl PartialEq for Why {
    fn eq(&self, other: &Self) -> bool {
        self.event == other.event
    }
}

/// What sub-selects in IN gave, so that they need not run again: at most [`aql::bound::Subquery::ROWS_MAX`] values each.
#[derive(Clone, Debug, Default)]
pub(crate) struct SubSelects(Vec<(LogicalPlan, Vec<RecordBatch>)>);

impl SubSelects {
    /// Runs sub-selects, and keeps what they give.
    pub(crate) fn recording<'a>(
        &'a mut self,
        run: Run<'a>,
    ) -> impl FnMut(LogicalPlan) -> Result<Vec<RecordBatch>> + 'a {
        move |plan| {
            if let Some((_, rows)) = self.0.iter().find(|(it, _)| *it == plan) {
                return Ok(rows.clone());
            }
            let rows = run(plan.clone())?;
            self.0.push((plan, rows.clone()));
            Ok(rows)
        }
    }

    /// Gives what was kept.
    fn again(&self) -> impl FnMut(LogicalPlan) -> Result<Vec<RecordBatch>> + '_ {
        |plan| {
            let known = self.0.iter().find(|(it, _)| *it == plan).map(|(_, rows)| rows.clone());
            known.ok_or_else(|| EngineError::Unsupported("a sub-select that did not run".to_owned()))
        }
    }
}
