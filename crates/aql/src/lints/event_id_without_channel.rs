//! ## What it does
//!
//! Finds tests of an event id that several channels of Windows use, without a test of the channel.
//!
//! ## Why
//!
//! Event ids are unique within a provider only. Sysmon's 1, 12 and 13 are a started process and changes of the registry;
//! in the System log the same numbers say that the clock was set and that Windows started and stopped. Where other
//! conditions read fields that only one of them has, the result is right, but every event of the other has to be read.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE devicetype = 12 AND EventID = 1 LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events
//! WHERE devicetype = 12 AND qideventcategory = 'Microsoft-Windows-Sysmon/Operational' AND EventID = 1
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Only ids that known channels share are reported. A test of the provider, the QID, the category or the log source
//! counts as a test of the channel.

use std::collections::BTreeSet;

use schema::EVENTS;
use schema::tables::event_classes::{self, EventClass};
use syntax::{Diagnostic, Safety, Severity, Span};

use super::event_classes::{
    branches_by_id, classes_of, defined, event_ids, filter, id_test, impossible, joined, named, reads,
};
use super::{Finder, Group, Lint, Subject};
use crate::bound::Branch;
use crate::possible::Possible;

/// Fields whose test tells channels apart.
const TELLING: [&str; 6] =
    ["qideventcategory", "Provider Name", "qid", "category", "logsourceid", "logsourceidentifier"];

pub(super) static EVENT_ID_WITHOUT_CHANNEL: Lint = Lint {
    name: "event-id-without-channel",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("event_id_without_channel.rs"),
    finder: Finder::Query(check),
};

/// What the branches that share one test of ids can be about.
struct Test {
    span: Span,
    /// Ids that several channels use.
    ids: BTreeSet<String>,
    /// Kinds that pass all conditions.
    passing: Vec<&'static EventClass>,
    /// Whether a branch lets events of several channels pass.
    is_ambiguous: bool,
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = filter(subject.query) else { return };
    let telling: Vec<usize> = TELLING.iter().filter_map(|it| EVENTS.position(it)).collect();
    let defined = defined(subject.options);
    let mut possible = Possible::new();
    let mut tests: Vec<Test> = Vec::new();
    for branch in branches_by_id(filter) {
        if branch.conditions().any(|it| reads(it, &telling)) {
            continue;
        }
        let (Some(ids), Some(test)) = (event_ids(&branch), id_test(&branch)) else { continue };
        let ids: BTreeSet<String> = ids.into_iter().filter(|it| kinds(it) > 1).collect();
        let (passing, lacking) = passing(&branch, &ids, &defined, &mut possible);
        if ids.is_empty() || passing.is_empty() {
            continue;
        }
        let shares = |id: &String| passing.iter().filter(|it| it.event_id == id).count() > 1;
        let is_ambiguous = lacking == 0 && ids.iter().any(shares);
        match tests.iter_mut().find(|it| it.span == test.span) {
            None => tests.push(Test { span: test.span, ids, passing, is_ambiguous }),
            Some(known) => {
                known.is_ambiguous |= is_ambiguous;
                known.passing.extend(passing);
            }
        }
    }
    // An OR of several branches stands round the tests of each: the inner ones are spoken of.
    let inner = |it: &Test| !tests.iter().any(|other| other.span != it.span && it.span.to(other.span) == it.span);
    found.extend(tests.iter().filter(|it| inner(it)).map(|it| diagnostic(subject, it)));
}

/// How many kinds of Windows events are known to have an id; two channels with the same data are one kind.
fn kinds(id: &str) -> usize {
    windows(id).map(|it| &it.data).collect::<BTreeSet<_>>().len()
}

fn windows(id: &str) -> impl Iterator<Item = &'static EventClass> {
    let windows = schema::tables::log_source_types::WINDOWS;
    event_classes::by_event_id(id).filter(move |it| it.log_source_type == windows)
}

/// The kinds with these ids on which most conditions of the branch can be true, and how many cannot.
fn passing<'q>(
    branch: &Branch<'q>,
    ids: &BTreeSet<String>,
    defined: &BTreeSet<usize>,
    possible: &mut Possible<'q>,
) -> (Vec<&'static EventClass>, usize) {
    let windows = schema::tables::log_source_types::WINDOWS;
    let mut classes = classes_of(branch, defined, possible).unwrap_or_default();
    classes.retain(|it| it.log_source_type == windows && ids.contains(it.event_id));
    let lacking: Vec<usize> = classes.iter().map(|it| impossible(branch, it, defined, possible).len()).collect();
    let fewest = lacking.iter().min().copied().unwrap_or(0);
    let passing = classes.into_iter().zip(lacking).filter(|it| it.1 == fewest).map(|it| it.0).collect();
    (passing, fewest)
}

fn diagnostic(subject: &Subject<'_>, test: &Test) -> Diagnostic {
    let ids: Vec<String> = test.ids.iter().cloned().collect();
    let all: Vec<&EventClass> = ids.iter().flat_map(|it| windows(it)).collect();
    let plural = if ids.len() > 1 { "ids" } else { "id" };
    let message =
        format!("event {plural} {} without a channel: {} use {}", joined(&ids, "and"), named(&all), them(&ids));
    let mut found = EVENT_ID_WITHOUT_CHANNEL.at(test.span, message);
    let channels: BTreeSet<&str> = test.passing.iter().map(|it| it.channel).collect();
    if test.is_ambiguous {
        found = found.with_label("admits the events of all of these channels");
    } else {
        found.severity = Severity::Note;
        found = found.with_label("told apart only by fields that the other events lack");
    }
    // The channel that is meant is sure only when the other conditions leave one.
    let [channel] = channels.iter().copied().collect::<Vec<_>>()[..] else {
        let first = all.first().map_or("System", |it| it.channel);
        return found.with_help(format!("add a test of the channel, such as `qideventcategory = '{first}'`"));
    };
    let id_test = subject.source(test.span);
    let edit = format!("(qideventcategory = '{channel}' AND {id_test})");
    found.with_help(format!("add `qideventcategory = '{channel}'`")).with_fix(Safety::Unsafe, vec![(test.span, edit)])
}

fn them(ids: &[String]) -> &'static str {
    if ids.len() > 1 { "them" } else { "it" }
}
