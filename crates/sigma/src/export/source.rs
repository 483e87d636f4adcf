//! The log sources of rules: from classes of events back to Sigma's category, product and service, by the table that the
//! import reads too.

use aql::bound::{Case, PatternKind};
use schema::tables::log_source_types::{LINUX, WINDOWS};
use schema::tables::windows_events;
use syntax::Span;

use super::class::{Class, Part};
use super::fold::unsayable;
use super::formula::{FieldKey, Formula, Test};
use super::names::{self, Scope};
use crate::log_source::{self, Name, PRODUCTS, Product, ROWS, Row};
use crate::rule::LogSource;

/// A short name of a log source for titles and files.
pub(super) fn title(source: &LogSource) -> String {
    let parts = [&source.category, &source.service, &source.product];
    let name = parts.into_iter().flatten().next().map_or("any", String::as_str);
    name.replace(['-', '_'], " ")
}

/// A class with what the query asks of its events.
pub(super) type Leaf = (Class, Formula);

/// One rule: its log source and what it asks, in Sigma's names.
pub(super) type Sourced = (LogSource, Formula);

/// Groups the classes of a query into rules, one for each log source. A query that names no log source type is about the
/// platform of its page.
pub(super) fn group(leaves: Vec<Leaf>, platform: Option<&str>) -> Vec<Sourced> {
    let mut rules: Vec<Sourced> = Vec::new();
    for (product, mut leaves) in by_product(leaves, platform, &mut rules) {
        for category in ROWS.iter().filter(|it| it.product == product.name) {
            if let Name::Category(name) = category.name {
                whole_category(product, name, category, &mut leaves, &mut rules);
            }
        }
        for category in smallest_first(product) {
            if let Name::Category(name) = category.name {
                part_of_category(product, name, category, &mut leaves, &mut rules);
            }
        }
        services(product, leaves, &mut rules);
    }
    rules
}

/// The categories of a product, those with fewer events first.
fn smallest_first(product: &Product) -> Vec<&'static Row> {
    let mut rows: Vec<_> = ROWS.iter().filter(|it| it.product == product.name).collect();
    rows.sort_by_key(|it| kinds(it).len());
    rows
}

/// The classes of each product. What belongs to none, or to a part of one, becomes a rule that says so.
fn by_product(
    leaves: Vec<Leaf>,
    platform: Option<&str>,
    rules: &mut Vec<Sourced>,
) -> Vec<(&'static Product, Vec<Leaf>)> {
    let mut grouped: Vec<(&'static Product, Vec<Leaf>)> = Vec::new();
    let mut rest = leaves;
    while let Some((class, formula)) = (!rest.is_empty()).then(|| rest.remove(0)) {
        let Some(product) = product_of(&class, platform) else {
            rules.push((LogSource::default(), formula));
            continue;
        };
        let mut missing: Vec<i64> = product.device_types.to_vec();
        if let Part::Is(device_type) = class.device_type {
            missing.retain(|it| *it != device_type);
            // A product of several types of log source: all of them, asked the same.
            rest.retain(|(other, asked)| {
                let Part::Is(number) = other.device_type else { return true };
                let same =
                    *asked == formula && Class { device_type: class.device_type.clone(), ..other.clone() } == class;
                let found = same && missing.contains(&number);
                missing.retain(|it| !(found && *it == number));
                !found
            });
        } else {
            missing.clear();
        }
        let formula = if missing.is_empty() {
            formula
        } else {
            let what = format!("log source type {} apart from the others of {}", device(&class), product.title);
            Formula::and([unsayable(Span::default(), what, "name all types of the product"), formula])
        };
        let class = Class { device_type: Part::Open, ..class };
        match grouped.iter_mut().find(|it| std::ptr::eq(it.0, product)) {
            Some((_, leaves)) => leaves.push((class, formula)),
            None => grouped.push((product, vec![(class, formula)])),
        }
    }
    grouped
}

fn device(class: &Class) -> String {
    if let Part::Is(number) = class.device_type { number.to_string() } else { "of any kind".to_owned() }
}

/// The product that a class belongs to: by its type of log source, else by its channel, else by the platform.
fn product_of(class: &Class, platform: Option<&str>) -> Option<&'static Product> {
    let plain = || PRODUCTS.iter().filter(|it| it.service.is_empty() && !it.name.is_empty());
    if let Part::Is(device_type) = class.device_type {
        return plain().find(|it| it.device_types.contains(&device_type));
    }
    let of_channel = class.channel().and_then(|channel| {
        ROWS.iter().find(|row| row.classes.iter().any(|it| it.channels.contains(&channel))).map(|it| it.product)
    });
    let name = of_channel.or_else(|| platform.filter(|it| matches!(*it, "windows" | "linux" | "macos")))?;
    log_source::find_product(name, None)
}

/// A kind of event: channel, event id, low-level category, as far as a row names them.
#[derive(Clone, Debug, PartialEq)]
struct Kind {
    channel: Option<&'static str>,
    event_id: Option<u32>,
    category: Option<i64>,
    event_types: &'static [&'static str],
}

