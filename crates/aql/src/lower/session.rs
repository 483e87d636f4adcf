//! The plan node of SESSION BY (`reference/aql.md` section 4.2): its input plus a column with the number of the session.
//! Whoever runs the plan gives it an operator.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use datafusion_common::arrow::datatypes::{DataType, Field};
use datafusion_common::{DFSchema, DFSchemaRef, Result};
use datafusion_expr::{Expr, LogicalPlan, UserDefinedLogicalNodeCore};

/// The column that holds the number of the session, from 1; null for a row that belongs to none.
pub const SESSION_ID: &str = "sessionId";

/// Rows ordered by `time`, each with the number of its session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionNode {
    /// Where the rows come from.
    pub input: Arc<LogicalPlan>,
    /// What orders the rows: milliseconds.
    pub time: Expr,
    /// Any change of one of these starts another session.
    pub keys: Vec<Expr>,
    /// What opens a session.
    pub begin: Option<SessionBoundary>,
    /// What closes a session.
    pub end: Option<SessionBoundary>,
    /// The longest gap between two rows, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// The longest span of a session, in milliseconds.
    pub window_ms: Option<u64>,
    schema: DFSchemaRef,
}

/// What opens or closes a session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionBoundary {
    /// Whether nothing else does.
    pub explicit: bool,
    /// The condition.
    pub condition: Expr,
}

/// The clauses of a session, lowered.
pub(super) struct Clauses {
    pub(super) time: Expr,
    pub(super) keys: Vec<Expr>,
    pub(super) begin: Option<SessionBoundary>,
    pub(super) end: Option<SessionBoundary>,
    pub(super) timeout_ms: Option<u64>,
    pub(super) window_ms: Option<u64>,
}

impl SessionNode {
    pub(super) fn new(input: Arc<LogicalPlan>, clauses: Clauses) -> Result<Self> {
        let mut fields: Vec<_> = input.schema().iter().map(|(it, field)| (it.cloned(), Arc::clone(field))).collect();
        fields.push((None, Arc::new(Field::new(SESSION_ID, DataType::Int64, true))));
        let schema = Arc::new(DFSchema::new_with_metadata(fields, input.schema().metadata().clone())?);
        let Clauses { time, keys, begin, end, timeout_ms, window_ms } = clauses;
        Ok(Self { input, time, keys, begin, end, timeout_ms, window_ms, schema })
    }
}

impl PartialOrd for SessionNode {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl UserDefinedLogicalNodeCore for SessionNode {
    fn name(&self) -> &'static str {
        "Session"
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    /// The time, the keys, the condition of BEGIN and that of END.
    fn expressions(&self) -> Vec<Expr> {
        let mut expressions = vec![self.time.clone()];
        expressions.extend(self.keys.iter().cloned());
        expressions.extend(self.begin.iter().chain(&self.end).map(|it| it.condition.clone()));
        expressions
    }

    fn fmt_for_explain(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Session: by {}", self.time)?;
        for key in &self.keys {
            write!(formatter, ", {key}")?;
        }
        for (name, boundary) in [("begin", &self.begin), ("end", &self.end)] {
            if let Some(SessionBoundary { explicit, condition }) = boundary {
                write!(formatter, ", {}{name} {condition}", if *explicit { "explicit " } else { "" })?;
            }
        }
        if let Some(timeout) = self.timeout_ms {
            write!(formatter, ", timeout {timeout} ms")?;
        }
        if let Some(window) = self.window_ms {
            write!(formatter, ", window {window} ms")?;
        }
        Ok(())
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, mut inputs: Vec<LogicalPlan>) -> Result<Self> {
        let mut exprs = exprs.into_iter();
        let mut next = |old: &Expr| exprs.next().unwrap_or_else(|| old.clone());
        let time = next(&self.time);
        let keys = self.keys.iter().map(&mut next).collect();
        let mut boundary = |old: &Option<SessionBoundary>| {
            old.as_ref().map(|it| SessionBoundary { explicit: it.explicit, condition: next(&it.condition) })
        };
        let (begin, end) = (boundary(&self.begin), boundary(&self.end));
        let input = inputs.pop().map_or_else(|| Arc::clone(&self.input), Arc::new);
        Self::new(input, Clauses { time, keys, begin, end, timeout_ms: self.timeout_ms, window_ms: self.window_ms })
    }
}
