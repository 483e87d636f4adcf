//! Tests that would decide the changes that survive: events of the page's own tests with one value changed. Each is read
//! like any log and asked of the query and of the changed query; the fewest that decide all are kept.

mod base;
mod values;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use aql::Environment;
use aql::bound::{Expr, ExprKind, Literal, Query};
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray};
use ingest::{BatchBuilder, Event, Value};
use pack::Detection;

use self::base::{Base, Patch, bases};
pub(super) use self::values::{Regexes, proposals};
use super::change::Change;
use super::graph::{Changed, Graph};
use super::sites::Candidate;
use crate::event_value::value_of;
use crate::page_tests::PageTests;
use crate::scan::projection_of;
use crate::{Result, cell};

/// Changes that events are made for at a time: what these events decide of the others needs none.
const AIMED_AT: usize = 60;
/// Events that are tried for one change.
const TRIED_OF_CHANGE_MAX: usize = 80;
/// Places of an event where the same change is made.
const PLACES_MAX: usize = 3;
/// Events of tests, and then of suggestions, that are changed.
const BASES_MAX: usize = 300;
/// Events that are changed for one change.
const BASES_OF_CHANGE_MAX: usize = 12;
/// How often the events that were found are changed again.
const ROUNDS: usize = 3;

/// An event that decides changes which no test decides yet.
#[derive(Clone, Debug)]
pub struct Suggestion {
    /// The test whose event was changed, by its position in [`Detection::tests`].
    pub test: usize,
    /// Which of its events.
    pub event: usize,
    /// The event after the change, as its log has it.
    pub text: String,
    /// What was changed, as a merge patch; none for a text log.
    pub patch: Option<serde_json::Value>,
    /// Whether the query matches it.
    pub matches: bool,
    /// The columns that tell the changed queries from the query, with their values.
    pub expected: Vec<(String, String)>,
    /// The changes that it decides, by their position among those asked about.
    pub decides: Vec<usize>,
}

/// An event that was made of another.
struct Tried {
    base: usize,
    patch: Patch,
    event: Event,
    /// How far it is from the event it was made of, in bytes.
    distance: usize,
}

/// A change of an event that is to be tried.
#[derive(Clone)]
struct Trying {
    base: usize,
    patch: Patch,
    distance: usize,
}

/// What an event decides: a change by its position, and what tells.
type Decided = (usize, Told);

/// What tells a changed query from the query on an event.
#[derive(Clone, Copy, Debug)]
enum Told {
    /// Only one of them matches.
    Match,
    /// A column has another value.
    Column(usize),
}

/// Events that decide `survivors`, as few as are found: the events of the tests with one value changed, then those that
/// were found with another. In each round every change is aimed at once, in the order of the query, unless an event for
/// another decides it.
pub(super) fn suggestions(
    detection: &Detection,
    columns: &[&str],
    survivors: &[&Candidate],
    tests: &PageTests,
    environment: &Environment,
) -> Result<Vec<Suggestion>> {
    let mut bases = bases(detection, tests);
    let mut open: Vec<usize> = (0..survivors.len()).collect();
    let mut found = Vec::new();
    let mut regexes = Regexes::default();
    for _ in 0..ROUNDS {
        bases.truncate(BASES_MAX);
        let mut more = Vec::new();
        let mut next = 0;
        while let Some(last) = open.iter().copied().filter(|it| *it >= next).take(AIMED_AT).last() {
            let aimed_at: Vec<&Candidate> =
                open.iter().filter(|it| (next..=last).contains(*it)).map(|it| survivors[*it]).collect();
            next = last + 1;
            let on_bases = Trial::new(&detection.bound, columns, bases.iter().map(|it| &it.event), environment)?;
            let tried = tried(on_bases, &bases, &aimed_at, &mut regexes)?;
            let mut trial = Trial::new(&detection.bound, columns, tried.iter().map(|it| &it.event), environment)?;
            let candidates: Vec<&Candidate> = open.iter().map(|it| survivors[*it]).collect();
            let decided = trial.decided(&candidates, tried.len());
            let mut gone = BTreeSet::new();
            for (row, decided) in cover(&decided, &tried, candidates.len()) {
                let Tried { base, patch, event, .. } = &tried[row];
                let matches = trial.is_match(&Changed::default(), row);
                let Some(base) = bases[*base].changed(patch, event, matches) else { continue };
                let positions: Vec<usize> = decided.iter().map(|(number, _)| open[*number]).collect();
                gone.extend(positions.iter().copied());
                found.push(Suggestion {
                    test: base.test,
                    event: base.position,
                    text: base.raw.to_string(),
                    patch: base.patch.clone(),
                    matches,
                    expected: trial.expected(row, &decided),
                    decides: positions,
                });
                more.push(base);
            }
            open.retain(|it| !gone.contains(it));
        }
        if more.is_empty() {
            break;
        }
        bases.extend(more);
    }
    Ok(found)
}