fn kinds(row: &Row) -> Vec<Kind> {
    fn each<T: Copy>(values: &[T]) -> Vec<Option<T>> {
        if values.is_empty() { vec![None] } else { values.iter().copied().map(Some).collect() }
    }
    let mut kinds = Vec::new();
    for class in row.classes {
        for channel in each(class.channels) {
            for event_id in each(class.event_ids) {
                for category in each(class.categories) {
                    kinds.push(Kind { channel, event_id, category, event_types: class.event_types });
                }
            }
        }
    }
    kinds
}

impl Kind {
    /// Whether the class is exactly this kind, its types of event apart.
    fn is(&self, class: &Class) -> bool {
        let id = self.event_id.map(|it| it.to_string());
        class.channel() == self.channel
            && class.event_id() == id.as_deref()
            && match (self.category, &class.category) {
                (Some(one), Part::Is(other)) => one == *other,
                (None, Part::Open) => true,
                _ => false,
            }
    }

    /// What is asked of events of this kind, without that they are of one of its types; none if that is not asked.
    fn asked(&self, formula: &Formula) -> Option<Formula> {
        if self.event_types.is_empty() {
            return Some(formula.clone());
        }
        let column = schema::EVENTS.position("EventType")?;
        let test = |it: &&str| {
            let test = Test::Text { kind: PatternKind::Equal, text: (*it).to_owned(), case: Case::Insensitive };
            Formula::atom(FieldKey::Column(column), test, Span::default())
        };
        let wanted = Formula::or(self.event_types.iter().map(test));
        match formula {
            Formula::And(parts) => {
                let index = parts.iter().position(|it| *it == wanted)?;
                let mut parts = parts.clone();
                parts.remove(index);
                Some(Formula::and(parts))
            }
            other => (*other == wanted).then_some(Formula::True),
        }
    }
}

fn log_source(product: &Product, category: Option<&str>, service: Option<&str>) -> LogSource {
    LogSource {
        category: category.map(str::to_owned),
        product: Some(product.name.to_owned()),
        service: service.map(str::to_owned),
        definition: None,
    }
}

/// The class as names of fields see it: of its product.
fn of_product(product: &Product, class: &Class) -> Class {
    let device_type = product.device_types.first().map_or(Part::Open, |it| Part::Is(*it));
    Class { device_type, ..class.clone() }
}

/// A category, when the query asks the same of all of its events.
fn whole_category(product: &'static Product, name: &str, row: &Row, leaves: &mut Vec<Leaf>, rules: &mut Vec<Sourced>) {
    let kinds = kinds(row);
    let found: Option<Vec<(usize, Formula)>> = kinds
        .iter()
        .map(|kind| {
            let index = leaves.iter().position(|(class, _)| kind.is(class))?;
            Some((index, kind.asked(&leaves[index].1)?))
        })
        .collect();
    let Some(found) = found else { return };
    let Some((_, formula)) = found.first().cloned() else { return };
    if found.iter().any(|it| it.1 != formula) {
        return;
    }
    let class = of_product(product, &Class::open());
    let named = names::named(&formula, &Scope { category: Some(name), class: &class });
    rules.push((log_source(product, Some(name), None), named));
    leaves.retain(|(class, _)| !kinds.iter().any(|it| it.is(class)));
}

/// A category, when the query asks for some of its events or asks differently: the rule tells the events apart.
fn part_of_category(
    product: &'static Product,
    name: &str,
    row: &Row,
    leaves: &mut Vec<Leaf>,
    rules: &mut Vec<Sourced>,
) {
    let kinds: Vec<Kind> = kinds(row).into_iter().filter(|it| it.event_types.is_empty()).collect();
    if kinds.len() < row.classes.len() || kinds.iter().any(|it| it.channel.is_none() || it.event_id.is_none()) {
        return;
    }
    let is_mine = |class: &Class| kinds.iter().any(|kind| kind.is(class));
    let (mine, rest): (Vec<_>, Vec<_>) = std::mem::take(leaves).into_iter().partition(|(class, _)| is_mine(class));
    *leaves = rest;
    if mine.is_empty() {
        return;
    }
    let one_channel = kinds.iter().all(|it| it.channel == kinds[0].channel);
    let one_id_a_channel =
        kinds.iter().all(|it| kinds.iter().all(|other| other.channel != it.channel || other.event_id == it.event_id));
    let told = mine.iter().map(|(class, formula)| {
        let named_class = of_product(product, class);
        let scope = Scope { category: Some(name), class: &named_class };
        let channel = class.channel().filter(|_| !one_channel).map(|it| equal("Channel", it));
        let id = class.event_id().filter(|_| !one_id_a_channel).map(|it| equal("EventID", it));
        Formula::and(channel.into_iter().chain(id).chain([names::named(formula, &scope)]))
    });
    rules.push((log_source(product, Some(name), None), Formula::or(told)));
}

/// What is asked of some events, and which events these are.
struct Asked {
    formula: Formula,
    event_id: Option<String>,
    category: Option<i64>,
    channels: Vec<String>,
}

