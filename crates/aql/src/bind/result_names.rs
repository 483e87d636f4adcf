//! The names that QRadar gives to columns without an alias (`reference/aql.md` section 3.6).

use std::collections::HashSet;

use syntax::ast::{Call, Expr, ExprKind, Literal};

use crate::functions;

/// The longest name that is made from an expression, in characters.
const NAME_CHARACTERS_MAX: usize = 64;

/// The name of a column: a field as it is written, a call as its name and arguments joined by `_`, in lower case for a
/// function of the row and in upper case for an aggregate.
pub(super) fn result_name(expr: &Expr) -> String {
    let name = match &expr.value {
        ExprKind::Name(name) => return name.text.clone(),
        ExprKind::Literal(Literal::Text(text)) => return text.clone(),
        _ => words(expr),
    };
    let name: String = name.chars().take(NAME_CHARACTERS_MAX).collect();
    let name = name.trim_matches('_');
    if name.is_empty() { "column".to_owned() } else { name.to_owned() }
}

fn words(expr: &Expr) -> String {
    match &expr.value {
        ExprKind::Name(name) => joined(&name.text),
        ExprKind::Literal(Literal::Text(text)) => joined(text),
        ExprKind::Literal(Literal::Integer { value, .. }) => value.to_string(),
        ExprKind::Literal(Literal::Decimal(value)) => joined(&value.to_string()),
        ExprKind::Literal(Literal::Boolean(value)) => value.to_string(),
        ExprKind::Literal(Literal::Null) => "null".to_owned(),
        ExprKind::Call(call) => call_words(call),
        ExprKind::Binary(_, left, right) | ExprKind::Compare(_, left, right) => {
            format!("{}_{}", words(left), words(right))
        }
        ExprKind::Case { .. } => "case".to_owned(),
        ExprKind::If { .. } => "if".to_owned(),
        ExprKind::Unary(_, operand)
        | ExprKind::Not(operand)
        | ExprKind::In { operand, .. }
        | ExprKind::Between { operand, .. }
        | ExprKind::Text { operand, .. }
        | ExprKind::IsNull { operand, .. } => words(operand),
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::TextSearch(_) | ExprKind::Error => "condition".to_owned(),
    }
}

fn call_words(call: &Call) -> String {
    let is_aggregate = functions::find(&call.name.value).is_some_and(crate::Function::is_aggregate);
    let name = joined(&call.name.value);
    let mut text = if is_aggregate { name.to_uppercase() } else { name.to_lowercase() };
    for arg in &call.args {
        text.push('_');
        text += &words(arg);
    }
    text
}

/// The words of a text, joined by `_`.
fn joined(text: &str) -> String {
    let words = text.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| !it.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Makes names distinct: the second `name` becomes `name_1`.
#[derive(Default)]
pub(super) struct Distinct {
    taken: HashSet<String>,
}

impl Distinct {
    pub(super) fn name(&mut self, name: &str) -> String {
        let mut distinct = name.to_owned();
        let mut number = 0;
        while !self.taken.insert(distinct.clone()) {
            number += 1;
            distinct = format!("{name}_{number}");
        }
        distinct
    }
}
