//! A detection that looks at one event, compiled.

use std::sync::Arc;

use aql::Environment;
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch};
use datafusion_common::arrow::compute::{filter_record_batch, prep_null_mask_filter};
use datafusion_physical_expr::PhysicalExpr;
use ingest::{BatchBuilder, Event, Value};

use super::exclude::innermost;
use super::expressions::{Expressions, NamedExpr};
use super::guard::Guard;
use super::literals::Ways;
use super::matches::{Match, first_text};
use super::precheck::Precheck;
use super::{Subject, projection};
use crate::event_value::value_of;
use crate::explain::{Explainer, SubSelects, Why};
use crate::pass::Wholes;
use crate::physical::Run;
use crate::{Result, cell};

/// One detection, compiled.
pub(super) struct Program {
    pub(super) detection: usize,
    pub(super) guard: Guard,
    pub(super) ways: Ways,
    pub(super) precheck: Precheck,
    /// Makes the columns that it reads.
    builder: BatchBuilder,
    predicate: Option<Arc<dyn PhysicalExpr>>,
    columns: Vec<NamedExpr>,
    score: Option<usize>,
    exclusions: Vec<Arc<dyn PhysicalExpr>>,
    /// Whether it only shows what the exclusions remove: the events of a detection that looks at groups.
    pub(super) only_excluded: bool,
    explainer: Arc<Explainer>,
}

/// Fields that say what an event is about.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) time: usize,
    pub(super) hosts: Vec<usize>,
    pub(super) users: Vec<usize>,
}

impl About {
    pub(super) fn new() -> Self {
        let find = |names: &[&str]| names.iter().filter_map(|it| schema::EVENTS.position(it)).collect();
        Self {
            time: schema::EVENTS.position("starttime").unwrap_or(usize::MAX),
            hosts: find(&["Machine Identifier", "logsourceidentifier", "identityhostname"]),
            users: find(&["username"]),
        }
    }
}

impl Program {
    /// Nothing for a detection that looks at groups, of which nothing is to be excluded.
    pub(super) fn compile(
        detection: usize,
        subject: &Subject,
        environment: &Environment,
        run: Run<'_>,
    ) -> Result<Option<Self>> {
        let only_excluded = !subject.is_single();
        let query = match innermost(&subject.query) {
            Some(query) if !only_excluded || !subject.exclusions.is_empty() => query,
            _ => return Ok(None),
        };
        let builder = BatchBuilder::new(&projection(std::slice::from_ref(subject)))?;
        let expressions = Expressions::new(environment, &builder.schema())?;
        let mut sub_selects = SubSelects::default();
        let columns = if only_excluded {
            Vec::new()
        } else {
            expressions.columns(&query, &mut sub_selects.recording(&mut *run))?
        };
        let predicate = expressions.filter(&query, &mut sub_selects.recording(&mut *run))?;
        let score = subject.score_column.as_ref();
        let mut exclusions = Vec::with_capacity(subject.exclusions.len());
        for exclusion in &subject.exclusions {
            exclusions.extend(expressions.filter(exclusion, run)?);
        }
        Ok(Some(Self {
            detection,
            exclusions,
            only_excluded,
            guard: Guard::of(query.filter.as_ref()),
            ways: Ways::of(&query),
            precheck: Precheck::of(&query),
            builder,
            predicate,
            score: score.and_then(|name| columns.iter().position(|(it, _)| it.eq_ignore_ascii_case(name))),
            columns,
            explainer: Arc::new(Explainer::deferred(query, environment, sub_selects)?),
        }))
    }

    /// The matches among some rows of a chunk, with these rows.
    pub(super) fn matches(&self, rows: &[u32], events: &mut Wholes<'_>, about: &About) -> Result<Vec<(u32, Match)>> {
        let part = self.builder.build(&rows.iter().map(|row| events.look(*row)).collect::<Vec<_>>());
        let (hits, matched) = match &self.predicate {
            None => (rows.to_vec(), part),
            Some(predicate) => {
                let truth = predicate.evaluate(&part)?.into_array(part.num_rows())?;
                let truth = true_only(&truth);
                if truth.true_count() == 0 {
                    return Ok(Vec::new());
                }
                let hits = rows.iter().zip(truth.values()).filter(|(_, hit)| *hit).map(|(row, _)| *row).collect();
                (hits, filter_record_batch(&part, &truth)?)
            }
        };
        let mut columns = Vec::with_capacity(self.columns.len());
        for (_, column) in &self.columns {
            columns.push(column.evaluate(&matched)?.into_array(matched.num_rows())?);
        }
        let excluded = self.excluded(&matched)?;
        let mut found = Vec::with_capacity(hits.len());
        for (index, row) in hits.into_iter().enumerate() {
            let excluded_by = excluded.get(index).copied().flatten();
            if self.only_excluded && excluded_by.is_none() {
                continue;
            }
            let event = events.whole(row);
            found.push((row, Match { excluded_by, ..self.one(event, &columns, index, about) }));
        }
        Ok(found)
    }

    /// For each row the exclusion that removes it; empty without exclusions.
    fn excluded(&self, rows: &RecordBatch) -> Result<Vec<Option<usize>>> {
        let mut excluded = Vec::new();
        for (position, exclusion) in self.exclusions.iter().enumerate() {
            excluded.resize(rows.num_rows(), None);
            let truth = true_only(&exclusion.evaluate(rows)?.into_array(rows.num_rows())?);
            for (row, _) in truth.values().iter().enumerate().filter(|(_, it)| *it) {
                excluded[row] = excluded[row].or(Some(position));
            }
        }
        Ok(excluded)
    }

    fn one(&self, event: Arc<Event>, columns: &[ArrayRef], row: usize, about: &About) -> Match {
        let names = self.columns.iter().map(|(name, _)| Arc::clone(name));
        let columns: Vec<_> = names.zip(columns).map(|(name, column)| (name, cell(column, row))).collect();
        Match {
            detection: self.detection,
            excluded_by: None,
            locator: Some(event.locator.clone()),
            score: self.score.and_then(|it| columns.get(it)).and_then(|(_, value)| value.as_f64()),
            columns,
            time: match value_of(&event, about.time) {
                Some(Value::Integer(time)) => Some(*time),
                _ => None,
            },
            host: first_text(&event, &about.hosts),
            user: first_text(&event, &about.users),
            event: Some(Arc::clone(&event)),
            why: Some(Why::new(&self.explainer, event)),
        }
    }
}

/// Unknown is not true.
fn true_only(truth: &ArrayRef) -> BooleanArray {
    let truth = truth.as_boolean();
    if truth.null_count() == 0 { truth.clone() } else { prep_null_mask_filter(truth) }
}
