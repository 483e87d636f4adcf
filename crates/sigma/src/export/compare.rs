//! Comparisons with constants.

use aql::bound::{Case, Literal, PatternKind};
use syntax::Span;
use syntax::ast::CompareOperator;

use super::class::text_of;
use super::fold::{HELP, positive, unsayable};
use super::formula::{FieldKey, Formula, Test};

/// A comparison of a field with a constant.
pub(super) fn field_comparison(
    field: FieldKey,
    operator: CompareOperator,
    right: &Literal,
    wanted: bool,
    span: Span,
) -> Formula {
    use CompareOperator::{Equal, NotEqual};
    let operator = if wanted { operator } else { inverse(operator) };
    let test = match right {
        Literal::Boolean(value) if matches!(operator, Equal | NotEqual) => {
            let is_true = Formula::atom(field.clone(), Test::IsTrue, span);
            return positive(field, is_true, *value == (operator == Equal), span);
        }
        Literal::Text(text) if matches!(operator, Equal | NotEqual) => {
            Test::Text { kind: PatternKind::Equal, text: text.clone(), case: Case::Insensitive }
        }
        Literal::Integer(number) => Test::Number { operator: Equal, value: number.to_string() },
        Literal::Double(number) => Test::Number { operator: Equal, value: printed(*number) },
        _ => return unsayable(span, "an order of texts".to_owned(), HELP),
    };
    match (operator, test) {
        (NotEqual, test) => positive(field.clone(), Formula::atom(field, test, span), false, span),
        (Equal, test) => Formula::atom(field, test, span),
        (operator, Test::Number { value, .. }) => Formula::atom(field, Test::Number { operator, value }, span),
        _ => unsayable(span, "an order of texts".to_owned(), HELP),
    }
}

/// A number as Sigma writes it.
fn printed(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 { format!("{number:.0}") } else { number.to_string() }
}

const fn inverse(operator: CompareOperator) -> CompareOperator {
    match operator {
        CompareOperator::Equal => CompareOperator::NotEqual,
        CompareOperator::NotEqual => CompareOperator::Equal,
        CompareOperator::Less => CompareOperator::GreaterOrEqual,
        CompareOperator::LessOrEqual => CompareOperator::Greater,
        CompareOperator::Greater => CompareOperator::LessOrEqual,
        CompareOperator::GreaterOrEqual => CompareOperator::Less,
    }
}

/// The comparison of two constants; none when they are of different kinds.
pub(super) fn compare(operator: CompareOperator, left: &Literal, right: &Literal) -> Option<bool> {
    let ordering = match (number_of(left), number_of(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right)?,
        _ => text_of(left)?.cmp(&text_of(right)?),
    };
    Some(operator.holds(ordering))
}

/// A constant as a number.
pub(super) fn number_of(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Integer(number) => Some(*number as f64),
        Literal::Double(number) => Some(*number),
        Literal::Text(text) => text.trim().parse().ok(),
        Literal::Boolean(_) | Literal::Null => None,
    }
}
