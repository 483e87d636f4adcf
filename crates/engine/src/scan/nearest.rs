//! Why nothing matched: the event that met most of what the filter asks for, and which of its tests failed.
//!
//! The filter is read in its bound form: AND, OR and NOT are a tree whose leaves are single tests. Of an OR the
//! alternative counts that the event met best.

use std::sync::Arc;

use aql::Environment;
use aql::bound::{Column, Expr, ExprKind, Query, Source};
use datafusion_common::arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use datafusion_physical_expr::PhysicalExpr;
use ingest::{BatchBuilder, Event};

use super::explain::name;
use super::expressions::Expressions;
use super::facts::CLASS_COLUMNS;
use super::{Match, ScanOptions, Subject, projection, scan};
use crate::{BATCH_ROWS, EventSource, MemorySource, ReadSettings, Result, cell};

/// Rows that are shown of a query that aggregates.
const ROWS_MAX: usize = 3;

/// Tests that say what class of event is meant weigh more: an event of another kind is not near.
const CLASS_WEIGHT: f64 = 4.0;

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
        rows: Vec<Vec<(Arc<str>, serde_json::Value)>>,
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
    pub values: Vec<(Arc<str>, serde_json::Value)>,
}

/// Why a query gives no row for some events. `text` is that of the query.
pub(crate) fn nearest_miss(
    query: &Query,
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
        let condition = conditions.map(|it| one_line(text, it)).collect::<Vec<_>>().join(" HAVING ");
        return Ok(Some(NearMiss::Rows { condition, rows }));
    }
    if let Some(tests) = nearest_event(query, text, events, environment)? {
        return Ok(Some(tests));
    }
    let Some(having) = &query.having else { return Ok(None) };
    let mut groups = query.clone();
    groups.having = None;
    for operand in operands(having).into_iter().filter(|it| it.has_aggregate()) {
        let name = one_line(text, operand);
        if !groups.columns.iter().any(|it| it.name == name || it.expr == *operand) {
            groups.columns.push(Column { name, alias: None, expr: operand.clone(), span: operand.span });
        }
    }
    let condition = one_line(text, having);
    Ok(Some(NearMiss::Rows { condition, rows: rows(&Arc::new(groups), events, environment)? }))
}

/// The first rows that a query gives.
fn rows(query: &Arc<Query>, events: &[Event], environment: &Environment) -> Result<Vec<Row>> {
    let subject = Subject::new(Arc::clone(query));
    let source: Arc<dyn EventSource> = Arc::new(MemorySource::new(vec![("-".into(), events.to_vec())]));
    let options = ScanOptions { read: ReadSettings { threads: 1, ..ReadSettings::default() }, memory: MEMORY };
    let mut rows = Vec::new();
    let mut take = |found: Match| {
        if rows.len() < ROWS_MAX {
            rows.push(found.columns);
        }
        Ok(())
    };
    scan(&[subject], environment, &source, &options, &mut take)?;
    Ok(rows)
}

/// The event that came nearest to passing the filter; nothing when one passed or there is no filter.
fn nearest_event(query: &Query, text: &str, events: &[Event], environment: &Environment) -> Result<Option<NearMiss>> {
    let Some(filter) = &query.filter else { return Ok(None) };
    let columns = projection(&[Subject::new(Arc::new(query.clone()))]);
    let builder = BatchBuilder::new(&columns)?;
    let expressions = Expressions::new(environment, &builder.schema())?;
    let mut template = query.clone();
    template.filter = None;
    let batch = builder.build(events);
    let mut compiler = Compiler { expressions, template, query, text, batch };
    let node = compiler.node(filter, false)?;
    let nearness = |row: &usize| node.held(*row) / node.weight();
    let Some(nearest) =
        (0..events.len()).reduce(|one, other| if nearness(&other) > nearness(&one) { other } else { one })
    else {
        return Ok(None);
    };
    let mut tests = Vec::new();
    node.collect(nearest, &mut tests);
    let missed = tests.iter().any(|it| !it.holds);
    Ok(missed.then_some(NearMiss::Event { position: nearest, events: events.len(), tests }))
}

/// A part of the filter.
enum Node {
    All(Vec<Node>),
    /// Alternatives, and all of them as one test, for an event that meets none.
    Any(Vec<Node>, Box<Leaf>),
    Leaf(Leaf),
}

/// A single test, evaluated on all events.
struct Leaf {
    text: String,
    weight: f64,
    truth: Vec<bool>,
    values: Vec<(Arc<str>, Vec<serde_json::Value>)>,
}

impl Leaf {
    fn test(&self, row: usize) -> NearTest {
        let values = self.values.iter().filter_map(|(name, values)| Some((Arc::clone(name), values.get(row)?.clone())));
        NearTest { text: self.text.clone(), holds: self.truth.get(row) == Some(&true), values: values.collect() }
    }
}

impl Node {
    fn weight(&self) -> f64 {
        match self {
            Self::All(nodes) => nodes.iter().map(Self::weight).sum(),
            Self::Any(nodes, _) => nodes.iter().map(Self::weight).fold(1.0, f64::max),
            Self::Leaf(leaf) => leaf.weight,
        }
    }

