//! Which kinds of events a branch of a condition can be about, and what they can carry; for the lints of the event
//! model. Silent where that is not certain: an id that the table does not know, a branch that any event may pass.

use std::collections::BTreeSet;

use schema::EVENTS;
use schema::tables::event_classes::{self, EventClass};

use crate::Options;
use crate::bound::{Branch, Expr, ExprKind, GuardValue, Literal, Query, Source, branches, required};
use crate::possible::{Knowledge, Known, Possible};

/// Event ids below this are used by many channels.
pub(crate) const COMMON_IDS: u32 = 1000;

/// Positions of the fields that tell the kind of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClassFields {
    pub(crate) device_type: usize,
    pub(crate) channel: usize,
    pub(crate) provider: usize,
    pub(crate) event_id: usize,
}

impl ClassFields {
    pub(crate) fn new() -> Self {
        let position = |name| EVENTS.position(name).unwrap_or(usize::MAX);
        Self {
            device_type: position("devicetype"),
            channel: position("qideventcategory"),
            provider: position("Provider Name"),
            event_id: position("Event ID"),
        }
    }
}

/// What is known of the events of a kind.
pub(crate) struct ClassKnowledge<'a> {
    class: &'a EventClass,
    fields: ClassFields,
    /// Fields that the user defines: they may have any value.
    defined: &'a BTreeSet<usize>,
    carried: Carried,
    device_type: [Literal; 1],
    channel: [Literal; 1],
    provider: [Literal; 1],
    event_id: [Literal; 1],
}

/// Which fields the events of a kind are taken to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    /// All: only the kind itself is known.
    All,
    /// Those that the table says.
    ByTable,
    /// Only those that every event may have.
    Open,
}

impl<'a> ClassKnowledge<'a> {
    pub(crate) fn new(class: &'a EventClass, defined: &'a BTreeSet<usize>, carried: Carried) -> Self {
        let text = |it: &str| [Literal::Text(it.to_owned())];
        Self {
            class,
            fields: ClassFields::new(),
            defined,
            carried,
            device_type: [Literal::Integer(class.log_source_type)],
            channel: text(class.channel),
            provider: text(class.provider),
            event_id: text(class.event_id),
        }
    }
}

impl Knowledge for ClassKnowledge<'_> {
    fn field(&self, field: usize) -> Known<'_> {
        let value = |values| Known::Values { values, always: true };
        let fields = self.fields;
        if self.defined.contains(&field) {
            return Known::Any;
        }
        match field {
            _ if field == fields.device_type => value(&self.device_type),
            _ if field == fields.channel => value(&self.channel),
            // Shippers leave the provider out.
            _ if field == fields.provider => Known::Values { values: &self.provider, always: false },
            _ if field == fields.event_id => value(&self.event_id),
            _ => match self.carried {
                Carried::ByTable if !self.class.carries(field) => Known::Absent,
                Carried::Open if !event_classes::is_open(field) => Known::Absent,
                _ => Known::Any,
            },
        }
    }
}

/// The fields that the user's properties fill.
pub(crate) fn defined(options: &Options) -> BTreeSet<usize> {
    options.properties.iter().filter_map(|it| EVENTS.find(&it.name)).collect()
}

/// The filter of a query over events; nothing for other queries.
pub(super) fn filter(query: &Query) -> Option<&Expr> {
    let is_events = matches!(query.source, Source::Database(it) if it.name == EVENTS.name);
    query.filter.as_ref().filter(|_| is_events)
}

/// The branches of a condition that the event id tells apart.
pub(super) fn branches_by_id(condition: &Expr) -> Vec<Branch<'_>> {
    let field = ClassFields::new().event_id;
    branches(condition, &|it| required(it, field).is_some())
}

/// The event ids of which the branch itself requires one.
pub(super) fn event_ids(branch: &Branch<'_>) -> Option<BTreeSet<String>> {
    let field = ClassFields::new().event_id;
    let sets = branch.conditions().filter(|it| is_single(it)).filter_map(|it| required(it, field));
    let ids = sets.reduce(|one, other| one.intersection(&other).cloned().collect())?;
    Some(ids.into_iter().map(text_of).collect())
}

