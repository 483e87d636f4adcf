//! Tests that would decide the changes that survive: events of the page's own tests with one value changed. Each is read
//! like any log and asked of the query and of the changed query; the fewest that decide all are kept.

mod base;
mod values;

use aql::Environment;
use aql::bound::{Expr, ExprKind, Literal, Query};
use datafusion_common::arrow::array::{Array, ArrayRef, AsArray};
use ingest::{BatchBuilder, Event, Value};
use pack::Detection;

use self::base::{Base, Patch, bases};
pub(super) use self::values::proposals;
use super::change::Change;
use super::graph::{Changed, Graph};
use super::sites::Candidate;
use crate::event_value::value_of;
use crate::page_tests::PageTests;
use crate::scan::projection_of;
use crate::{Result, cell};

/// Events that are tried for a page.
const TRIED_MAX: usize = 6000;
/// Events that are tried for one change.
const TRIED_OF_CHANGE_MAX: usize = 80;
/// Places of an event where the same change is made.
const PLACES_MAX: usize = 3;
/// Events of tests that are changed.
const BASES_MAX: usize = 12;

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
}

/// What an event decides: a change by its position, and the column that tells, if it is not the match itself.
type Decided = (usize, Option<usize>);

/// Events that decide `survivors`, as few as are found.
pub(super) fn suggestions(
    detection: &Detection,
    columns: &[&str],
    survivors: &[&Candidate],
    tests: &PageTests,
    environment: &Environment,
) -> Result<Vec<Suggestion>> {
    let bases: Vec<Base> = bases(detection, tests).into_iter().take(BASES_MAX).collect();
    let tried = tried(&detection.bound, &bases, survivors, environment)?;
    let mut trial = Trial::new(&detection.bound, columns, &tried, environment)?;
    let decided = trial.decided(survivors, tried.len());
    let suggestion = |(row, decided): (usize, Vec<Decided>)| {
        let Tried { base, patch, .. } = &tried[row];
        let base = &bases[*base];
        Some(Suggestion {
            test: base.test,
            event: base.position,
            text: base.patched(patch)?,
            patch: match patch {
                Patch::Json(patch) => Some(patch.clone()),
                Patch::Text(..) => None,
            },
            matches: trial.is_match(&Changed::default(), row),
            expected: trial.expected(row, &decided),
            decides: decided.into_iter().map(|(number, _)| number).collect(),
        })
    };
    Ok(cover(&decided, survivors.len()).into_iter().filter_map(suggestion).collect())
}

/// The query on the events that are tried.
struct Trial<'a> {
    graph: Graph<'a>,
    filter: Option<usize>,
    columns: Vec<(&'a str, usize)>,
}

impl<'a> Trial<'a> {
    fn new(query: &'a Query, columns: &[&str], tried: &[Tried], environment: &'a Environment) -> Result<Self> {
        let events: Vec<Event> = tried.iter().map(|it| it.event.clone()).collect();
        let builder = BatchBuilder::new(&projection_of(query))?;
        let mut graph = Graph::new(environment, query, builder.build(&events));
        let filter = query.filter.as_ref().map(|it| graph.add(it)).transpose()?;
        let looked_at = query.columns.iter().filter(|it| columns.contains(&it.name.as_str()));
        let columns = looked_at.map(|it| Ok((it.name.as_str(), graph.add(&it.expr)?))).collect::<Result<_>>()?;
        Ok(Self { graph, filter, columns })
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
                let was = self.is_match(&Changed::default(), row);
                if was != self.is_match(&after, row) {
                    decided.push((number, None));
                } else if let Some(column) = self.telling_column(&after, row).filter(|_| was) {
                    decided.push((number, Some(column)));
                }
            }
        }
        decided
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
        for column in decided.iter().filter_map(|(_, column)| *column) {
            let (name, node) = self.columns[column];
            let value = cell(self.graph.value(node, &Changed::default()), row);
            if !expected.iter().any(|(it, _)| it == name) {
                expected.push((name.to_owned(), text_of(&value).unwrap_or_else(|| "null".to_owned())));
            }
        }
        expected
    }
}

/// Events, the one that decides most first, until the rest decides nothing new.
fn cover(all: &[Vec<Decided>], count: usize) -> Vec<(usize, Vec<Decided>)> {
    let mut open = vec![true; count];
    let mut chosen = Vec::new();
    loop {
        let fresh = |row: &usize| all[*row].iter().filter(|(number, _)| open[*number]).count();
        let best = (0..all.len()).reduce(|one, other| if fresh(&other) > fresh(&one) { other } else { one });
        let Some(row) = best.filter(|it| fresh(it) > 0) else { return chosen };
        let news: Vec<Decided> = all[row].iter().copied().filter(|(number, _)| open[*number]).collect();
        for (number, _) in &news {
            open[*number] = false;
        }
        chosen.push((row, news));
    }
}