/// What no category has: a rule for each service, one for the rest of the product.
fn services(product: &'static Product, leaves: Vec<Leaf>, rules: &mut Vec<Sourced>) {
    let mut grouped: Vec<(Option<&'static Row>, Vec<Asked>)> = Vec::new();
    for (class, formula) in leaves {
        let row = class.channel().and_then(|channel| {
            ROWS.iter()
                .filter(|it| it.product == product.name && matches!(it.name, Name::Service(_)))
                .find(|row| row.classes.iter().any(|it| it.event_ids.is_empty() && it.channels.contains(&channel)))
        });
        let named_class = of_product(product, &class);
        let formula = names::named(&formula, &Scope { category: None, class: &named_class });
        let category = if let Part::Is(category) = class.category { Some(category) } else { None };
        let event_id = class.event_id().map(str::to_owned);
        let channel = class.channel().map(str::to_owned);
        let same_row = |it: Option<&'static Row>| match (it, row) {
            (Some(one), Some(other)) => std::ptr::eq(one, other),
            (None, None) => true,
            _ => false,
        };
        let index = grouped.iter().position(|it| same_row(it.0)).unwrap_or_else(|| {
            grouped.push((row, Vec::new()));
            grouped.len() - 1
        });
        let group = &mut grouped[index].1;
        let is_same = |it: &&mut Asked| {
            it.formula == formula && it.event_id == event_id && it.category == category && channel.is_some()
        };
        match group.iter_mut().find(is_same) {
            Some(asked) => asked.channels.extend(channel),
            None => group.push(Asked { formula, event_id, category, channels: channel.into_iter().collect() }),
        }
    }
    for (row, asked) in grouped {
        let service = row.and_then(|it| if let Name::Service(name) = it.name { Some(name) } else { None });
        let all: Vec<&str> = row.iter().flat_map(|it| it.classes).flat_map(|it| it.channels).copied().collect();
        let formula = Formula::or(merged(asked).into_iter().map(|(events, formula)| {
            let events = events.into_iter().map(|it| event(&it, &all));
            Formula::and([Formula::or(events), formula])
        }));
        rules.push((log_source(product, None, service), formula));
    }
}

/// Which events, for each thing that is asked.
fn merged(asked: Vec<Asked>) -> Vec<(Vec<Asked>, Formula)> {
    let mut merged: Vec<(Vec<Asked>, Formula)> = Vec::new();
    for one in asked {
        let formula = one.formula.clone();
        match merged.iter_mut().find(|it| it.1 == formula) {
            Some((events, _)) => events.push(one),
            None => merged.push((vec![one], formula)),
        }
    }
    merged
}

/// That an event is one of those, where the service has these channels.
fn event(asked: &Asked, all: &[&str]) -> Formula {
    let is_all = !all.is_empty() && all.iter().all(|it| asked.channels.iter().any(|other| other == it));
    let channels = Formula::or(asked.channels.iter().map(|it| equal("Channel", it)));
    let channels = if is_all || asked.channels.is_empty() { Formula::True } else { channels };
    let id = asked.event_id.as_deref().map_or(Formula::True, |it| equal("EventID", it));
    let category = asked.category.map_or(Formula::True, |it| {
        let what = format!("the low-level category {it}, a number of QRadar alone");
        unsayable(Span::default(), what, "name the channel and the event id")
    });
    Formula::and([channels, id, category])
}

fn equal(name: &str, value: &str) -> Formula {
    let test = Test::Text { kind: PatternKind::Equal, text: value.to_owned(), case: Case::Insensitive };
    Formula::atom(FieldKey::Property(name.to_owned()), test, Span::default())
}

/// The class of all events of a log source.
pub(super) fn class_of(source: &LogSource) -> Class {
    let device_type = match source.product.as_deref() {
        Some("windows") => Part::Is(WINDOWS),
        Some("linux") => Part::Is(LINUX),
        _ => Part::Open,
    };
    let service = source.service.as_deref().unwrap_or_default();
    let is_row = |it: &&Row| {
        Some(it.product) == source.product.as_deref() && matches!(it.name, Name::Service(name) if name == service)
    };
    let row = ROWS.iter().find(is_row);
    let channel = row.and_then(|it| it.classes.first()).and_then(|it| it.channels.first());
    let channel = channel.map_or(Part::Open, |it| Part::Is((*it).to_owned()));
    Class { device_type, channel, ..Class::open() }
}

/// The platform that a query is about without saying so; none when each class tells its product.
pub(super) fn assumed_platform(leaves: &[Leaf], platform: Option<&str>) -> Option<String> {
    let silent = leaves.iter().map(|it| &it.0).filter(|it| product_of(it, None).is_none());
    let silent: Vec<&Class> = silent.filter(|it| it.device_type == Part::Open).collect();
    if silent.is_empty() {
        return None;
    }
    let is_windows = |class: &&Class| {
        let id = class.event_id().and_then(|it| it.parse::<u32>().ok());
        id.is_some_and(|id| windows_events::all().iter().any(|it| it.event_id == id))
    };
    let platform = platform.filter(|it| log_source::find_product(it, None).is_some());
    platform.map(str::to_owned).or_else(|| silent.iter().all(is_windows).then(|| "windows".to_owned()))
}
