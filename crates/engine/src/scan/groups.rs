//! Detections that look at groups of events: aggregates, sessions, sub-selects in FROM. Each is a plan, fed from the pass. What
//! a plan gives on the way is held until the end, so that the order of the matches does not depend on the chunks. Beyond
//! the memory that they share, plans write to disk.

use std::sync::Arc;

use aql::bound::{Expr, ExprKind, Query};
use aql::{Environment, LowerOptions};
use datafusion_common::arrow::array::RecordBatch;

use super::Subject;
use super::exclude::without;
use super::expressions::refused;
use super::feed::Feed;
use super::held::Held;
use super::matches::Match;
use super::program::About;
use crate::physical::{Run, resolve_subqueries};
use crate::runtime::Runtime;
use crate::{Result, Tables, cell};

/// One running plan.
pub(super) struct Group {
    detection: usize,
    feed: Feed,
    names: Vec<Arc<str>>,
    score: Option<usize>,
    time: Option<usize>,
    host: Option<usize>,
    user: Option<usize>,
    held: Held,
}

impl Group {
    /// Starts the plan of a detection; `run` runs its sub-selects in IN.
    pub(super) fn start(
        detection: usize,
        subject: &Subject,
        environment: &Environment,
        projection: &[usize],
        runtime: &Arc<Runtime>,
        run: Run<'_>,
    ) -> Result<Self> {
        let query = &subject.query;
        let kept = without(query, &subject.exclusions);
        let plan = kept.lower(&LowerOptions::new(environment)).map_err(refused)?;
        let plan = resolve_subqueries(plan, run)?;
        let feed = Feed::start(plan, &Tables::without_events(), projection.to_vec(), runtime)?;
        let names: Vec<Arc<str>> = feed.schema().fields().iter().map(|it| it.name().as_str().into()).collect();
        let about = About::new();
        let position = |name: &String| names.iter().position(|it| it.eq_ignore_ascii_case(name));
        Ok(Self {
            detection,
            score: subject.score_column.as_ref().and_then(position),
            time: column_of(query, &[about.time]),
            host: column_of(query, &about.hosts),
            user: column_of(query, &about.users),
            names,
            held: Held::new(Arc::clone(feed.schema()), runtime.held_bytes_max(), runtime),
            feed,
        })
    }

    /// The detection.
    pub(super) fn detection(&self) -> usize {
        self.detection
    }

    /// Gives a batch to the plan.
    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<()> {
        self.feed.push(batch)?.iter().try_for_each(|it| self.held.push(it))
    }

    /// Tells the plan that there are no more events.
    pub(super) fn close(&self) {
        self.feed.close();
    }

    /// The next matches of a plan that is closed, some at a time.
    pub(super) fn next(&mut self) -> Option<Result<Vec<Match>>> {
        let batch = self.held.next(self.feed.runtime()).or_else(|| self.feed.next())?;
        Some(batch.map(|batch| (0..batch.num_rows()).map(|row| self.one(&batch, row)).collect()))
    }

    fn one(&self, batch: &RecordBatch, row: usize) -> Match {
        let cells = batch.columns().iter().map(|it| cell(it, row));
        let columns: Vec<_> = self.names.iter().cloned().zip(cells).collect();
        let value = |position: Option<usize>| position.and_then(|it| columns.get(it)).map(|(_, value)| value);
        let text = |position| value(position).and_then(|it| it.as_str()).map(Arc::from);
        Match {
            detection: self.detection,
            excluded_by: None,
            locator: None,
            score: value(self.score).and_then(serde_json::Value::as_f64),
            time: value(self.time).and_then(serde_json::Value::as_f64).map(|it| it as i64),
            host: text(self.host),
            user: text(self.user),
            event: None,
            why: None,
            columns,
        }
    }
}

/// The first column that shows one of these fields as it is, or an aggregate of it.
fn column_of(query: &Query, fields: &[usize]) -> Option<usize> {
    let shows = |expr: &Expr| match &expr.kind {
        ExprKind::Field(index) => fields.contains(index),
        ExprKind::Aggregate(call) if matches!(call.function.name, "FIRST" | "LAST" | "MIN" | "MAX") => {
            matches!(call.args.as_slice(), [Expr { kind: ExprKind::Field(index), .. }] if fields.contains(index))
        }
        _ => false,
    };
    query.columns.iter().position(|it| shows(&it.expr))
}
