//! The values that may stand at a place, and what they mean: log source types, QIDs, categories, event ids, reference
//! data, and what sample logs hold.

use std::collections::BTreeMap;

use aql::CollectionKind;
use schema::{Database, Field, tables};

use crate::context::Subject;
use crate::settings::Settings;

/// A value that may stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) value: String,
    /// Whether it is written in quotes.
    pub(crate) is_text: bool,
    pub(crate) detail: String,
}

fn text(value: impl Into<String>, detail: impl Into<String>) -> Candidate {
    Candidate { value: value.into(), is_text: true, detail: detail.into() }
}

fn number(value: impl Into<i64>, detail: impl Into<String>) -> Candidate {
    Candidate { value: value.into().to_string(), is_text: false, detail: detail.into() }
}

/// The values that may be compared with, or given to, the subject.
pub(crate) fn candidates(subject: &Subject, database: &Database, settings: &Settings) -> Vec<Candidate> {
    match subject {
        Subject::Name(name) => of_field(name, database, settings),
        Subject::Call(function) => of_call(function),
        Subject::Argument(function, 0) => of_first_argument(function, settings),
        Subject::Argument(..) => Vec::new(),
    }
}

/// Whether a name is that of a field, by any of its names.
fn is(field: &Field, name: &str) -> bool {
    schema::EVENTS.field(name).is_some_and(|it| it.name == field.name)
}

fn of_field(name: &str, database: &Database, settings: &Settings) -> Vec<Candidate> {
    let Some(field) = database.field(name) else {
        return settings.values_of(name).into_iter().map(|(value, count)| text(value, seen(count))).collect();
    };
    let is_text = !field.value_type.is_numeric();
    let logged = settings.values_of(field.name).into_iter();
    let logged = logged.map(|(value, count)| Candidate { value: value.to_owned(), is_text, detail: seen(count) });
    let mut candidates = known(field);
    for candidate in logged {
        match candidates.iter_mut().find(|it| it.value == candidate.value) {
            Some(known) => known.detail = format!("{}; {}", known.detail, candidate.detail),
            None => candidates.push(candidate),
        }
    }
    candidates
}

fn seen(count: u64) -> String {
    format!("{count} times in the sample logs")
}

/// The values of a field that the event model knows.
fn known(field: &Field) -> Vec<Candidate> {
    if is(field, "devicetype") {
        tables::log_source_types::all().iter().map(|it| number(it.id, it.name())).collect()
    } else if is(field, "qid") {
        let named = tables::qids::all().iter().filter_map(|it| Some(number(it.id, it.name?)));
        named.collect()
    } else if is(field, "category") || is(field, "highlevelcategory") {
        let wants_high = is(field, "highlevelcategory");
        let all = tables::categories::all().iter().filter(|it| it.is_high_level() == wants_high);
        all.map(|it| number(it.id, it.name)).collect()
    } else if is(field, "protocolid") {
        tables::protocols::all().iter().map(|it| number(it.0, it.1)).collect()
    } else if is(field, "EventID") {
        let ids = tables::windows_events::all().iter().map(|it| it.event_id);
        let ids: std::collections::BTreeSet<_> = ids.collect();
        ids.into_iter().map(|it| number(it, events(it).join("; "))).collect()
    } else if is(field, "qideventcategory") {
        let channels = tables::windows_events::all().iter().map(|it| (it.channel, it.provider));
        let channels: BTreeMap<_, _> = channels.filter(|it| !it.0.is_empty()).collect();
        channels.into_keys().map(|it| text(it, "channel of Windows")).collect()
    } else {
        Vec::new()
    }
}

/// What events of Windows have this id: channel and what is known of it.
fn events(id: u32) -> Vec<String> {
    let kinds = tables::windows_events::all().iter().filter(|it| it.event_id == id);
    let kind = |it: &tables::windows_events::WindowsEventKind| {
        let qid = tables::qids::qid(it.channel, it.provider, id).and_then(|it| it.name);
        let category = tables::categories::by_id(it.category).map(|it| it.name);
        let provider = if it.provider.is_empty() { String::new() } else { format!(" ({})", it.provider) };
        format!("{}{provider}: {}", it.channel, qid.or(category).unwrap_or("known, without a public name"))
    };
    kinds.map(kind).collect()
}

fn of_call(function: &str) -> Vec<Candidate> {
    match function {
        "LOGSOURCETYPENAME" => log_source_type_names(),
        "QIDNAME" => {
            let named = tables::qids::all().iter().filter_map(|it| Some(text(it.name?, format!("QID {}", it.id))));
            named.collect()
        }
        "CATEGORYNAME" => {
            tables::categories::all().iter().map(|it| text(it.name, format!("category {}", it.id))).collect()
        }
        "PROTOCOLNAME" => tables::protocols::all().iter().map(|it| text(it.1, format!("protocol {}", it.0))).collect(),
        _ => Vec::new(),
    }
}

fn log_source_type_names() -> Vec<Candidate> {
    tables::log_source_types::all().iter().map(|it| text(it.name(), format!("devicetype {}", it.id))).collect()
}

fn of_first_argument(function: &str, settings: &Settings) -> Vec<Candidate> {
    let (kind, what) = match function {
        "LOGSOURCETYPEID" => return log_source_type_names(),
        "REFERENCESETCONTAINS" => (CollectionKind::Set, "reference set"),
        "REFERENCEMAP" => (CollectionKind::Map, "reference map"),
        "REFERENCEMAPSETCONTAINS" => (CollectionKind::MapOfSets, "reference map of sets"),
        "REFERENCETABLE" => (CollectionKind::Table, "reference table"),
        _ => return Vec::new(),
    };
    let names = settings.options.environment.reference_data.names(kind);
    names.into_iter().map(|it| text(it, what)).collect()
}

/// What a value means where it stands, as Markdown.
pub(crate) fn meaning(subject: &Subject, value: &str, database: &Database, settings: &Settings) -> Option<String> {
    let field = match subject {
        Subject::Name(name) => database.field(name),
        _ => None,
    };
    if field.is_some_and(|it| is(it, "EventID")) {
        let events = events(value.parse().ok()?);
        return (!events.is_empty()).then(|| format!("event id {value} of Windows\n\n* {}", events.join("\n* ")));
    }
    let found = candidates(subject, database, settings);
    let found = found.into_iter().find(|it| it.value.eq_ignore_ascii_case(value))?;
    Some(format!("`{}`: {}", found.value, found.detail))
}
