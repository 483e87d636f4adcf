//! The log sources of rules: from classes of events back to Sigma's category, product and service.

use schema::tables::log_source_types::{LINUX, MACOS, WINDOWS};
use schema::tables::windows_events;
use syntax::Span;

use super::class::{Class, Part};
use super::formula::{FieldKey, Formula, Test};
use super::names::{self, Scope};

/// The log source of a rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct LogSource {
    pub(super) category: Option<String>,
    pub(super) product: Option<String>,
    pub(super) service: Option<String>,
}

impl LogSource {
    /// A short name for titles and files.
    pub(super) fn title(&self) -> String {
        let parts = [&self.category, &self.service, &self.product];
        let name = parts.into_iter().flatten().next().map_or("any", String::as_str);
        name.replace(['-', '_'], " ")
    }
}

/// A class with what the query asks of its events.
pub(super) type Leaf = (Class, Formula);

/// A category of Windows events: every event of these channels and ids is one, and no other.
type Category = (&'static str, &'static [(&'static str, &'static [&'static str])]);

const SYSMON: &str = windows_events::SYSMON_CHANNEL;
const POWERSHELL: &str = windows_events::POWERSHELL_CHANNEL;
const POWERSHELL_CORE: &str = "PowerShellCore/Operational";

/// Those with more events first.
const CATEGORIES: &[Category] = &[
    ("registry_event", &[(SYSMON, &["12", "13", "14"])]),
    ("process_creation", &[(SYSMON, &["1"]), ("Security", &["4688"])]),
    ("ps_script", &[(POWERSHELL, &["4104"]), (POWERSHELL_CORE, &["4104"])]),
    ("ps_module", &[(POWERSHELL, &["4103"]), (POWERSHELL_CORE, &["4103"])]),
    ("pipe_created", &[(SYSMON, &["17", "18"])]),
    ("wmi_event", &[(SYSMON, &["19", "20", "21"])]),
    ("file_change", &[(SYSMON, &["2"])]),
    ("network_connection", &[(SYSMON, &["3"])]),
    ("process_termination", &[(SYSMON, &["5"])]),
    ("driver_load", &[(SYSMON, &["6"])]),
    ("image_load", &[(SYSMON, &["7"])]),
    ("create_remote_thread", &[(SYSMON, &["8"])]),
    ("raw_access_thread", &[(SYSMON, &["9"])]),
    ("process_access", &[(SYSMON, &["10"])]),
    ("file_event", &[(SYSMON, &["11"])]),
    ("registry_set", &[(SYSMON, &["13"])]),
    ("create_stream_hash", &[(SYSMON, &["15"])]),
    ("dns_query", &[(SYSMON, &["22"])]),
];

/// Services of Windows with their channels.
const SERVICES: &[(&str, &str)] = &[
    ("security", "Security"),
    ("system", "System"),
    ("application", "Application"),
    ("sysmon", SYSMON),
    ("powershell", POWERSHELL),
];

/// What is asked of some events, and which events these are.
type Asked = (Formula, Vec<Formula>);

/// One rule: its log source and what it asks, in Sigma's names.
pub(super) type Sourced = (LogSource, Formula);

/// Groups the classes of a query into rules, one for each log source.
pub(super) fn group(leaves: Vec<Leaf>) -> Vec<Sourced> {
    let (windows, others): (Vec<_>, Vec<_>) =
        leaves.into_iter().partition(|(class, _)| class.device_type == Part::Is(WINDOWS));
    let mut rules = Vec::new();
    let rest = whole_categories(windows, &mut rules);
    let rest = parts_of_categories(rest, &mut rules);
    services(rest, &mut rules);
    for (class, formula) in others {
        rules.push(other_product(&class, &formula));
    }
    rules
}

fn events(category: &Category) -> Vec<(&'static str, &'static str)> {
    category.1.iter().flat_map(|(channel, ids)| ids.iter().map(|id| (*channel, *id))).collect()
}

fn is_event(class: &Class, (channel, id): (&str, &str)) -> bool {
    class.channel() == Some(channel) && class.event_id() == Some(id)
}

/// Categories of which the query asks the same of every event.
fn whole_categories(mut leaves: Vec<Leaf>, rules: &mut Vec<Sourced>) -> Vec<Leaf> {
    for category in CATEGORIES {
        let events = events(category);
        let found: Vec<usize> =
            events.iter().filter_map(|event| leaves.iter().position(|(class, _)| is_event(class, *event))).collect();
        let Some(&first) = found.first() else { continue };
        let formula = leaves[first].1.clone();
        if found.len() < events.len() || found.iter().any(|it| leaves[*it].1 != formula) {
            continue;
        }
        let class = Class { device_type: Part::Is(WINDOWS), ..Class::open() };
        let named = names::named(&formula, &Scope { category: Some(category.0), class: &class });
        rules.push((windows(Some(category.0), None), named));
        leaves.retain(|(class, _)| !events.iter().any(|event| is_event(class, *event)));
    }
    leaves
}

/// Categories of which the query asks for some events, or asks differently: the rule tells the events apart.
fn parts_of_categories(mut leaves: Vec<Leaf>, rules: &mut Vec<Sourced>) -> Vec<Leaf> {
    for category in CATEGORIES.iter().rev() {
        let events = events(category);
        let (mine, rest): (Vec<_>, Vec<_>) =
            leaves.into_iter().partition(|(class, _)| events.iter().any(|event| is_event(class, *event)));
        leaves = rest;
        if mine.is_empty() {
            continue;
        }
        let one_channel = category.1.len() == 1;
        let one_id = category.1.iter().all(|(_, ids)| ids.len() == 1);
        let told = mine.iter().map(|(class, formula)| {
            let scope = Scope { category: Some(category.0), class };
            let channel = class.channel().filter(|_| !one_channel).map(|it| equal("Channel", it));
            let id = class.event_id().filter(|_| !one_id).map(|it| equal("EventID", it));
            Formula::and(channel.into_iter().chain(id).chain([names::named(formula, &scope)]))
        });
        rules.push((windows(Some(category.0), None), Formula::or(told)));
    }
    leaves
}

/// What is left of Windows: a rule for each service, one for the rest.
fn services(leaves: Vec<Leaf>, rules: &mut Vec<Sourced>) {
    let mut grouped: Vec<(LogSource, Vec<Asked>)> = Vec::new();
    for (class, formula) in leaves {
        let service = SERVICES.iter().find(|it| class.channel() == Some(it.1)).map(|it| it.0);
        let source = windows(None, service);
        let named = names::named(&formula, &Scope { category: None, class: &class });
        let channel = class.channel().filter(|_| service.is_none()).map(|it| equal("Channel", it));
        let id = class.event_id().map(|it| equal("EventID", it));
        let event = Formula::and(channel.into_iter().chain(id));
        let index = grouped.iter().position(|it| it.0 == source).unwrap_or_else(|| {
            grouped.push((source, Vec::new()));
            grouped.len() - 1
        });
        let group = &mut grouped[index].1;
        match group.iter_mut().find(|it| it.0 == named) {
            Some((_, events)) => events.push(event),
            None => group.push((named, vec![event])),
        }
    }
    for (source, parts) in grouped {
        let parts = parts.into_iter().map(|(formula, events)| Formula::and([Formula::or(events), formula]));
        rules.push((source, Formula::or(parts)));
    }
}

fn windows(category: Option<&str>, service: Option<&str>) -> LogSource {
    LogSource {
        category: category.map(str::to_owned),
        product: Some("windows".to_owned()),
        service: service.map(str::to_owned),
    }
}

fn equal(name: &str, value: &str) -> Formula {
    let test = Test::Text {
        kind: aql::bound::PatternKind::Equal,
        text: value.to_owned(),
        case: aql::bound::Case::Insensitive,
    };
    Formula::atom(FieldKey::Property(name.to_owned()), test, Span::default())
}

fn other_product(class: &Class, formula: &Formula) -> Sourced {
    let product = match class.device_type {
        Part::Is(LINUX) => Some("linux"),
        Part::Is(MACOS) => Some("macos"),
        _ => None,
    };
    let source = LogSource { product: product.map(str::to_owned), ..LogSource::default() };
    let named = names::named(formula, &Scope { category: None, class });
    let channel = class.channel().map(|it| equal("Channel", it));
    let id = class.event_id().map(|it| equal("EventID", it));
    (source, Formula::and(channel.into_iter().chain(id).chain([named])))
}

/// The class of all events of a log source.
pub(super) fn class_of(source: &LogSource) -> Class {
    let device_type = match source.product.as_deref() {
        Some("windows") => Part::Is(WINDOWS),
        Some("linux") => Part::Is(LINUX),
        Some("macos") => Part::Is(MACOS),
        _ => Part::Open,
    };
    let channel = source.service.as_deref().and_then(|name| SERVICES.iter().find(|it| it.0 == name));
    let channel = channel.map_or(Part::Open, |it| Part::Is(it.1.to_owned()));
    Class { device_type, channel, event_id: Part::Open }
}
