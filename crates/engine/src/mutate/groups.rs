//! The outcomes of changes of a query that looks at groups: each changed query runs over each test, many in one pass. A
//! change that alters nothing that the groups are made of needs no run.

use std::sync::Arc;

use aql::Environment;
use aql::bound::{Expr, ExprKind, Query, Source};
use ingest::BatchBuilder;

use super::MutantOutcome;
use super::change::{Change, changed_query};
use super::graph::Graph;
use super::sites::Candidate;
use crate::page_tests::{PageTests, judge};
use crate::scan::{Match, ScanOptions, Subject, projection_of, scan};
use crate::{EventSource, MemorySource, ReadSettings, Result};

/// Queries that run in one pass.
const TOGETHER: usize = 32;
/// Memory for the groups of one pass, in bytes.
const MEMORY: usize = 256 << 20;

/// The outcome of each change; none for a change that cannot be run.
pub(super) fn outcomes(
    subject: &Subject,
    candidates: &[Candidate],
    tests: &PageTests,
    environment: &Environment,
) -> Result<Vec<Option<MutantOutcome>>> {
    let to_run = felt(&subject.query, candidates, tests, environment)?;
    run_some(subject, candidates, &to_run, tests, environment)
}

/// The outcome of each change, each changed query run.
#[cfg(test)]
pub(super) fn run_all(
    subject: &Subject,
    candidates: &[Candidate],
    tests: &PageTests,
    environment: &Environment,
) -> Result<Vec<Option<MutantOutcome>>> {
    run_some(subject, candidates, &(0..candidates.len()).collect::<Vec<_>>(), tests, environment)
}

fn run_some(
    subject: &Subject,
    candidates: &[Candidate],
    to_run: &[usize],
    tests: &PageTests,
    environment: &Environment,
) -> Result<Vec<Option<MutantOutcome>>> {
    let mut outcomes = vec![Some(MutantOutcome::Survived); candidates.len()];
    for positions in to_run.chunks(TOGETHER) {
        let changed = |it: &usize| {
            let query = changed_query(&subject.query, &candidates[*it].changes);
            Subject { query: Arc::new(query), ..subject.clone() }
        };
        let subjects: Vec<Subject> = positions.iter().map(changed).collect();
        for (position, outcome) in positions.iter().zip(run(&subjects, tests, environment)?) {
            outcomes[*position] = outcome;
        }
    }
    Ok(outcomes)
}

/// The changes that alter what the groups are made of, or what is asked of them.
fn felt(
    query: &Arc<Query>,
    candidates: &[Candidate],
    tests: &PageTests,
    environment: &Environment,
) -> Result<Vec<usize>> {
    let is_plain =
        matches!(query.source, Source::Database(_)) && query.session.is_none() && query.subqueries.is_empty();
    if !is_plain {
        return Ok((0..candidates.len()).collect());
    }
    let builder = BatchBuilder::new(&projection_of(query))?;
    let events: Vec<_> = tests.cases().iter().flat_map(|it| tests.events_of(it)).cloned().collect();
    let mut graph = Graph::new(environment, query, builder.build(&events));
    let mut roots = Vec::new();
    query.filter.iter().chain(&query.group_by).for_each(|it| roots.push(it));
    let of_groups = query.columns.iter().map(|it| &it.expr).chain(&query.having);
    of_groups.chain(query.order_by.iter().map(|it| &it.expr)).for_each(|it| arguments(it, &mut roots));
    let roots = roots.into_iter().map(|it| graph.add(it)).collect::<Result<Vec<_>>>()?;
    let mut is_felt = |candidate: &Candidate| {
        // Without a key there are other groups of the same values.
        if candidate.changes.iter().any(|(_, it)| matches!(it, Change::Key(_))) {
            return true;
        }
        let Some(changes) = graph.sites(&candidate.changes) else { return true };
        graph.change(&changes).map_or(true, |after| roots.iter().any(|it| after.has(*it)))
    };
    Ok((0..candidates.len()).filter(|it| is_felt(&candidates[*it])).collect())
}

/// What the aggregates of an expression put together.
fn arguments<'a>(expr: &'a Expr, found: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Aggregate(call) => found.extend(&call.args),
        _ => expr.children().into_iter().for_each(|it| arguments(it, found)),
    }
}

fn run(subjects: &[Subject], tests: &PageTests, environment: &Environment) -> Result<Vec<Option<MutantOutcome>>> {
    let mut outcomes = vec![Some(MutantOutcome::Survived); subjects.len()];
    let options = ScanOptions { read: ReadSettings { threads: 1, ..ReadSettings::default() }, memory: MEMORY };
    for case in tests.cases() {
        let alive = outcomes.iter().enumerate().filter(|(_, it)| **it == Some(MutantOutcome::Survived));
        let alive: Vec<usize> = alive.map(|(position, _)| position).collect();
        let subjects: Vec<Subject> = alive.iter().map(|it| subjects[*it].clone()).collect();
        let events = vec![("-".into(), tests.events_of(case).to_vec())];
        let source: Arc<dyn EventSource> = Arc::new(MemorySource::new(events));
        let mut first: Vec<Option<Match>> = vec![None; subjects.len()];
        let mut take = |found: Match| {
            let detection = found.detection;
            first[detection].get_or_insert(found);
            Ok(())
        };
        let summary = scan(&subjects, environment, &source, &options, &mut take)?;
        for (position, (mutant, first)) in alive.into_iter().zip(&first).enumerate() {
            if summary.failures.contains_key(&position) {
                outcomes[mutant] = None;
            } else if judge(tests.test_of(case), first.as_ref().map(|it| it.columns.as_slice())).is_some() {
                outcomes[mutant] = Some(MutantOutcome::Killed(case.test));
            }
        }
    }
    Ok(outcomes)
}
