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
//! counts as a test of the channel, and so does a text that the payload or the message must have: it is mostly the name
//! of the provider, and always a text that few events have. The fix keeps every id of a list: ids of several channels
//! become one condition for each; where the channel of an id is not certain there is no fix.

use std::collections::{BTreeMap, BTreeSet};

use schema::EVENTS;
use schema::tables::event_classes::{self, EventClass};
use syntax::{Diagnostic, Safety, Severity};

use super::event_classes::{
    branches_by_id, classes_of, defined, event_ids, filter, id_test, impossible, joined, named, reads,
};
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Branch, Expr, ExprKind, Pattern};
use crate::possible::Possible;

/// Fields whose test tells channels apart.
const TELLING: [&str; 6] =
    ["qideventcategory", "Provider Name", "qid", "category", "logsourceid", "logsourceidentifier"];
/// Fields that hold the text of the event.
const EVENT_TEXT: [&str; 2] = ["payload", "Message"];

pub(super) static EVENT_ID_WITHOUT_CHANNEL: Lint = Lint {
    name: "event-id-without-channel",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("event_id_without_channel.rs"),
    finder: Finder::Query(check),
};

/// What the branches that share one test of ids can be about.
struct Test<'q> {
    expr: &'q Expr,
    /// Ids that several channels use.
    ids: BTreeSet<String>,
    /// For each id of the test the channels that fit the other conditions best.
    channels: BTreeMap<String, BTreeSet<&'static str>>,
    /// Whether a branch lets events of several channels pass.
    is_ambiguous: bool,
}

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = filter(subject.query) else { return };
    let telling: Vec<usize> = TELLING.iter().filter_map(|it| EVENTS.position(it)).collect();
    let event_text: Vec<usize> = EVENT_TEXT.iter().filter_map(|it| EVENTS.position(it)).collect();
    let defined = defined(subject.options);
    let mut possible = Possible::new();
    let mut tests: Vec<Test<'_>> = Vec::new();
    for branch in branches_by_id(filter) {
        if branch.conditions().any(|it| reads(it, &telling) || asks_for_text(it, &event_text)) {
            continue;
        }
        let (Some(all), Some(expr)) = (event_ids(&branch), id_test(&branch)) else { continue };
        let ids: BTreeSet<String> = all.iter().filter(|it| kinds(it) > 1).cloned().collect();
        let passing = passing(&branch, &defined, &mut possible);
        if ids.is_empty() || passing.is_empty() {
            continue;
        }
        let shares = |id: &String| passing.iter().filter(|it| it.0.event_id == id && it.1 == 0).count() > 1;
        let is_ambiguous = ids.iter().any(shares);
        let position = tests.iter().position(|it| it.expr.span == expr.span).unwrap_or_else(|| {
            tests.push(Test { expr, ids, channels: BTreeMap::new(), is_ambiguous: false });
            tests.len() - 1
        });
        let test = &mut tests[position];
        test.is_ambiguous |= is_ambiguous;
        for id in all {
            test.channels.entry(id.clone()).or_default().extend(best(&passing, &id));
        }
    }
    // An OR of several branches stands round the tests of each: the inner ones are spoken of.
    let span = |it: &Test<'_>| it.expr.span;
    let inner =
        |it: &Test<'_>| !tests.iter().any(|other| span(other) != span(it) && span(it).to(span(other)) == span(it));
    found.extend(tests.iter().filter(|it| inner(it)).map(|it| diagnostic(subject, it)));
}

/// Whether a row passes only if one of the fields has a certain text.
fn asks_for_text(condition: &Expr, fields: &[usize]) -> bool {
    match &condition.kind {
        ExprKind::Text(test) => {
            let says_something = |it: &Pattern| it.text.contains(|letter| !matches!(letter, '%' | '_'));
            !test.negated && reads(&test.operand, fields) && test.patterns.iter().all(says_something)
        }
        ExprKind::Or(operands) => operands.iter().all(|it| asks_for_text(it, fields)),
        ExprKind::And(operands) => operands.iter().any(|it| asks_for_text(it, fields)),
        _ => false,
    }
}

/// How many kinds of Windows events are known to have an id; two channels with the same data are one kind.
fn kinds(id: &str) -> usize {
    windows(id).map(|it| &it.data).collect::<BTreeSet<_>>().len()
}

fn windows(id: &str) -> impl Iterator<Item = &'static EventClass> {
    let windows = schema::tables::log_source_types::WINDOWS;
    event_classes::by_event_id(id).filter(move |it| it.log_source_type == windows)
}

