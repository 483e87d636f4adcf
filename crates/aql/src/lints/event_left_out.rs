//! ## What it does
//!
//! Finds branches that look at one of two events which report the same, while the other one has the fields that they
//! test.
//!
//! ## Why
//!
//! The start of a process is event 1 of Sysmon and event 4688 of the Security log; a service is installed as event 7045
//! of the System log and 4697 of the Security log. Where only the other one is collected, the detection is blind.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events
//! WHERE qideventcategory = 'Microsoft-Windows-Sysmon/Operational' AND EventID = 1 AND Command ILIKE '%sc% create%'
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events
//! WHERE ((qideventcategory = 'Microsoft-Windows-Sysmon/Operational' AND EventID = 1)
//!     OR (qideventcategory = 'Security' AND EventID = 4688))
//!   AND Command ILIKE '%sc% create%'
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Whether the other event is collected cannot be known here; `check --data` tells. Queries that may be about events of
//! unknown kinds are left alone, and so are those that put events together: they count on the events that they name. A
//! branch that tests a field which only one of the two events has, or nothing but the payload, is left alone as well.

use std::collections::BTreeSet;

use schema::EVENTS;
use schema::tables::event_classes::{EventClass, SAME_ACTIVITY, class_of};
use syntax::{Diagnostic, Severity};

use super::event_classes::{
    Carried, ClassFields, ClassKnowledge, branches_by_id, classes_of, defined, filter, id_test, impossible, joined,
    means, named, reads,
};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Branch, ExprKind, required};
use crate::possible::Possible;

pub(super) static EVENT_LEFT_OUT: Lint = Lint {
    name: "event-left-out",
    group: Group::EventModel,
    severity: Severity::Note,
    source: include_str!("event_left_out.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = filter(subject.query).filter(|_| !subject.query.is_aggregating()) else { return };
    // Without an event id that every row must have, any event may pass.
    if required(filter, ClassFields::new().event_id).is_none() {
        return;
    }
    let defined = defined(subject.options);
    let mut possible = Possible::new();
    let mut looked_at: Vec<(Branch<'_>, Vec<&EventClass>)> = Vec::new();
    for branch in branches_by_id(filter) {
        let Some(mut classes) = classes_of(&branch, &defined, &mut possible) else { continue };
        classes.retain(|it| impossible(&branch, it, &defined, &mut possible).is_empty());
        classes.retain(|it| means(&branch, it, &defined, &mut possible));
        looked_at.push((branch, classes));
    }
    for (activity, kinds) in SAME_ACTIVITY {
        let classes: Vec<&EventClass> = kinds.iter().filter_map(|it| class_of(it.0, it.1)).collect();
        let is_seen = |it: &&EventClass| looked_at.iter().any(|(_, seen)| seen.iter().any(|seen| is_same(seen, it)));
        let (seen, unseen): (Vec<&EventClass>, Vec<&EventClass>) = classes.into_iter().partition(is_seen);
        let (Some(seen), [unseen]) = (seen.first(), &unseen[..]) else { continue };
        let of_seen = looked_at.iter().filter(|(_, classes)| classes.iter().any(|it| is_same(it, seen)));
        let mut fitting = of_seen.map(|it| &it.0).filter(|it| fits(it, unseen, &defined, &mut possible));
        let Some((branch, shared)) = fitting.find_map(|it| Some((it, shared_fields(it, seen, unseen)?))) else {
            continue;
        };
        let Some(test) = id_test(branch) else { continue };
        let shared: Vec<String> = shared.iter().map(|it| format!("`{it}`")).collect();
        found.push(
            EVENT_LEFT_OUT
                .at(test.span, format!("{activity} is looked for in {} only", named(&[seen])))
                .with_help(format!("{} reports it too and has {}", named(&[unseen]), joined(&shared, "and"))),
        );
    }
}

fn is_same(one: &EventClass, other: &EventClass) -> bool {
    one.channel == other.channel && one.event_id == other.event_id
}

/// Whether the conditions of a branch that do not ask for the kind of event can hold of another kind.
fn fits<'q>(
    branch: &Branch<'q>,
    class: &EventClass,
    defined: &std::collections::BTreeSet<usize>,
    possible: &mut Possible<'q>,
) -> bool {
    let fields = ClassFields::new();
    let telling = [fields.device_type, fields.channel, fields.provider, fields.event_id];
    let knowledge = ClassKnowledge::new(class, defined, Carried::ByTable);
    let mut own = branch.conditions().filter(|it| !reads(it, &telling)).peekable();
    own.peek().is_some() && own.all(|it| possible.is_possible(it, &knowledge))
}

/// The fields that the branch tests beside the kind of event and that both kinds have; nothing if it tests one that only
/// the kind seen has, or none but the payload, whose text is another one in each kind.
fn shared_fields(branch: &Branch<'_>, seen: &EventClass, unseen: &EventClass) -> Option<Vec<&'static str>> {
    let fields = ClassFields::new();
    let telling = [fields.device_type, fields.channel, fields.provider, fields.event_id];
    let mut read = BTreeSet::new();
    for condition in branch.conditions().filter(|it| !reads(it, &telling)) {
        condition.visit(&mut |it| {
            if let ExprKind::Field(field) = it.kind {
                read.insert(field);
            }
        });
    }
    if read.iter().any(|it| seen.carries(*it) && !unseen.carries(*it)) {
        return None;
    }
    read.retain(|it| seen.carries(*it) && unseen.carries(*it) && EVENTS.fields[*it].name != "payload");
    (!read.is_empty()).then(|| read.iter().map(|it| EVENTS.fields[*it].name).collect())
}
