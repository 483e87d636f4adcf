//! Whether two queries match the same events: proven by reachability, or searched for in events. Each event that is
//! given as a difference was put to both queries in the engine.
//!
//! Of queries that look at groups it is proven only that they are the same but for WHERE, and that matches the same.

mod generate;
mod search;

use std::sync::Arc;

use aql::Environment;
use aql::bound::{Expr, Literal, Query, Source};
use aql::reachability::{Answer, Outcome, Reachability};
use ingest::Event;

pub use self::search::Searched;
use crate::explain::{NearMiss, nearest_miss};
use crate::scan::{Match, ScanOptions, Subject};
use crate::{EventSource, MemorySource, ReadSettings, Result};

/// Memory for the queries on events that were made, in bytes.
const MEMORY: usize = 64 << 20;

/// One of the two queries.
#[derive(Clone, Debug)]
pub struct EqualSide<'a> {
    /// The query.
    pub subject: &'a Subject,
    /// Its text.
    pub text: &'a str,
}

/// What is known of events that one query matches and the other does not.
#[derive(Clone, Debug, Default)]
pub struct Only {
    /// It is proven that there are none.
    pub never: bool,
    /// Such an event.
    pub example: Option<OnlyExample>,
}

/// An event that one query matches and the other does not.
#[derive(Clone, Debug)]
pub struct OnlyExample {
    /// The match of the one.
    pub found: Match,
    /// Where the other fell short, if it can be said.
    pub missed: Option<NearMiss>,
}

/// How two queries compare.
#[derive(Clone, Debug, Default)]
pub struct Equality {
    /// Events that only the first matches.
    pub first: Only,
    /// Events that only the second matches.
    pub second: Only,
    /// Events that were made from the literals of both queries and put to both.
    pub generated: u64,
    /// Events of the logs that were put to both.
    pub searched: u64,
    /// Why nothing could be proven; nothing where it was tried.
    pub not_provable: Option<String>,
}

/// How the events that two queries match relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same events: proven.
    Equal,
    /// The second matches all that the first matches, proven, and more.
    FirstWithin,
    /// The first matches all that the second matches, proven, and more.
    SecondWithin,
    /// Each may match what the other does not; there is an event on which they differ.
    Different,
    /// Neither proven nor refuted.
    Undecided,
}

impl Equality {
    /// What follows from the two directions.
    pub fn relation(&self) -> Relation {
        let (first, second) = (&self.first, &self.second);
        if first.never && second.never {
            Relation::Equal
        } else if first.never && second.example.is_some() {
            Relation::FirstWithin
        } else if second.never && first.example.is_some() {
            Relation::SecondWithin
        } else if first.example.is_some() || second.example.is_some() {
            Relation::Different
        } else {
            Relation::Undecided
        }
    }
}

/// Compares two queries: by proof, and where there is none by events made from their literals.
///
/// # Errors
/// When a query cannot be run.
pub fn equal(first: &EqualSide<'_>, second: &EqualSide<'_>, environment: &Environment) -> Result<Equality> {
    let mut equality = Equality { not_provable: not_provable(first.subject, second.subject), ..Equality::default() };
    let (one, other) = (condition(&first.subject.query), condition(&second.subject.query));
    if equality.not_provable.is_some() {
        return Ok(equality);
    }
    let mut reachability = Reachability::new().patient();
    let is_single = first.subject.is_single();
    let only = |equality: &mut Equality, reachability: &mut Reachability, is_first: bool| {
        let asked = if is_first { [&one, &other] } else { [&other, &one] };
        match reachability.can(&[(asked[0], Outcome::True), (asked[1], Outcome::NotTrue)]) {
            Answer::Never => equality.only(is_first).never = true,
            Answer::Possible(witness) if is_single => return Some(generate::event(&witness)),
            _ => {}
        }
        None
    };
    let mut events: Vec<Event> = Vec::new();
    for is_first in [true, false] {
        events.extend(only(&mut equality, &mut reachability, is_first));
    }
    generate::number(&mut events);
    let is_open = |it: &Only| !it.never && it.example.is_none();
    search::try_events(&mut equality, first, second, &events, environment)?;
    if is_single && (is_open(&equality.first) || is_open(&equality.second)) {
        let made = generate::events(&[&one, &other], &mut reachability);
        search::try_events(&mut equality, first, second, &made, environment)?;
    }
    Ok(equality)
}

impl Equality {
    fn only(&mut self, is_first: bool) -> &mut Only {
        if is_first { &mut self.first } else { &mut self.second }
    }
}

/// What an event must be to pass.
fn condition(query: &Query) -> Expr {
    let always = || Expr::literal(Literal::Boolean(true), syntax::Span::default());
    query.filter.clone().unwrap_or_else(always)
}

/// Why two queries cannot be compared by their filters.
fn not_provable(first: &Subject, second: &Subject) -> Option<String> {
    let name = |it: &Subject| match &it.query.source {
        Source::Database(database) => Some(database.name),
        _ => None,
    };
    let reason = match (name(first), name(second)) {
        (Some(one), Some(other)) if one != other => "they read different databases",
        (None, _) | (_, None) => "one reads a sub-select",
        _ if !(first.query.subqueries.is_empty() && second.query.subqueries.is_empty()) => "one has a sub-select in IN",
        _ if first.query.session.is_some() || second.query.session.is_some() => "one looks at sessions",
        _ if first.is_single() != second.is_single() => "one looks at single events, the other at groups",
        _ if !first.is_single() && !same_but_filter(&first.query, &second.query) => {
            "they look at groups, and differ in more than WHERE"
        }
        _ => return None,
    };
    Some(reason.to_owned())
}

fn same_but_filter(first: &Query, second: &Query) -> bool {
    let values = |it: &Query| it.columns.iter().map(|it| it.expr.clone()).collect::<Vec<_>>();
    first.group_by == second.group_by
        && first.having == second.having
        && first.limit == second.limit
        && values(first) == values(second)
}

/// Events as a source.
fn memory(events: &[Event]) -> Arc<dyn EventSource> {
    Arc::new(MemorySource::new(vec![("made from the queries".into(), events.to_vec())]))
}

fn options() -> ScanOptions {
    ScanOptions { read: ReadSettings { threads: 1, ..ReadSettings::default() }, memory: MEMORY }
}

/// Where a query falls short of an event.
fn missed(side: &EqualSide<'_>, event: &Event, environment: &Environment) -> Option<NearMiss> {
    // What cannot be said is left out: the event itself is the proof.
    nearest_miss(&side.subject.query, side.text, std::slice::from_ref(event), environment).ok().flatten()
}