/// The query on some events.
struct Trial<'a> {
    query: &'a Query,
    graph: Graph<'a>,
    filter: Option<usize>,
    columns: Vec<(&'a str, usize)>,
}

impl<'a> Trial<'a> {
    fn new<'e>(
        query: &'a Query,
        columns: &[&str],
        events: impl Iterator<Item = &'e Event>,
        environment: &'a Environment,
    ) -> Result<Self> {
        let events: Vec<Event> = events.cloned().collect();
        let builder = BatchBuilder::new(&projection_of(query))?;
        let mut graph = Graph::new(environment, query, builder.build(&events));
        let filter = query.filter.as_ref().map(|it| graph.add(it)).transpose()?;
        let looked_at = query.columns.iter().filter(|it| columns.contains(&it.name.as_str()));
        let columns = looked_at.map(|it| Ok((it.name.as_str(), graph.add(&it.expr)?))).collect::<Result<_>>()?;
        Ok(Self { query, graph, filter, columns })
    }

    fn is_match(&self, after: &Changed, row: usize) -> bool {
        self.filter.is_none_or(|it| is_true(self.graph.value(it, after), row))
    }

    /// What each event decides.
    fn decided(&mut self, survivors: &[&Candidate], rows: usize) -> Vec<Vec<Decided>> {
        let mut decided: Vec<Vec<Decided>> = vec![Vec::new(); rows];
        for (number, survivor) in survivors.iter().enumerate() {
            let Some(changes) = self.graph.sites(&survivor.changes) else { continue };
            let Ok(after) = self.graph.change(&changes) else { continue };
            for (row, decided) in decided.iter_mut().enumerate() {
                decided.extend(self.tells(&after, row).map(|told| (number, told)));
            }
        }
        decided
    }

    /// Whether an event tells the query after a change from the query.
    fn tells(&self, after: &Changed, row: usize) -> Option<Told> {
        let was = self.is_match(&Changed::default(), row);
        if was != self.is_match(after, row) {
            return Some(Told::Match);
        }
        self.telling_column(after, row).filter(|_| was).map(Told::Column)
    }

    /// The events on which it matters how a test comes out; some of all where it matters on none.
    fn looking_at(&mut self, leaf: &Expr, rows: usize) -> Vec<usize> {
        let turned = [(leaf.clone(), Change::Negated)];
        let after = self.graph.sites(&turned).and_then(|it| self.graph.change(&it).ok()).unwrap_or_default();
        let mut deciding: Vec<usize> = (0..rows).filter(|row| self.tells(&after, *row).is_some()).collect();
        if deciding.is_empty() {
            deciding.extend(0..rows);
        }
        deciding.truncate(BASES_OF_CHANGE_MAX);
        deciding
    }

    /// The column that has another value after a change.
    fn telling_column(&self, after: &Changed, row: usize) -> Option<usize> {
        let before = &Changed::default();
        self.columns.iter().position(|(_, node)| {
            after.has(*node) && cell(self.graph.value(*node, before), row) != cell(self.graph.value(*node, after), row)
        })
    }

    /// The values of the columns that tell.
    fn expected(&self, row: usize, decided: &[Decided]) -> Vec<(String, String)> {
        let mut expected: Vec<(String, String)> = Vec::new();
        for (_, told) in decided {
            let Told::Column(column) = *told else { continue };
            let (name, node) = self.columns[column];
            let value = cell(self.graph.value(node, &Changed::default()), row);
            if !expected.iter().any(|(it, _)| it == name) {
                expected.push((name.to_owned(), text_of(&value).unwrap_or_else(|| "null".to_owned())));
            }
        }
        expected
    }
}

/// Events, the one that decides most first, of those the nearest, until the rest decides nothing new.
fn cover(all: &[Vec<Decided>], tried: &[Tried], count: usize) -> Vec<(usize, Vec<Decided>)> {
    let mut open = vec![true; count];
    let mut chosen = Vec::new();
    loop {
        let fresh = |row: &usize| all[*row].iter().filter(|(number, _)| open[*number]).count();
        let best = (0..all.len()).min_by_key(|row| (Reverse(fresh(row)), tried[*row].distance));
        let Some(row) = best.filter(|it| fresh(it) > 0) else { return chosen };
        let news: Vec<Decided> = all[row].iter().copied().filter(|(number, _)| open[*number]).collect();
        for (number, _) in &news {
            open[*number] = false;
        }
        chosen.push((row, news));
    }
}