/// Whether a condition is no choice among others.
fn is_single(condition: &Expr) -> bool {
    !matches!(condition.kind, ExprKind::Or(_))
}

fn text_of(value: GuardValue) -> String {
    match value {
        GuardValue::Integer(number) => number.to_string(),
        GuardValue::Text(text) => text,
    }
}

/// The kinds that a branch can be about by its tests of log source type, channel, provider and event id; nothing when it
/// may be about kinds that are not known.
pub(super) fn classes_of<'q>(
    branch: &Branch<'q>,
    defined: &BTreeSet<usize>,
    possible: &mut Possible<'q>,
) -> Option<Vec<&'static EventClass>> {
    let ids = event_ids(branch)?;
    let mut classes = Vec::new();
    for id in &ids {
        let before = classes.len();
        for class in event_classes::by_event_id(id) {
            let knowledge = ClassKnowledge::new(class, defined, Carried::All);
            if branch.conditions().all(|it| possible.is_possible(it, &knowledge)) {
                classes.push(class);
            }
        }
        if classes.len() == before {
            return None;
        }
    }
    (!classes.is_empty()).then_some(classes)
}

/// The conditions of a branch that cannot be true on events of a kind, for want of fields.
pub(super) fn impossible<'q>(
    branch: &Branch<'q>,
    class: &EventClass,
    defined: &BTreeSet<usize>,
    possible: &mut Possible<'q>,
) -> Vec<&'q Expr> {
    let knowledge = ClassKnowledge::new(class, defined, Carried::ByTable);
    branch.conditions().filter(|it| !possible.is_possible(it, &knowledge)).collect()
}

/// Whether it is certain that the branch means a kind, and no unknown channel with the same id: it names the channel or
/// the provider, or the id is no common one, or a condition needs a field that this kind has and not every event.
pub(super) fn means<'q>(
    branch: &Branch<'q>,
    class: &EventClass,
    defined: &BTreeSet<usize>,
    possible: &mut Possible<'q>,
) -> bool {
    let fields = ClassFields::new();
    let names_channel = branch.conditions().any(|it| reads(it, &[fields.channel, fields.provider]));
    if names_channel || class.event_id.parse::<u32>().is_ok_and(|it| it >= COMMON_IDS) {
        return true;
    }
    let table = ClassKnowledge::new(class, defined, Carried::ByTable);
    let open = ClassKnowledge::new(class, defined, Carried::Open);
    branch.conditions().any(|it| possible.is_possible(it, &table) && !possible.is_possible(it, &open))
}

/// Whether a condition reads one of the fields.
pub(super) fn reads(condition: &Expr, fields: &[usize]) -> bool {
    let mut found = false;
    condition.visit(&mut |it| found |= matches!(it.kind, ExprKind::Field(field) if fields.contains(&field)));
    found
}

/// The smallest condition of the branch that tests the event id.
pub(super) fn id_test<'q>(branch: &Branch<'q>) -> Option<&'q Expr> {
    let field = ClassFields::new().event_id;
    let tests = branch.conditions().filter(|it| is_single(it) && required(it, field).is_some());
    tests.min_by_key(|it| it.span.end.saturating_sub(it.span.start))
}

/// `Sysmon 12 and 13`, `Security 4688 and Sysmon 1`.
pub(super) fn named(classes: &[&EventClass]) -> String {
    let mut families: Vec<(&str, Vec<&str>)> = Vec::new();
    for class in classes {
        match families.iter_mut().find(|it| it.0 == class.family()) {
            Some((_, ids)) if ids.contains(&class.event_id) => {}
            Some((_, ids)) => ids.push(class.event_id),
            None => families.push((class.family(), vec![class.event_id])),
        }
    }
    let parts: Vec<String> = families.iter().map(|(family, ids)| format!("{family} {}", joined(ids, "and"))).collect();
    joined(&parts, "and")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn joined(words: &[impl AsRef<str>], last: &str) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((final_word, rest)) => format!("{} {last} {final_word}", rest.join(", ")),
    }
}
