//! Sums of constants: a score that adds up arms of CASE has finitely many values, each under its condition.

use aql::bound::{Expr, ExprKind, Literal};
use syntax::ast::{BinaryOperator, CompareOperator, UnaryOperator};

use super::compare::number_of;
use super::fold::Folder;
use super::formula::Formula;

/// A score with more different values than this is not written out.
const VALUES_MAX: usize = 512;

/// Values, none for null, each with when the expression has it. No two hold at once.
type Values = Vec<(Option<f64>, Formula)>;

impl Folder<'_> {
    /// A comparison of computed numbers, written out; none if it is no such comparison.
    pub(super) fn computed(
        &self,
        operator: CompareOperator,
        left: &Expr,
        right: &Expr,
        wanted: bool,
    ) -> Option<Formula> {
        if !is_arithmetic(left) && !is_arithmetic(right) {
            return None;
        }
        let mut passing = Vec::new();
        let right = self.values(right)?;
        for (left, when_left) in self.values(left)? {
            for (right, when_right) in &right {
                let (Some(left), Some(right)) = (left, right) else { continue };
                if left.partial_cmp(right).is_some_and(|it| operator.holds(it) == wanted) {
                    passing.push(Formula::and([when_left.clone(), when_right.clone()]));
                }
            }
        }
        Some(Formula::or(passing))
    }

    fn values(&self, expr: &Expr) -> Option<Values> {
        match &expr.kind {
            ExprKind::Literal(Literal::Null) => Some(vec![(None, Formula::True)]),
            ExprKind::Literal(literal) => Some(vec![(Some(number_of(literal)?), Formula::True)]),
            ExprKind::Convert(inner) => self.values(inner),
            ExprKind::Unary(UnaryOperator::Minus, inner) => {
                Some(self.values(inner)?.into_iter().map(|(it, when)| (it.map(|it| -it), when)).collect())
            }
            ExprKind::Case { arms, otherwise } => self.values_of_case(arms, otherwise.as_deref()),
            ExprKind::Binary(operator, left, right) => {
                let (left, right) = (self.values(left)?, self.values(right)?);
                let mut values = Values::new();
                for (one, when_one) in &left {
                    for (other, when_other) in &right {
                        let value = match (one, other) {
                            (Some(one), Some(other)) => Some(calculated(*operator, *one, *other)?),
                            _ => None,
                        };
                        add(&mut values, value, Formula::and([when_one.clone(), when_other.clone()]))?;
                    }
                }
                Some(values)
            }
            _ => None,
        }
    }

    fn values_of_case(&self, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Option<Values> {
        let mut values = Values::new();
        let mut before = Vec::new();
        for (condition, value) in arms {
            let condition = self.truth(condition, true);
            let when = Formula::and(before.iter().cloned().chain([condition.clone()]));
            for (number, inner) in self.values(value)? {
                add(&mut values, number, Formula::and([when.clone(), inner]))?;
            }
            before.push(condition.negated());
        }
        let rest = match otherwise {
            Some(expr) => self.values(expr)?,
            None => vec![(None, Formula::True)],
        };
        for (number, inner) in rest {
            add(&mut values, number, Formula::and(before.iter().cloned().chain([inner])))?;
        }
        Some(values)
    }
}

fn is_arithmetic(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Convert(inner) => is_arithmetic(inner),
        ExprKind::Binary(..) | ExprKind::Unary(..) => true,
        ExprKind::Case { arms, otherwise } => {
            arms.iter().any(|(_, value)| is_arithmetic(value)) || otherwise.as_deref().is_some_and(is_arithmetic)
        }
        _ => false,
    }
}

fn calculated(operator: BinaryOperator, left: f64, right: f64) -> Option<f64> {
    match operator {
        BinaryOperator::Add => Some(left + right),
        BinaryOperator::Subtract => Some(left - right),
        BinaryOperator::Multiply => Some(left * right),
        _ => None,
    }
}

/// Adds a value; the same value twice is one value under either condition. None when there are too many.
fn add(values: &mut Values, value: Option<f64>, when: Formula) -> Option<()> {
    if when == Formula::False {
        return Some(());
    }
    match values.iter_mut().find(|it| it.0 == value) {
        Some((_, known)) => *known = Formula::or([std::mem::replace(known, Formula::False), when]),
        None => values.push((value, when)),
    }
    (values.len() <= VALUES_MAX).then_some(())
}
