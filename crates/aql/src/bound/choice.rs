//! A test of a label or a score: of what CASE makes of constants, alone or added up. Which arms are taken tells what the
//! test makes of the value.

use syntax::ast::{BinaryOperator, CompareOperator};

use super::{Expr, ExprKind, Literal, PatternKind, TextTest};

/// The most combinations of arms that are looked at.
const COMBINATIONS_MAX: usize = 1024;

/// The CASEs under a test, and what the test makes of each combination of their arms.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// Of each CASE the conditions of its arms, in their order.
    pub cases: Vec<Vec<&'a Expr>>,
    /// For each combination: the arm that each CASE takes, or the number of its arms where it takes none; and what the
    /// test makes of the value, none for unknown.
    pub outcomes: Vec<(Vec<usize>, Option<bool>)>,
}

/// The CASEs that a test looks at, where all of their values are constants: of one CASE, or of a sum of some. None for
/// any other condition, and where there are too many combinations.
pub fn choice(test: &Expr) -> Option<Choice<'_>> {
    let operand = match &test.kind {
        ExprKind::Text(test) => &test.operand,
        ExprKind::Compare(_, left, right) if right.as_literal().is_some() => left,
        ExprKind::In { operand, list, .. } if list.iter().all(|it| it.as_literal().is_some()) => operand,
        ExprKind::IsNull { operand, .. } => operand,
        _ => return None,
    };
    let mut terms = Vec::new();
    collect(operand, false, &mut terms)?;
    if terms.iter().all(|it| it.conditions.is_empty()) {
        return None;
    }
    let count = terms.iter().map(|it| it.values.len()).try_fold(1_usize, usize::checked_mul)?;
    if count > COMBINATIONS_MAX {
        return None;
    }
    let mut outcomes = Vec::with_capacity(count);
    for number in 0..count {
        let (mut rest, mut taken, mut sum) = (number, Vec::with_capacity(terms.len()), None);
        for term in &terms {
            let arm = rest % term.values.len();
            rest /= term.values.len();
            sum = Some(add(sum, &term.values[arm], term.minus)?);
            if !term.conditions.is_empty() {
                taken.push(arm);
            }
        }
        outcomes.push((taken, passes(test, &sum?)?));
    }
    let cases = terms.into_iter().map(|it| it.conditions).filter(|it| !it.is_empty());
    Some(Choice { cases: cases.collect(), outcomes })
}

/// One part of a sum.
struct Term<'a> {
    minus: bool,
    /// None for a constant.
    conditions: Vec<&'a Expr>,
    /// That of each arm, then that of ELSE.
    values: Vec<Literal>,
}

fn collect<'a>(expr: &'a Expr, minus: bool, terms: &mut Vec<Term<'a>>) -> Option<()> {
    match &expr.kind {
        ExprKind::Binary(BinaryOperator::Add, left, right) => {
            collect(left, minus, terms)?;
            collect(right, minus, terms)
        }
        ExprKind::Binary(BinaryOperator::Subtract, left, right) => {
            collect(left, minus, terms)?;
            collect(right, !minus, terms)
        }
        ExprKind::Convert(inner) if inner.value_type.is_numeric() && expr.value_type.is_numeric() => {
            collect(inner, minus, terms)
        }
        ExprKind::Case { arms, otherwise } => {
            let mut values: Vec<_> = arms.iter().map(|(_, value)| constant(value).cloned()).collect::<Option<_>>()?;
            values.push(otherwise.as_ref().map_or(Some(Literal::Null), |it| constant(it).cloned())?);
            terms.push(Term { minus, conditions: arms.iter().map(|(condition, _)| condition).collect(), values });
            Some(())
        }
        _ => {
            terms.push(Term { minus, conditions: Vec::new(), values: vec![constant(expr)?.clone()] });
            Some(())
        }
    }
}

/// A constant, through conversions between numbers.
fn constant(value: &Expr) -> Option<&Literal> {
    match &value.kind {
        ExprKind::Literal(literal) => Some(literal),
        ExprKind::Convert(inner) if inner.value_type.is_numeric() && value.value_type.is_numeric() => constant(inner),
        _ => None,
    }
}

