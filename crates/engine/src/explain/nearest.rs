//! Why nothing matched: the event that met most of what the filter asks for, and which of its tests failed. Of an OR the
//! alternative counts that the event met best.

use std::sync::Arc;

use aql::Environment;
use aql::bound::{Column, Expr, ExprKind, Query, Source};
use datafusion_common::arrow::array::RecordBatch;
use ingest::Event;
use syntax::Span;

use super::compile::{Compiled, CompiledOperand, Leaf, Node, NodeKind, value_of};
use super::distance::{Goal, Measure, needs_all};
use super::{Explainer, Truth};
use crate::scan::{Match, ScanOptions, Subject, scan};
use crate::{BATCH_ROWS, EventSource, MemorySource, ReadSettings, Result, cell};

/// Rows that are shown of a query that aggregates.
const ROWS_MAX: usize = 3;

/// Bytes of a name that is shown as the query writes it.
const NAME_MAX: usize = 40;

/// Memory for the groups, in bytes.
const MEMORY: usize = 64 << 20;

/// Where a query fell short.
#[derive(Clone, Debug, PartialEq)]
pub enum NearMiss {
    /// No event passed the filter; this one came nearest.
    Event {
        /// Its position, from 0.
        position: usize,
        /// How many events there are.
        events: usize,
        /// The tests of the filter, in the order of the query; of an OR those of the alternative that came nearest.
        tests: Vec<NearTest>,
    },
    /// Events passed, but their groups, or the rows of the sub-select, did not.
    Rows {
        /// The condition that left none of them.
        condition: String,
        /// The first of the rows: column, value.
        rows: Vec<Row>,
    },
}

/// A row: column, value.
type Row = Vec<(Arc<str>, serde_json::Value)>;

/// A test of the filter and what it made of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct NearTest {
    /// The text of the query, on one line.
    pub text: String,
    /// Whether it was true; unknown is not.
    pub holds: bool,
    /// What was tested, with its value.
    pub values: Row,
}

/// Why a query gives no row for some events. `text` is that of the query.
pub(crate) fn nearest_miss(
    query: &Arc<Query>,
    text: &str,
    events: &[Event],
    environment: &Environment,
) -> Result<Option<NearMiss>> {
    let events = &events[..events.len().min(BATCH_ROWS)];
    if events.is_empty() {
        return Ok(None);
    }
    if let Source::Query(inner) = &query.source {
        let rows = rows(inner, events, environment)?;
        if rows.is_empty() {
            return nearest_miss(inner, text, events, environment);
        }
        let conditions = [&query.filter, &query.having].into_iter().flatten();
        let condition = conditions.map(|it| one_line(text, it.span)).collect::<Vec<_>>().join(" HAVING ");
        return Ok(Some(NearMiss::Rows { condition, rows }));
    }
    if let Some(tests) = nearest_event(query, text, events, environment)? {
        return Ok(Some(tests));
    }
    let Some(having) = &query.having else { return Ok(None) };
    let mut groups = Query::clone(query);
    groups.having = None;
    let mut aggregates = Vec::new();
    aggregate_operands(having, &mut aggregates);
    for operand in aggregates {
        let name = one_line(text, operand.span);
        if !groups.columns.iter().any(|it| it.name == name || it.expr == *operand) {
            groups.columns.push(Column { name, alias: None, expr: operand.clone(), span: operand.span });
        }
    }
    let condition = one_line(text, having.span);
    Ok(Some(NearMiss::Rows { condition, rows: rows(&Arc::new(groups), events, environment)? }))
}

/// What the tests of a condition on groups look at.
fn aggregate_operands<'a>(expr: &'a Expr, found: &mut Vec<&'a Expr>) {
    let is_test =
        matches!(expr.kind, ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_)) || is_comparison(&expr.kind);
    if is_test {
        expr.children().into_iter().for_each(|it| aggregate_operands(it, found));
    } else if expr.has_aggregate() {
        found.push(expr);
    }
}

fn is_comparison(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Text(_) | ExprKind::Compare(..) | ExprKind::In { .. } | ExprKind::IsNull { .. })
}

fn memory_source(events: &[Event]) -> Arc<dyn EventSource> {
    Arc::new(MemorySource::new(vec![("-".into(), events.to_vec())]))
}