/// The kinds of Windows events that the branch can be about, each with the number of conditions that cannot be true.
fn passing<'q>(
    branch: &Branch<'q>,
    defined: &BTreeSet<usize>,
    possible: &mut Possible<'q>,
) -> Vec<(&'static EventClass, usize)> {
    let windows = schema::tables::log_source_types::WINDOWS;
    let classes = classes_of(branch, defined, possible).unwrap_or_default();
    let of_windows = classes.into_iter().filter(|it| it.log_source_type == windows);
    of_windows.map(|it| (it, impossible(branch, it, defined, possible).len())).collect()
}

/// The channels of an id whose events most conditions fit.
fn best(passing: &[(&'static EventClass, usize)], id: &str) -> BTreeSet<&'static str> {
    let of_id = || passing.iter().filter(|it| it.0.event_id == id);
    let fewest = of_id().map(|it| it.1).min();
    of_id().filter(|it| Some(it.1) == fewest).map(|it| it.0.channel).collect()
}

fn diagnostic(subject: &Subject<'_>, test: &Test<'_>) -> Diagnostic {
    let ids: Vec<String> = test.ids.iter().cloned().collect();
    let all: Vec<&EventClass> = ids.iter().flat_map(|it| windows(it)).collect();
    let plural = if ids.len() > 1 { "ids" } else { "id" };
    let message =
        format!("event {plural} {} without a channel: {} use {}", joined(&ids, "and"), named(&all), them(&ids));
    let mut found = EVENT_ID_WITHOUT_CHANNEL.at(test.expr.span, message);
    if test.is_ambiguous {
        found = found.with_label("admits the events of all of these channels");
    } else {
        found.severity = Severity::Note;
        found = found.with_label("told apart only by fields that the other events lack");
    }
    let Some((help, edit)) = mended(subject, test) else {
        let first = all.first().map_or("System", |it| it.channel);
        return found.with_help(format!("add a test of the channel, such as `qideventcategory = '{first}'`"));
    };
    found.with_help(help).with_fix(Safety::Unsafe, vec![(test.expr.span, edit)])
}

/// The test with the channels of all of its ids, and what to say of it; nothing where a channel is not certain.
fn mended(subject: &Subject<'_>, test: &Test<'_>) -> Option<(String, String)> {
    let mut groups: Vec<(&BTreeSet<&str>, Vec<&str>)> = Vec::new();
    let mut ids: Vec<_> = test.channels.iter().collect();
    ids.sort_by_key(|it| it.0.parse::<u64>().unwrap_or(u64::MAX));
    for (id, channels) in ids {
        let is_certain = channels.len() == 1 || (!channels.is_empty() && kinds(id) == 1);
        if !is_certain {
            return None;
        }
        match groups.iter_mut().find(|it| it.0 == channels) {
            Some((_, ids)) => ids.push(id),
            None => groups.push((channels, vec![id])),
        }
    }
    let source = subject.source(test.expr.span);
    if let [(channels, _)] = groups[..] {
        let channel = one_of("qideventcategory", channels.iter().map(|it| format!("'{it}'")));
        return Some((format!("add `{channel}`"), format!("({channel} AND {source})")));
    }
    let operand = match &test.expr.kind {
        ExprKind::Text(asked) => &asked.operand,
        ExprKind::In { operand, .. } | ExprKind::Compare(_, operand, _) => operand,
        _ => return None,
    };
    let operand = subject.source(operand.span);
    let literal = |id: &&str| if source.contains(&format!("'{id}'")) { format!("'{id}'") } else { (*id).to_owned() };
    let parts = groups.iter().map(|(channels, ids)| {
        let channel = one_of("qideventcategory", channels.iter().map(|it| format!("'{it}'")));
        format!("({channel} AND {})", one_of(operand, ids.iter().map(literal)))
    });
    let parts: Vec<String> = parts.collect();
    Some(("test the ids of each channel with their channel".to_owned(), format!("({})", parts.join(" OR "))))
}

/// `a = 1`, `a IN (1, 2)`.
fn one_of(operand: &str, literals: impl Iterator<Item = String>) -> String {
    match &literals.collect::<Vec<_>>()[..] {
        [only] => format!("{operand} = {only}"),
        all => format!("{operand} IN ({})", all.join(", ")),
    }
}

fn them(ids: &[String]) -> &'static str {
    if ids.len() > 1 { "them" } else { "it" }
}
