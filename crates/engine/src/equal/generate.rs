//! Events made from what two queries say: rows that reachability names, and those with single values changed to what the
//! tests of both queries look for.

use std::sync::Arc;

use aql::bound::{Expr, ExprKind, Literal};
use aql::reachability::{Answer, Outcome, Reachability, Value as RowValue, Witness};
use ingest::{Event, Locator, Value};

use crate::mutate::proposals;

/// Events that are made.
const EVENTS_MAX: usize = 4000;
/// How many values of a field are tried longer, too, and by how many characters.
const LENGTHENED: usize = 4;
const LONGER: usize = 64;

/// The event that a witness names.
pub(super) fn event(witness: &Witness) -> Event {
    let mut event = Event { locator: locator(0), fields: Vec::new(), properties: Vec::new() };
    for (operand, value) in &witness.values {
        set(&mut event, operand, value_of(value));
    }
    event
}

/// Events near to those that pass one of the conditions or neither.
pub(super) fn events(conditions: &[&Expr; 2], reachability: &mut Reachability) -> Vec<Event> {
    let [one, other] = *conditions;
    let goals = [
        vec![(one, Outcome::True)],
        vec![(other, Outcome::True)],
        vec![(one, Outcome::True), (other, Outcome::True)],
        vec![(one, Outcome::NotTrue), (other, Outcome::NotTrue)],
    ];
    let mut bases: Vec<Event> = Vec::new();
    for goal in &goals {
        if let Answer::Possible(witness) = reachability.can(goal) {
            bases.push(event(&witness));
        }
    }
    if bases.is_empty() {
        bases.push(Event { locator: locator(0), fields: Vec::new(), properties: Vec::new() });
    }
    let mut leaves = Vec::new();
    collect(one, &mut leaves);
    collect(other, &mut leaves);
    let mut events = bases.clone();
    for base in &bases {
        for leaf in &leaves {
            for (operand, value) in values(leaf, base) {
                let mut event = base.clone();
                set(&mut event, operand, value);
                if events.len() < EVENTS_MAX {
                    events.push(event);
                }
            }
        }
    }
    number(&mut events);
    events
}

/// Tells events apart by their place.
pub(super) fn number(events: &mut [Event]) {
    for (number, event) in (1..).zip(events) {
        event.locator = locator(number);
    }
}

fn locator(record: u64) -> Locator {
    Locator { file: "made from the queries".into(), record, offset: record }
}

fn collect<'a>(expr: &'a Expr, leaves: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Text(_) | ExprKind::Compare(..) | ExprKind::In { .. } | ExprKind::IsNull { .. }
            if !leaves.contains(&expr) =>
        {
            leaves.push(expr);
        }
        _ => {}
    }
    expr.children().into_iter().for_each(|it| collect(it, leaves));
}

/// The fields that a test looks at with values that it looks for.
fn values<'a>(leaf: &'a Expr, base: &Event) -> Vec<(&'a Expr, Option<Value>)> {
    let mut fields: Vec<&Expr> = Vec::new();
    let mut collect = |it: &'a Expr| {
        if matches!(it.kind, ExprKind::Field(_) | ExprKind::Property(_)) {
            fields.push(it);
        }
    };
    visit(leaf, &mut collect);
    let as_text = |it: &str| Some(Value::Text(it.into()));
    let mut found = Vec::new();
    for field in fields {
        found.push((field, None));
        let proposed: Vec<Option<Value>> = match &leaf.kind {
            ExprKind::Text(test) => {
                let mut texts = proposals(test, held(base, field).as_deref());
                // A test may ask for the length.
                texts.extend(texts.clone().iter().take(LENGTHENED).map(|it| format!("{it}{}", "x".repeat(LONGER))));
                texts.iter().map(|it| as_text(it)).collect()
            }
            ExprKind::Compare(_, _, right) => literals(std::iter::once(&**right)),
            ExprKind::In { list, .. } => literals(list.iter()),
            _ => vec![as_text("x")],
        };
        found.extend(proposed.into_iter().map(|it| (field, it)));
    }
    found
}

fn visit<'a>(expr: &'a Expr, visitor: &mut dyn FnMut(&'a Expr)) {
    visitor(expr);
    expr.children().into_iter().for_each(|it| visit(it, visitor));
}

fn literals<'a>(values: impl Iterator<Item = &'a Expr>) -> Vec<Option<Value>> {
    let mut found = Vec::new();
    for value in values {
        match value.as_literal() {
            Some(Literal::Integer(number)) => {
                found.extend([-1, 0, 1].map(|it| Some(Value::Integer(number.saturating_add(it)))));
            }
            Some(Literal::Double(number)) => found.extend([-1.0, 0.0, 1.0].map(|it| Some(Value::Double(number + it)))),
            Some(Literal::Text(text)) => found.push(Some(Value::Text(text.as_str().into()))),
            Some(Literal::Boolean(it)) => found.extend([Some(Value::Boolean(*it)), Some(Value::Boolean(!it))]),
            _ => {}
        }
    }
    found
}

/// The text that a field of an event holds.
fn held(event: &Event, operand: &Expr) -> Option<String> {
    match &operand.kind {
        ExprKind::Field(index) => match crate::event_value::value_of(event, *index)? {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        },
        ExprKind::Property(name) => {
            event.properties.iter().find(|(it, _)| **it == **name).map(|(_, value)| value.to_string())
        }
        _ => None,
    }
}

fn value_of(value: &RowValue) -> Option<Value> {
    Some(match value {
        RowValue::Null | RowValue::Texts(_) => return None,
        RowValue::Text(text) => Value::Text(text.as_str().into()),
        RowValue::Integer(number) => Value::Integer(*number),
        RowValue::Double(number) => Value::Double(*number),
        RowValue::Boolean(it) => Value::Boolean(*it),
        RowValue::Integers(numbers) => Value::Integers(numbers.clone()),
    })
}

/// Gives a field or property a value, or none.
fn set(event: &mut Event, operand: &Expr, value: Option<Value>) {
    match &operand.kind {
        ExprKind::Field(index) => {
            let Ok(index) = u16::try_from(*index) else { return };
            event.fields.retain(|(it, _)| *it != index);
            event.fields.extend(value.map(|it| (index, it)));
            event.fields.sort_by_key(|(it, _)| *it);
        }
        ExprKind::Property(name) => {
            event.properties.retain(|(it, _)| **it != **name);
            let text = match value {
                Some(Value::Text(text)) => Some(text),
                Some(Value::Integer(number)) => Some(Arc::from(number.to_string())),
                Some(Value::Double(number)) => Some(Arc::from(number.to_string())),
                Some(Value::Boolean(it)) => Some(Arc::from(it.to_string())),
                _ => None,
            };
            event.properties.extend(text.map(|it| (name.as_str().into(), it)));
        }
        _ => {}
    }
}
