//! Mutation testing of a page: what its tests say of a query that is wrong in one place. A change that makes no test fail
//! is a predicate, or a part of one, that no test decides.
//!
//! The changes are made on the bound query, wherever the changed text stands in it. A query that looks at one event is
//! evaluated once over the events of all tests, and after a change only what depends on it; one that looks at groups
//! runs anew.

mod change;
mod equivalent;
mod graph;
mod groups;
mod kinds;
mod pattern;
mod single;
mod sites;
mod suggest;

use std::collections::BTreeSet;

use aql::Environment;
use pack::Detection;
use syntax::Span;

pub use self::kinds::{KINDS, MutationKind};
use self::sites::Candidate;
pub use self::suggest::Suggestion;
use crate::page_tests::PageTests;
use crate::scan::Subject;
use crate::{EngineError, Result};

/// What mutation testing said of a page.
#[derive(Clone, Debug)]
pub struct Mutation {
    /// Each change with its outcome, in the order of the query.
    pub mutants: Vec<Mutant>,
    /// Whether the query has more changes than are made.
    pub is_cut: bool,
}

/// A query that is wrong in one place.
#[derive(Clone, Debug)]
pub struct Mutant {
    candidate: Candidate,
    /// What the tests said.
    pub outcome: MutantOutcome,
}

impl Mutant {
    /// The kind of the change.
    pub const fn kind(&self) -> &'static MutationKind {
        self.candidate.kind
    }

    /// What was changed, in bytes of the query.
    pub const fn span(&self) -> Span {
        self.candidate.span
    }

    /// The change in words.
    pub fn change(&self) -> &str {
        &self.candidate.words
    }
}

/// What the tests said of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MutantOutcome {
    /// A test fails: the first that does, by its position in [`Detection::tests`].
    Killed(usize),
    /// All tests hold.
    Survived,
    /// All tests hold, and so they must: the change is proven to mean the same.
    Equivalent,
}

impl Mutation {
    /// How many changes a test decides.
    pub fn killed(&self) -> usize {
        self.mutants.iter().filter(|it| matches!(it.outcome, MutantOutcome::Killed(_))).count()
    }

    /// How many changes count: all but those that mean the same.
    pub fn counted(&self) -> usize {
        self.mutants.iter().filter(|it| it.outcome != MutantOutcome::Equivalent).count()
    }

    /// The share of the changes that some test decides, 0 to 1; 1 when there is nothing to change.
    pub fn score(&self) -> f64 {
        if self.counted() == 0 { 1.0 } else { self.killed() as f64 / self.counted() as f64 }
    }

    /// The changes that no test decides.
    pub fn survivors(&self) -> impl Iterator<Item = &Mutant> {
        self.mutants.iter().filter(|it| it.outcome == MutantOutcome::Survived)
    }
}

/// Changes the query of a page in every way there is and asks its tests about each.
///
/// # Errors
/// When a test does not hold without any change, or the query cannot be run.
pub fn mutate(detection: &Detection, tests: &PageTests, environment: &Environment) -> Result<Mutation> {
    let subject = Subject::of(detection);
    let environment = &tests.environment(environment);
    if let Some(failed) = tests.run(&subject, environment).into_iter().find(|it| !it.passed()) {
        let reason = failed.failure.map_or_else(String::new, |it| it.to_string());
        let name = detection.tests.get(failed.test).map_or("", |it| it.name.as_str());
        return Err(EngineError::Unsupported(format!("the test \"{name}\" does not hold as it is: {reason}")));
    }
    let columns = expected_columns(detection);
    let candidates = sites::candidates(&detection.bound, &columns, &detection.query.text);
    let is_cut = candidates.len() >= sites::CHANGES_MAX;
    let outcomes = if subject.looks_at_one_event() {
        single::outcomes(&detection.bound, &columns, &candidates, tests, environment)?
    } else {
        groups::outcomes(&subject, &candidates, tests, environment)?
    };
    let mut prover = equivalent::Prover::new(&detection.bound, &columns);
    let mutant = |(candidate, outcome): (Candidate, Option<MutantOutcome>)| {
        let mut outcome = outcome?;
        if outcome == MutantOutcome::Survived && prover.is_equivalent(&candidate) {
            outcome = MutantOutcome::Equivalent;
        }
        Some(Mutant { candidate, outcome })
    };
    let mut mutants: Vec<Mutant> = candidates.into_iter().zip(outcomes).filter_map(mutant).collect();
    mutants.sort_by_key(|it| it.span().start);
    Ok(Mutation { mutants, is_cut })
}