/// The events to try for these changes.
fn tried(mut on: Trial<'_>, bases: &[Base], survivors: &[&Candidate], regexes: &mut Regexes) -> Result<Vec<Tried>> {
    let mut all: Vec<Trying> = Vec::new();
    for survivor in survivors {
        let mut of_change = Vec::new();
        for (leaf, change) in leaves(survivor) {
            let node = on.graph.add(operand_of(leaf))?;
            for number in on.looking_at(leaf, bases.len()) {
                let value = text_of(&cell(on.graph.value(node, &Changed::default()), number));
                let found = patches(on.query, leaf, change, &bases[number], value.as_deref(), regexes);
                of_change.extend(found.into_iter().map(|(patch, distance)| Trying { base: number, patch, distance }));
            }
        }
        spread(&mut of_change);
        for trying in of_change.into_iter().take(TRIED_OF_CHANGE_MAX) {
            if !all.iter().any(|it| it.base == trying.base && it.patch == trying.patch) {
                all.push(trying);
            }
        }
    }
    Ok(read(bases, &all))
}

/// The changes of an event that may decide a change of one test, with how far each is; `value` is what the test now looks
/// at.
fn patches(
    query: &Query,
    leaf: &Expr,
    change: &Change,
    base: &Base,
    value: Option<&str>,
    regexes: &mut Regexes,
) -> Vec<(Patch, usize)> {
    let mut patches = Vec::new();
    let wanted = wanted(query, leaf, change, value, regexes);
    for (field, old) in fields(query, operand_of(leaf), &base.event, value) {
        let names = names(query, field);
        for new in &wanted {
            let new = new.as_ref().map(|new| within(old.as_deref(), value, new));
            let distance = distance(old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default());
            let found = base.patches(&names, old.as_deref(), new.as_deref()).into_iter().take(PLACES_MAX);
            patches.extend(found.map(|it| (it, distance)));
        }
    }
    patches
}

/// The value of a field that makes what is taken from it the new value.
fn within(held: Option<&str>, taken: Option<&str>, new: &str) -> String {
    match (held, taken) {
        (Some(held), Some(taken)) if !taken.is_empty() && held.contains(taken) => held.replacen(taken, new, 1),
        _ => new.to_owned(),
    }
}

/// How far a value is from another: the bytes that differ between what both begin with and what both end with, and a
/// little for its length, so that of equals the shorter one is nearer.
fn distance(old: &str, new: &str) -> usize {
    let same = |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(old, new)| old == new).count();
    let start = same(&mut old.bytes().zip(new.bytes()));
    let (old_rest, new_rest) = (&old.as_bytes()[start..], &new.as_bytes()[start..]);
    let end = same(&mut old_rest.iter().rev().copied().zip(new_rest.iter().rev().copied()));
    old.len() + new.len() - 2 * (start + end) + new.len() / 4
}

/// Reads the events, all of one base as one log: that is much cheaper than a log each.
fn read(bases: &[Base], tryings: &[Trying]) -> Vec<Tried> {
    let mut tried = Vec::with_capacity(tryings.len());
    for (number, base) in bases.iter().enumerate() {
        let of_base: Vec<&Trying> = tryings.iter().filter(|it| it.base == number).collect();
        let patches: Vec<&Patch> = of_base.iter().map(|it| &it.patch).collect();
        for (Trying { patch, distance, .. }, event) in of_base.iter().zip(base.read(&patches)) {
            let tried_event = |event| Tried { base: number, patch: patch.clone(), event, distance: *distance };
            tried.extend(event.map(tried_event));
        }
    }
    tried
}

/// One of each base in turn, so that a bound does not leave out the later ones.
fn spread(tried: &mut Vec<Trying>) {
    let mut turns: Vec<usize> = Vec::with_capacity(tried.len());
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for Trying { base, .. } in tried.iter() {
        let count = counts.entry(*base).or_default();
        turns.push(*count);
        *count += 1;
    }
    let mut keyed: Vec<_> = turns.into_iter().zip(std::mem::take(tried)).collect();
    keyed.sort_by_key(|(turn, it)| (*turn, it.base));
    *tried = keyed.into_iter().map(|(_, it)| it).collect();
}