/// The events to try.
fn tried(query: &Query, bases: &[Base], survivors: &[&Candidate], environment: &Environment) -> Result<Vec<Tried>> {
    let events: Vec<Event> = bases.iter().map(|it| it.event.clone()).collect();
    let builder = BatchBuilder::new(&projection_of(query))?;
    let mut graph = Graph::new(environment, query, builder.build(&events));
    let mut all: Vec<(usize, Patch)> = Vec::new();
    for survivor in survivors {
        let mut of_change = Vec::new();
        for (leaf, change) in leaves(survivor) {
            let node = graph.add(operand_of(leaf))?;
            let before = Changed::default();
            let held = graph.value(node, &before);
            for (number, base) in bases.iter().enumerate() {
                let value = text_of(&cell(held, number));
                let patches = patches(query, leaf, change, base, value.as_deref());
                of_change.extend(patches.into_iter().map(|it| (number, it)));
            }
        }
        spread(&mut of_change);
        for (base, patch) in of_change.into_iter().take(TRIED_OF_CHANGE_MAX) {
            if all.len() < TRIED_MAX && !all.iter().any(|it| it.0 == base && it.1 == patch) {
                all.push((base, patch));
            }
        }
    }
    Ok(read(bases, &all))
}

/// The changes of an event that may decide a change of one test; `value` is what the test now looks at.
fn patches(query: &Query, leaf: &Expr, change: &Change, base: &Base, value: Option<&str>) -> Vec<Patch> {
    let mut patches = Vec::new();
    for (field, old) in fields(query, operand_of(leaf), &base.event, value) {
        let names = names(query, field);
        for new in wanted(query, leaf, change, value) {
            patches.extend(base.patches(&names, old.as_deref(), new.as_deref()).into_iter().take(PLACES_MAX));
        }
    }
    patches
}

/// Reads the events, all of one base as one log: that is much cheaper than a log each.
fn read(bases: &[Base], patches: &[(usize, Patch)]) -> Vec<Tried> {
    let mut tried = Vec::with_capacity(patches.len());
    for (number, base) in bases.iter().enumerate() {
        let of_base: Vec<&Patch> = patches.iter().filter(|it| it.0 == number).map(|(_, patch)| patch).collect();
        for (patch, event) in of_base.iter().zip(base.read(&of_base)) {
            tried.extend(event.map(|event| Tried { base: number, patch: (*patch).clone(), event }));
        }
    }
    tried
}

/// One of each base in turn, so that a bound does not leave out the later ones.
fn spread(tried: &mut Vec<(usize, Patch)>) {
    let mut turns: Vec<usize> = Vec::with_capacity(tried.len());
    let mut counts = [0_usize; BASES_MAX];
    for (base, _) in tried.iter() {
        turns.push(counts[*base]);
        counts[*base] += 1;
    }
    let mut keyed: Vec<_> = turns.into_iter().zip(std::mem::take(tried)).collect();
    keyed.sort_by_key(|(turn, (base, _))| (*turn, *base));
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

/// The fields that an operand has its value from on an event, with that value.
fn fields(query: &Query, operand: &Expr, event: &Event, value: Option<&str>) -> Vec<(usize, Option<String>)> {
    let mut found: Vec<(usize, Option<String>)> = Vec::new();
    let mut add = |expr: &Expr| {
        if let ExprKind::Field(index) = expr.kind
            && query.database().is_some()
            && !found.iter().any(|(it, _)| *it == index)
        {
            let held = value_of(event, index).and_then(plain);
            let is_it = matches!(operand.kind, ExprKind::Field(_)) || held.as_deref() == value || value.is_none();
            if is_it || held.as_ref().is_some_and(|it| value.is_some_and(|value| it.contains(value))) {
                found.push((index, held));
            }
        }
    };
    operand.visit(&mut add);
    found
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
fn wanted(query: &Query, leaf: &Expr, change: &Change, value: Option<&str>) -> Vec<Option<String>> {
    match &leaf.kind {
        ExprKind::Text(test) => {
            let mut values: Vec<Option<String>> = proposals(test, change, value).into_iter().map(Some).collect();
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