/// The sum with one more term.
fn add(sum: Option<Literal>, value: &Literal, minus: bool) -> Option<Literal> {
    let Some(sum) = sum else {
        return if minus { negated(value) } else { Some(value.clone()) };
    };
    let value = if minus { negated(value)? } else { value.clone() };
    match (&sum, &value) {
        (Literal::Null, _) | (_, Literal::Null) => Some(Literal::Null),
        (Literal::Integer(one), Literal::Integer(other)) => one.checked_add(*other).map(Literal::Integer),
        (one, other) => Some(Literal::Double(number(one)? + number(other)?)),
    }
}

fn negated(value: &Literal) -> Option<Literal> {
    match value {
        Literal::Null => Some(Literal::Null),
        Literal::Integer(number) => number.checked_neg().map(Literal::Integer),
        other => Some(Literal::Double(-number(other)?)),
    }
}

/// What a test makes of a constant; the outer none where it cannot be told here.
#[expect(clippy::option_option, reason = "not to be told and unknown are different")]
fn passes(test: &Expr, value: &Literal) -> Option<Option<bool>> {
    if let ExprKind::IsNull { negated, .. } = &test.kind {
        return Some(Some((*value == Literal::Null) != *negated));
    }
    if *value == Literal::Null {
        return Some(None);
    }
    match &test.kind {
        ExprKind::Text(test) => passes_text(test, value).map(Some),
        ExprKind::Compare(operator, _, right) => compare(*operator, value, right.as_literal()?),
        ExprKind::In { list, negated, .. } => {
            let mut found = Some(false);
            for literal in list {
                match compare(CompareOperator::Equal, value, literal.as_literal()?)? {
                    Some(true) => found = Some(true),
                    None if found == Some(false) => found = None,
                    _ => {}
                }
            }
            Some(found.map(|it| it != *negated))
        }
        _ => None,
    }
}

fn passes_text(test: &TextTest, value: &Literal) -> Option<bool> {
    let Literal::Text(value) = value else { return None };
    let is_equality = test.patterns.iter().all(|it| it.kind == PatternKind::Equal);
    if is_equality && test.case == super::Case::Sensitive {
        return Some(test.patterns.iter().any(|it| it.text == *value) != test.negated);
    }
    Some(test.matcher().ok()?.is_match(value) != test.negated)
}

#[expect(clippy::option_option, reason = "not to be told and unknown are different")]
fn compare(operator: CompareOperator, left: &Literal, right: &Literal) -> Option<Option<bool>> {
    let ordering = match (left, right) {
        (_, Literal::Null) => return Some(None),
        (Literal::Integer(left), Literal::Integer(right)) => left.cmp(right),
        (Literal::Text(left), Literal::Text(right)) => left.cmp(right),
        (Literal::Boolean(left), Literal::Boolean(right)) => left.cmp(right),
        _ => number(left)?.partial_cmp(&number(right)?)?,
    };
    Some(Some(operator.holds(ordering)))
}

fn number(literal: &Literal) -> Option<f64> {
    match literal {
        Literal::Integer(number) => Some(*number as f64),
        Literal::Double(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::choice;
    use crate::bound::Query;
    use crate::{Environment, Options, compile_filter};

    fn filter(text: &str) -> Query {
        compile_filter(text, &schema::EVENTS, &Options::new(Environment::new(0))).query.expect("it compiles")
    }

    #[test]
    fn a_score_is_told_by_its_arms() {
        let score = "CASE WHEN qid = 1 THEN 40 ELSE 0 END + CASE WHEN qid = 2 THEN 50 WHEN qid = 3 THEN 10 END";
        let query = filter(&format!("{score} >= 50"));
        let found = choice(query.filter.as_ref().expect("there is one")).expect("all values are constants");
        assert_eq!(found.cases.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
        let passing: Vec<_> = found.outcomes.iter().filter(|it| it.1 == Some(true)).map(|it| it.0.clone()).collect();
        assert_eq!(passing, [vec![0, 0], vec![1, 0], vec![0, 1]]);
        assert_eq!(found.outcomes.iter().filter(|it| it.1.is_none()).count(), 2, "without ELSE there is no sum");
    }

    #[test]
    fn what_is_not_constant_is_not_told() {
        for text in ["CASE WHEN qid = 1 THEN qid END = 1", "qid = 1", "CASE WHEN qid = 1 THEN 2 END = qid"] {
            assert!(choice(filter(text).filter.as_ref().expect("there is one")).is_none(), "{text}");
        }
    }
}