/// The single tests that a change is about, with the change of each.
fn leaves(candidate: &Candidate) -> Vec<(&Expr, &Change)> {
    let mut leaves = Vec::new();
    for (site, change) in &candidate.changes {
        let part = match (change, &site.kind) {
            (Change::Without(position), ExprKind::And(operands) | ExprKind::Or(operands)) => &operands[*position],
            (Change::Without(position), ExprKind::Case { arms, .. }) => &arms[*position].0,
            _ => site,
        };
        let mut tests = Vec::new();
        collect(part, &mut tests);
        let change = |leaf: &Expr| if leaf.span == site.span && leaf == site { change } else { &Change::Negated };
        leaves.extend(tests.into_iter().map(|it| (it, change(it))));
    }
    leaves
}

fn collect<'a>(expr: &'a Expr, leaves: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Text(_) | ExprKind::Compare(..) | ExprKind::In { .. } | ExprKind::IsNull { .. } => leaves.push(expr),
        _ => expr.children().into_iter().for_each(|it| collect(it, leaves)),
    }
}

fn operand_of(leaf: &Expr) -> &Expr {
    leaf.children().first().copied().unwrap_or(leaf)
}

/// The fields that an operand has its value from on an event, with that value: those that hold it, or else those that it
/// may be what is left of.
fn fields(query: &Query, operand: &Expr, event: &Event, value: Option<&str>) -> Vec<(usize, Option<String>)> {
    let mut read: Vec<(usize, Option<String>)> = Vec::new();
    operand.visit(&mut |expr| {
        if let ExprKind::Field(index) = expr.kind
            && query.database().is_some()
            && !read.iter().any(|(it, _)| *it == index)
        {
            read.push((index, value_of(event, index).and_then(plain)));
        }
    });
    let Some(value) = value.filter(|_| !matches!(operand.kind, ExprKind::Field(_))) else { return read };
    let holds = |(_, held): &(usize, Option<String>)| held.as_ref().is_some_and(|it| it.contains(value));
    let is_longer = |(_, held): &(usize, Option<String>)| held.as_ref().is_some_and(|it| it.len() > value.len());
    let is_held = read.iter().any(holds);
    read.retain(|it| if is_held { holds(it) } else { is_longer(it) });
    read
}

/// The names under which a log may have a field.
fn names(query: &Query, field: usize) -> Vec<&'static str> {
    let Some(field) = query.database().and_then(|it| it.fields.get(field)) else { return Vec::new() };
    let mut names: Vec<&str> = field.sigma.to_vec();
    names.extend(field.aliases.iter().filter(|it| !it.contains(' ')));
    names.push(field.name);
    names.truncate(4);
    names
}

/// The values to try; none for no value.
fn wanted(
    query: &Query,
    leaf: &Expr,
    change: &Change,
    value: Option<&str>,
    regexes: &mut Regexes,
) -> Vec<Option<String>> {
    match &leaf.kind {
        ExprKind::Text(test) => {
            let mut values: Vec<Option<String>> =
                proposals(test, change, value, regexes).into_iter().map(Some).collect();
            if let ExprKind::Field(index) = test.operand.kind
                && query.database().and_then(|it| it.position("qideventcategory")) == Some(index)
            {
                values.insert(0, Some("Application".to_owned()));
            }
            values.push(None);
            values
        }
        ExprKind::Compare(_, _, right) => numbers(std::iter::once(&**right)),
        ExprKind::In { list, .. } => numbers(list.iter()),
        _ => vec![None, Some("other".to_owned())],
    }
}

fn numbers<'a>(literals: impl Iterator<Item = &'a Expr>) -> Vec<Option<String>> {
    let mut values = Vec::new();
    for literal in literals {
        match literal.as_literal() {
            Some(Literal::Integer(number)) => {
                values.extend([0, 1, -1].map(|it| Some(number.saturating_add(it).to_string())));
            }
            Some(Literal::Double(number)) => values.extend([0.0, 1.0, -1.0].map(|it| Some((number + it).to_string()))),
            Some(Literal::Text(text)) => values.push(Some(text.clone())),
            _ => {}
        }
    }
    values.push(None);
    values
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Double(number) => Some(number.to_string()),
        Value::Boolean(it) => Some(it.to_string()),
        Value::Integers(_) => None,
    }
}

fn text_of(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn is_true(truth: &ArrayRef, row: usize) -> bool {
    truth.as_boolean_opt().is_some_and(|it| it.is_valid(row) && it.value(row))
}
