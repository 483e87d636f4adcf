//! ## What it does
//!
//! Finds conditions that need a field which the events of their branch never carry.
//!
//! ## Why
//!
//! A test of a missing value is unknown, and a row whose filter is unknown is dropped. The branch looks like a detection
//! and never finds anything: the events that it asks for by their ids do not have what another condition asks for.
//!
//! ## Example
//!
//! Sysmon's events of the registry name the program, not its command line.
//!
//! ```aql
//! SELECT username FROM events
//! WHERE EventID IN (12, 13) AND "Registry Key" ILIKE '%\Services\%' AND Command ILIKE '%\Temp\%'
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events
//! WHERE EventID IN (12, 13) AND "Registry Key" ILIKE '%\Services\%' AND "Target Details" ILIKE '%\Temp\%'
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Only kinds of events whose data is known are looked at, and only branches that ask for nothing but such kinds. A
//! property that the user defines is taken to be in every event: where a deployment fills `Process Path` from the
//! installation of a service, as IBM's translation of Sigma rules supposes, declare it.

use schema::EVENTS;
use schema::tables::event_classes::EventClass;
use syntax::{Diagnostic, Label, Severity};

use super::event_classes::{
    Carried, ClassKnowledge, branches_by_id, classes_of, defined, filter, id_test, impossible, joined, means, named,
};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Branch, Expr, ExprKind};
use crate::possible::Possible;

/// Fields that queries name for what some kinds of events hold in another one, and what it is. IBM's translation of Sigma
/// rules writes `Process Path` for the `ImagePath` of a service.
const HELD_ELSEWHERE: [(&str, &str, &str); 1] = [("Process Path", "Service Filename", "the program of the service")];

/// Fields of a kind that the help names.
const FIELDS_NAMED: usize = 10;

pub(super) static FIELD_NOT_IN_EVENT: Lint = Lint {
    name: "field-not-in-event",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("field_not_in_event.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut conditions: Vec<&Expr> = filter(subject.query).into_iter().collect();
    for column in &subject.query.columns {
        if let ExprKind::Case { arms, .. } = &column.expr.kind {
            conditions.extend(arms.iter().map(|it| &it.0));
        }
    }
    let defined = defined(subject.options);
    let mut possible = Possible::new();
    let first = found.len();
    for branch in conditions.into_iter().flat_map(branches_by_id) {
        let Some(classes) = classes_of(&branch, &defined, &mut possible) else { continue };
        let mut dead = Vec::with_capacity(classes.len());
        for class in classes {
            dead.push((class, impossible(&branch, class, &defined, &mut possible)));
        }
        // The kinds that are meant are those that most of the branch fits.
        let Some(fewest) = dead.iter().map(|it| it.1.len()).min().filter(|it| *it > 0) else { continue };
        dead.retain(|it| it.1.len() == fewest);
        let meant = dead.iter().all(|it| means(&branch, it.0, &defined, &mut possible));
        let test = dead[0].1[0];
        if !meant || found[first..].iter().any(|it| it.span == test.span) {
            continue;
        }
        let classes: Vec<&EventClass> = dead.iter().map(|it| it.0).collect();
        let mut absent = Vec::new();
        for class in &classes {
            let knowledge = ClassKnowledge::new(class, &defined, Carried::ByTable);
            absent.extend(possible.obstacles(test, &knowledge).into_iter().flat_map(|it| it.absent));
        }
        absent.sort_unstable();
        absent.dedup();
        found.push(diagnostic(&branch, test, &classes, &absent));
    }
}

fn diagnostic(branch: &Branch<'_>, test: &Expr, classes: &[&EventClass], absent: &[usize]) -> Diagnostic {
    let names: Vec<String> = absent.iter().map(|it| format!("`{}`", EVENTS.fields[*it].name)).collect();
    let kinds = named(classes);
    let message = format!("events of {kinds} never carry {}", joined(&names, "or"));
    let mut diagnostic = FIELD_NOT_IN_EVENT
        .at(test.span, message)
        .with_label(format!("never true for {kinds}"))
        .with_note("a test of a missing value is unknown, and a row whose filter is unknown is dropped");
    if let Some(it) = id_test(branch).filter(|it| it.span != test.span) {
        let message = format!("this branch asks for {kinds}, so it never finds anything");
        diagnostic.labels.push(Label { span: it.span, message });
    }
    let mut carried: Vec<&str> = classes[0].fields().collect();
    carried.retain(|name| classes.iter().all(|it| it.fields().any(|other| other == *name)));
    if carried.is_empty() {
        return diagnostic;
    }
    let is_absent = |name: &str| absent.iter().any(|it| EVENTS.fields[*it].name == name);
    let held = HELD_ELSEWHERE.iter().find(|it| is_absent(it.0) && carried.contains(&it.1));
    if let Some((_, field, what)) = held {
        return diagnostic.with_help(format!("{what} is `{field}`"));
    }
    let more = if carried.len() > FIELDS_NAMED { " and others" } else { "" };
    carried.truncate(FIELDS_NAMED);
    let carried: Vec<String> = carried.iter().map(|it| format!("`{it}`")).collect();
    diagnostic.with_help(format!("they carry {}{more}", carried.join(", ")))
}
