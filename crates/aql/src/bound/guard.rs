//! Which values a column must have for a row to pass: a condition that every match meets, and that is cheap to test.

use std::collections::BTreeSet;

use schema::Database;
use syntax::ast::CompareOperator;

use super::{Case, Expr, ExprKind, Literal, PatternKind, Query, Source, TextTest};

/// The fields that tell the class of an event: log source type, event id, channel, QID, log source.
const CLASS_FIELDS: [&str; 5] = ["devicetype", "Event ID", "qideventcategory", "qid", "logsourceid"];
/// A set of more values than this is no guard.
const VALUES_MAX: usize = 1000;

/// A value that a field can be required to have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GuardValue {
    /// A number.
    Integer(i64),
    /// A text, in this case.
    Text(String),
}

/// A field and the values of which it must have one. No value at all: no row passes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Index in the fields of the database.
    pub field: usize,
    /// The values.
    pub values: BTreeSet<GuardValue>,
}

impl Query {
    /// What the filter requires of the fields that tell the class of an event; none where it requires nothing. Each is
    /// a necessary condition of a match, never a sufficient one.
    pub fn class_guards(&self) -> Vec<Guard> {
        let (Source::Database(database), Some(filter)) = (&self.source, &self.filter) else { return Vec::new() };
        class_guards(database, filter)
    }
}

/// What a condition requires of the fields that tell the class of an event.
fn class_guards(database: &Database, condition: &Expr) -> Vec<Guard> {
    let guard = |field| required(condition, field).map(|values| Guard { field, values });
    class_fields(database).into_iter().filter_map(guard).collect()
}

/// The fields that tell the class of an event, as far as the database has them.
pub(super) fn class_fields(database: &Database) -> Vec<usize> {
    CLASS_FIELDS.iter().filter_map(|it| database.position(it)).collect()
}

/// What conditions that must all be true require together, from what each requires.
pub(super) fn required_of_all<'a>(
    each: impl Iterator<Item = &'a BTreeSet<GuardValue>>,
) -> Option<BTreeSet<GuardValue>> {
    let mut all: Option<BTreeSet<GuardValue>> = None;
    for values in each {
        match &mut all {
            None => all = Some(values.clone()),
            Some(all) => all.retain(|it| values.contains(it)),
        }
    }
    all
}

/// The values of which the field must have one for the condition to be true; none if it may have any.
pub fn required(condition: &Expr, field: usize) -> Option<BTreeSet<GuardValue>> {
    let values = match &condition.kind {
        ExprKind::And(operands) => operands.iter().filter_map(|it| required(it, field)).reduce(|mut one, other| {
            one.retain(|it| other.contains(it));
            one
        }),
        ExprKind::Or(operands) => {
            let mut all = BTreeSet::new();
            for operand in operands {
                all.extend(required(operand, field)?);
            }
            Some(all)
        }
        ExprKind::Text(test) => required_of_text(test, field),
        ExprKind::In { operand, list, negated: false } if operand.kind == ExprKind::Field(field) => {
            list.iter().map(|it| it.as_literal().and_then(guard_value)).collect()
        }
        ExprKind::Compare(CompareOperator::Equal, left, right) if left.kind == ExprKind::Field(field) => {
            right.as_literal().and_then(guard_value).map(|it| BTreeSet::from([it]))
        }
        ExprKind::Literal(Literal::Boolean(false) | Literal::Null) => Some(BTreeSet::new()),
        _ => None,
    };
    values.filter(|it| it.len() <= VALUES_MAX)
}

fn required_of_text(test: &TextTest, field: usize) -> Option<BTreeSet<GuardValue>> {
    let is_exact = !test.negated && test.case == Case::Sensitive && test.operand.kind == ExprKind::Field(field);
    if !is_exact {
        return None;
    }
    let value = |it: &super::Pattern| (it.kind == PatternKind::Equal).then(|| GuardValue::Text(it.text.clone()));
    test.patterns.iter().map(value).collect()
}

fn guard_value(literal: &Literal) -> Option<GuardValue> {
    match literal {
        Literal::Integer(value) => Some(GuardValue::Integer(*value)),
        Literal::Text(text) => Some(GuardValue::Text(text.clone())),
        _ => None,
    }
}