/// Events that would decide the changes that survive, made of the events of the tests by changing one value; the fewest
/// that are found. [`Suggestion::decides`] are positions in [`Mutation::mutants`]. None for a query that looks at groups.
///
/// # Errors
/// When the query cannot be run.
pub fn suggest(
    detection: &Detection,
    tests: &PageTests,
    mutation: &Mutation,
    environment: &Environment,
) -> Result<Vec<Suggestion>> {
    if !Subject::of(detection).looks_at_one_event() {
        return Ok(Vec::new());
    }
    let environment = &tests.environment(environment);
    let survivors = mutation.mutants.iter().enumerate().filter(|(_, it)| it.outcome == MutantOutcome::Survived);
    let (positions, survivors): (Vec<usize>, Vec<&Candidate>) =
        survivors.map(|(position, it)| (position, &it.candidate)).unzip();
    let mut found = suggest::suggestions(detection, &expected_columns(detection), &survivors, tests, environment)?;
    for suggestion in &mut found {
        suggestion.decides.iter_mut().for_each(|it| *it = positions[*it]);
    }
    Ok(found)
}

/// Values that decide a test of text for a field that now holds `value`.
pub(crate) fn proposals(test: &aql::bound::TextTest, value: Option<&str>) -> Vec<String> {
    suggest::proposals(test, &change::Change::Negated, value, &mut suggest::Regexes::default())
}

/// The columns whose values some test names.
fn expected_columns(detection: &Detection) -> Vec<&str> {
    let columns = detection.tests.iter().flat_map(|it| &it.expected).map(|(column, _)| column.as_str());
    columns.collect::<BTreeSet<&str>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// What is computed from parts of the query is what running each changed query gives.
    #[test]
    fn changes_come_out_as_when_the_changed_query_runs() {
        let environment = Environment { log_sources: Some(Arc::new(aql::NoLogSources)), ..Environment::new(0) };
        let options = pack::Options::new(environment.clone());
        let wanted = [
            "t1569/psexec-service.md",
            "t1543/service-security-descriptor-set.md",
            "t1543/sc-create-service.md",
            "t1569/service-installed-by-account-from-network.md",
        ];
        for (file, text) in pack::builtin_pages().iter().filter(|it| wanted.contains(&it.0)) {
            let (page, _) = pack::read_page(file, text, &options);
            let page = page.expect("built-in pages are good");
            let tests = PageTests::read(&page, &|_| Err("no file".to_owned()), &Arc::default());
            let environment = tests.environment(&environment);
            let columns = expected_columns(&page);
            let all = sites::candidates(&page.bound, &columns, &page.query.text).into_iter().enumerate();
            let some = all.filter(|(number, it)| number % 4 == 0 || it.kind.name == "group");
            let candidates: Vec<Candidate> = some.map(|(_, it)| it).collect();
            let subject = Subject::of(&page);
            let fast = if subject.looks_at_one_event() {
                single::outcomes(&page.bound, &columns, &candidates, &tests, &environment)
            } else {
                groups::outcomes(&subject, &candidates, &tests, &environment)
            };
            let fast = fast.expect("it runs");
            let slow = groups::run_all(&subject, &candidates, &tests, &environment).expect("it runs");
            for ((candidate, fast), slow) in candidates.iter().zip(fast).zip(slow) {
                assert_eq!(fast, slow, "{file}: {} {}", candidate.kind.name, candidate.words);
            }
        }
    }
}
