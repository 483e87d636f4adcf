//! The outcomes of changes of a query that looks at one event.

use std::sync::Arc;

use aql::Environment;
use aql::bound::Query;
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray};
use ingest::BatchBuilder;

use super::MutantOutcome;
use super::graph::{Changed, Graph};
use super::sites::Candidate;
use crate::page_tests::{PageTests, judge};
use crate::scan::projection_of;
use crate::{Result, cell};

/// What the tests look at.
struct Roots {
    filter: Option<usize>,
    /// The columns with expected values.
    columns: Vec<(Arc<str>, usize)>,
}

/// The outcome of each change; none for a change that cannot be run.
pub(super) fn outcomes(
    query: &Query,
    columns: &[&str],
    candidates: &[Candidate],
    tests: &PageTests,
    environment: &Environment,
) -> Result<Vec<Option<MutantOutcome>>> {
    let builder = BatchBuilder::new(&projection_of(query))?;
    let events: Vec<_> = tests.cases().iter().flat_map(|it| tests.events_of(it)).cloned().collect();
    let mut graph = Graph::new(environment, query, builder.build(&events));
    let filter = query.filter.as_ref().map(|it| graph.add(it)).transpose()?;
    let looked_at = query.columns.iter().filter(|it| columns.contains(&it.name.as_str()));
    let columns = looked_at.map(|it| Ok((it.name.as_str().into(), graph.add(&it.expr)?))).collect::<Result<_>>()?;
    let roots = Roots { filter, columns };
    let mut outcome = |candidate: &Candidate| {
        let changes = graph.sites(&candidate.changes)?;
        let after = graph.change(&changes).ok()?;
        let failing = first_failing(&graph, &roots, &after, tests);
        Some(failing.map_or(MutantOutcome::Survived, MutantOutcome::Killed))
    };
    Ok(candidates.iter().map(&mut outcome).collect())
}

/// The first test that does not hold.
fn first_failing(graph: &Graph<'_>, roots: &Roots, after: &Changed, tests: &PageTests) -> Option<usize> {
    let truth = roots.filter.map(|it| graph.value(it, after));
    let mut start = 0;
    for case in tests.cases() {
        let rows = start..start + case.events.len();
        start = rows.end;
        let first = rows.into_iter().find(|row| truth.is_none_or(|it| is_true(it, *row)));
        let test = tests.test_of(case);
        let holds = match first {
            None => judge(test, None),
            Some(row) => {
                let value = |(name, node): &(Arc<str>, usize)| (Arc::clone(name), cell(graph.value(*node, after), row));
                judge(test, Some(&roots.columns.iter().map(value).collect::<Vec<_>>()))
            }
        };
        if holds.is_some() {
            return Some(case.test);
        }
    }
    None
}

fn is_true(truth: &ArrayRef, row: usize) -> bool {
    truth.as_boolean_opt().is_some_and(|it| it.is_valid(row) && it.value(row))
}