    /// The weight of what a row met.
    fn held(&self, row: usize) -> f64 {
        match self {
            Self::All(nodes) => nodes.iter().map(|it| it.held(row)).sum(),
            Self::Any(nodes, _) => nearest(nodes, row).map_or(0.0, |it| it.held(row) / it.weight() * self.weight()),
            Self::Leaf(leaf) => {
                if leaf.truth.get(row) == Some(&true) {
                    leaf.weight
                } else {
                    0.0
                }
            }
        }
    }

    fn collect(&self, row: usize, tests: &mut Vec<NearTest>) {
        match self {
            Self::All(nodes) => nodes.iter().for_each(|it| it.collect(row, tests)),
            Self::Any(nodes, whole) => match nearest(nodes, row).filter(|it| it.held(row) > 0.0) {
                Some(nearest) => nearest.collect(row, tests),
                None => tests.push(whole.test(row)),
            },
            Self::Leaf(leaf) => tests.push(leaf.test(row)),
        }
    }
}

/// The alternative that a row met best; the first of several.
fn nearest(nodes: &[Node], row: usize) -> Option<&Node> {
    let share = |it: &Node| it.held(row) / it.weight();
    nodes.iter().reduce(|one, other| if share(other) > share(one) { other } else { one })
}

/// Makes the nodes.
struct Compiler<'a> {
    expressions: Expressions<'a>,
    template: Query,
    query: &'a Query,
    text: &'a str,
    batch: RecordBatch,
}

impl Compiler<'_> {
    /// The node of an expression that must be true, or, `negated`, false.
    fn node(&mut self, expr: &Expr, negated: bool) -> Result<Node> {
        let is_all = |kind: &ExprKind| matches!((kind, negated), (ExprKind::And(_), false) | (ExprKind::Or(_), true));
        match &expr.kind {
            ExprKind::Not(operand) => self.node(operand, !negated),
            ExprKind::And(operands) | ExprKind::Or(operands) => {
                let nodes = operands.iter().map(|it| self.node(it, negated)).collect::<Result<Vec<_>>>()?;
                if is_all(&expr.kind) {
                    return Ok(Node::All(nodes));
                }
                Ok(Node::Any(nodes, Box::new(self.leaf(expr, negated)?)))
            }
            _ => Ok(Node::Leaf(self.leaf(expr, negated)?)),
        }
    }

    fn leaf(&mut self, expr: &Expr, negated: bool) -> Result<Leaf> {
        let text = one_line(self.text, expr);
        let text = if negated { format!("NOT ({text})") } else { text };
        let mut weight = 1.0;
        let classes = *CLASS_COLUMNS;
        expr.visit(&mut |it| {
            if let ExprKind::Field(field) = it.kind
                && [classes.device_type, classes.channel, classes.event_id].contains(&field)
            {
                weight = CLASS_WEIGHT;
            }
        });
        let rows = self.batch.num_rows();
        // A sub-select is not run again for this: what depends on it counts as not held.
        let truth = match self.expressions.one(&mut self.template, expr) {
            Ok(condition) => truth(&condition, &self.batch, negated)?,
            Err(_) => vec![false; rows],
        };
        let mut values: Vec<(Arc<str>, Vec<serde_json::Value>)> = Vec::new();
        for operand in operands(expr) {
            let name = self.name(operand);
            if values.iter().any(|(it, _)| *it == name) {
                continue;
            }
            let Ok(value) = self.expressions.one(&mut self.template, operand) else { continue };
            let value = value.evaluate(&self.batch)?.into_array(rows)?;
            values.push((name, (0..rows).map(|row| cell(&value, row)).collect()));
        }
        Ok(Leaf { text, weight, truth, values })
    }

    /// What is tested, as the query writes it; where that is long, the column that computes it, or its field.
    fn name(&self, operand: &Expr) -> Arc<str> {
        let written = one_line(self.text, operand);
        if (1..=NAME_MAX).contains(&written.len()) {
            return written.into();
        }
        let column = self.query.columns.iter().find(|it| it.expr == *operand);
        column.map_or_else(|| name(self.query, operand), |it| it.name.as_str().into())
    }
}

/// What the single tests of an expression look at: their operands that are no constants.
fn operands(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) => {
            expr.children().into_iter().flat_map(operands).collect()
        }
        ExprKind::Text(_)
        | ExprKind::Compare(..)
        | ExprKind::In { .. }
        | ExprKind::InQuery { .. }
        | ExprKind::IsNull { .. } => expr.children().into_iter().filter(|it| it.as_literal().is_none()).collect(),
        ExprKind::Literal(_) => Vec::new(),
        _ => vec![expr],
    }
}

fn truth(condition: &Arc<dyn PhysicalExpr>, batch: &RecordBatch, negated: bool) -> Result<Vec<bool>> {
    let truth = condition.evaluate(batch)?.into_array(batch.num_rows())?;
    let truth: &BooleanArray = truth.as_boolean();
    Ok((0..truth.len()).map(|row| truth.is_valid(row) && truth.value(row) != negated).collect())
}

/// The text of an expression, with its blanks and line breaks as single blanks.
fn one_line(text: &str, expr: &Expr) -> String {
    let text = text.get(expr.span.start..expr.span.end).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
