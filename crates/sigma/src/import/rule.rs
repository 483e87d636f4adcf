//! A rule about single events as a condition of AQL.

use syntax::Diagnostic;

use super::Placeholders;
use super::column::literal;
use super::predicate::Predicate;
use super::test::{Context, field_test};
use crate::log_source::{self, Class, Resolved};
use crate::rule::{Condition, Item, LogSource, Quantity, Rule, Search, Selector};

/// The longest condition of a query, in bytes.
const CONDITION_BYTES_MAX: usize = 512 * 1024;

/// What a rule asks of events.
#[derive(Clone, Debug)]
pub(super) struct Logic {
    /// Log source and condition.
    pub(super) predicate: Predicate,
    /// The columns that it tests, in order.
    pub(super) columns: Vec<String>,
    /// What its log source is.
    pub(super) log_source: Resolved,
    /// What was taken otherwise than it stands.
    pub(super) notes: Vec<Diagnostic>,
}

/// Makes the condition; the filters of other documents join it.
pub(super) fn logic(
    rule: &Rule,
    filters: &[&Rule],
    fields: &[String],
    placeholders: &Placeholders,
) -> Result<Logic, Box<Diagnostic>> {
    let log_source = log_source::resolve(&rule.log_source);
    let mut notes = log_source_notes(rule, &log_source);
    let is_audit = is_audit(&rule.log_source);
    let mut context = Context { placeholders, is_audit, columns: Vec::new(), notes: Vec::new() };
    let mut operands = class(&log_source);
    operands.push(condition(rule, &mut context)?);
    for filter in filters {
        operands.push(condition(filter, &mut context)?);
    }
    for field in fields {
        if let Some(column) = super::column::Column::of(field)
            && !context.columns.contains(&column.text)
        {
            context.columns.push(column.text);
        }
    }
    notes.append(&mut context.notes);
    let predicate = Predicate::and(operands);
    if predicate.line().len() > CONDITION_BYTES_MAX {
        let message = format!("the condition is longer than {CONDITION_BYTES_MAX} bytes of AQL");
        return Err(Box::new(Diagnostic::error("sigma-size", rule.span, message)));
    }
    Ok(Logic { predicate, columns: context.columns, log_source, notes })
}

fn is_audit(log_source: &LogSource) -> bool {
    log_source.product.as_deref() == Some("linux") && log_source.service.as_deref() == Some("auditd")
}

/// What of the log source the query cannot ask for.
fn log_source_notes(rule: &Rule, log_source: &Resolved) -> Vec<Diagnostic> {
    let say = |(key, value): &(&str, String)| {
        let message = format!("no log source type or class of events is known for {key} `{value}`");
        let reads = if log_source.device_types.is_empty() && log_source.classes.is_empty() {
            "the query reads the events of every log source"
        } else {
            "the query does not ask for it"
        };
        Diagnostic::new("sigma-log-source", syntax::Severity::Note, rule.log_source_span, message).with_note(reads)
    };
    log_source.unknown.iter().map(say).collect()
}

/// The log source as tests of the columns that tell the class of an event.
fn class(log_source: &Resolved) -> Vec<Predicate> {
    let numbers = |column: &str, values: &[i64]| match values {
        [] => None,
        [one] => Some(Predicate::Sure(format!("{column} = {one}"))),
        several => {
            let list: Vec<_> = several.iter().map(i64::to_string).collect();
            Some(Predicate::Sure(format!("{column} IN ({})", list.join(", "))))
        }
    };
    let texts = |column: &str, values: &[&str]| match values {
        [] => None,
        [one] => Some(Predicate::Sure(format!("{column} = {}", literal(one)))),
        several => {
            let list: Vec<_> = several.iter().map(|it| literal(it)).collect();
            Some(Predicate::Sure(format!("{column} IN ({})", list.join(", "))))
        }
    };
    let one = |class: &Class| {
        let ids: Vec<i64> = class.event_ids.iter().map(|it| i64::from(*it)).collect();
        let conditions = [
            texts("qideventcategory", class.channels),
            numbers("\"Event ID\"", &ids),
            texts("\"EventType\"", class.event_types),
            numbers("category", class.categories),
        ];
        Predicate::and(conditions.into_iter().flatten().collect())
    };
    let mut predicates: Vec<_> = numbers("devicetype", log_source.device_types).into_iter().collect();
    predicates.extend(log_source.classes.iter().map(|classes| Predicate::or(classes.iter().map(one).collect())));
    predicates
}

/// Any of the conditions of a rule.
fn condition(rule: &Rule, context: &mut Context) -> Result<Predicate, Box<Diagnostic>> {
    let mut made = Vec::with_capacity(rule.searches.len());
    for search in &rule.searches {
        made.push((search, search_predicate(&search.item, context)?));
    }
    Ok(Predicate::or(rule.conditions.iter().map(|it| combined(it, &made)).collect()))
}

fn search_predicate(item: &Item, context: &mut Context) -> Result<Predicate, Box<Diagnostic>> {
    match item {
        Item::All(tests) => {
            let tests = tests.iter().map(|it| field_test(it, context));
            Ok(Predicate::and(tests.collect::<Result<_, _>>()?))
        }
        Item::Any(items) => {
            let items = items.iter().map(|it| search_predicate(it, context));
            Ok(Predicate::or(items.collect::<Result<_, _>>()?))
        }
    }
}

fn combined(condition: &Condition, made: &[(&Search, Predicate)]) -> Predicate {
    match condition {
        Condition::Search(name) => {
            let found = made.iter().find(|it| it.0.name == *name).map(|it| it.1.clone());
            found.unwrap_or_else(|| Predicate::Or(Vec::new()))
        }
        Condition::And(operands) => Predicate::and(operands.iter().map(|it| combined(it, made)).collect()),
        Condition::Or(operands) => Predicate::or(operands.iter().map(|it| combined(it, made)).collect()),
        Condition::Not(inner) => combined(inner, made).negated(),
        Condition::Of(quantity, selector) => of(*quantity, selector, made),
    }
}

fn of(quantity: Quantity, selector: &Selector, made: &[(&Search, Predicate)]) -> Predicate {
    let selected: Vec<_> = made.iter().filter(|it| selector.selects(&it.0.name)).map(|it| it.1.clone()).collect();
    match quantity {
        Quantity::All => Predicate::and(selected),
        Quantity::AtLeast(count) if count == selected.len() => Predicate::and(selected),
        Quantity::AtLeast(1) => Predicate::or(selected),
        Quantity::AtLeast(count) => {
            let ones: Vec<_> = selected.iter().map(|it| format!("CASE WHEN {} THEN 1 ELSE 0 END", it.line())).collect();
            Predicate::Sure(format!("{} >= {count}", ones.join(" + ")))
        }
    }
}