/// The first rows that a query gives.
fn rows(query: &Arc<Query>, events: &[Event], environment: &Environment) -> Result<Vec<Row>> {
    let subject = Subject::new(Arc::clone(query));
    let options = ScanOptions { read: ReadSettings { threads: 1, ..ReadSettings::default() }, memory: MEMORY };
    let mut rows = Vec::new();
    let mut take = |found: Match| {
        if rows.len() < ROWS_MAX {
            rows.push(found.columns);
        }
        Ok(())
    };
    scan(&[subject], environment, &memory_source(events), &options, &mut take)?;
    Ok(rows)
}

/// The event that came nearest to passing the filter; nothing when one passed or there is no filter.
fn nearest_event(
    query: &Arc<Query>,
    text: &str,
    events: &[Event],
    environment: &Environment,
) -> Result<Option<NearMiss>> {
    let read = ReadSettings { threads: 1, ..ReadSettings::default() };
    let explainer = Explainer::new(query, environment, &memory_source(events), &read)?;
    let compiled = explainer.compiled()?;
    let Some(filter) = &compiled.filter else { return Ok(None) };
    let truths = compiled.truths(&explainer.batch(events))?;
    let distance = |row: usize| Measure { compiled, truths: &|leaf| truths[leaf][row] }.distance(filter, Goal::True);
    let Some(position) = (0..events.len()).min_by_key(|row| distance(*row)) else { return Ok(None) };
    if filter.truth(&|leaf| truths[leaf][position]) == Truth::True {
        return Ok(None);
    }
    let row = explainer.batch(&events[position..=position]);
    let truth = |leaf: usize| truths[leaf][position];
    let path = Path { compiled, text, row: &row, measure: Measure { compiled, truths: &truth } };
    let mut tests = Vec::new();
    path.collect(filter, Goal::True, &mut tests)?;
    Ok(Some(NearMiss::Event { position, events: events.len(), tests }))
}

/// The tests on the way to a match of one event.
struct Path<'a> {
    compiled: &'a Compiled,
    text: &'a str,
    row: &'a RecordBatch,
    measure: Measure<'a>,
}

impl Path<'_> {
    fn collect(&self, node: &Node, goal: Goal, tests: &mut Vec<NearTest>) -> Result<()> {
        match &node.kind {
            NodeKind::Not(node) => self.collect(node, negated(goal), tests),
            NodeKind::Leaf(_) => {
                tests.push(self.test(node, goal)?);
                Ok(())
            }
            NodeKind::All(nodes) | NodeKind::Any(nodes) if needs_all(node, goal) => {
                nodes.iter().try_for_each(|it| self.collect(it, goal, tests))
            }
            NodeKind::All(nodes) | NodeKind::Any(nodes) => {
                let mut inner = Vec::new();
                if let Some(nearest) = self.measure.nearest(nodes, goal) {
                    self.collect(nearest, goal, &mut inner)?;
                }
                // Of alternatives that the event met nothing of, none is nearer than another.
                if inner.iter().any(|it| it.holds) {
                    tests.extend(inner);
                } else {
                    tests.push(self.test(node, goal)?);
                }
                Ok(())
            }
        }
    }

    fn test(&self, node: &Node, goal: Goal) -> Result<NearTest> {
        let text = one_line(self.text, node.span);
        let text = if goal == Goal::False { format!("NOT ({text})") } else { text };
        let mut values: Row = Vec::new();
        self.values(node, &mut values)?;
        let holds = self.measure.distance(node, goal) == super::distance::Distance::default();
        Ok(NearTest { text, holds, values })
    }

    fn values(&self, node: &Node, values: &mut Row) -> Result<()> {
        match &node.kind {
            NodeKind::Not(node) => self.values(node, values),
            NodeKind::All(nodes) | NodeKind::Any(nodes) => nodes.iter().try_for_each(|it| self.values(it, values)),
            NodeKind::Leaf(leaf) => {
                let leaf: &Leaf = &self.compiled.leaves[*leaf];
                for operand in &leaf.values {
                    let name = self.name(operand);
                    if !values.iter().any(|(it, _)| *it == name) {
                        values.push((name, cell(&value_of(&operand.value, self.row)?, 0)));
                    }
                }
                Ok(())
            }
        }
    }

    /// What is tested, as the query writes it; where that is long, the column that computes it, or its field.
    fn name(&self, operand: &CompiledOperand) -> Arc<str> {
        let written = one_line(self.text, operand.span);
        if (1..=NAME_MAX).contains(&written.len()) { written.into() } else { Arc::clone(&operand.name) }
    }
}

fn negated(goal: Goal) -> Goal {
    if goal == Goal::True { Goal::False } else { Goal::True }
}

/// The text of the query at a place, with its blanks and line breaks as single blanks.
fn one_line(text: &str, span: Span) -> String {
    let text = text.get(span.start..span.end).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
