//! A comparison takes or leaves its bound, or becomes one.

use aql::bound::{Expr, ExprKind};
use syntax::ast::CompareOperator;

use super::{Found, MutationKind, Site};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "operator",
    description: "A comparison takes or leaves its bound (`<` and `<=`, `>` and `>=`), or `=` of numbers becomes `>=` or \
                  `<=`. Fields that tell the class of an event are left alone: their values have no order.",
    remedy: "A test with the bound itself; for `=` a benign event with a greater, another with a smaller value.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let ExprKind::Compare(operator, left, right) = &site.expr.kind else { return };
    if right.as_literal().is_none() && *operator == CompareOperator::Equal || site.is_class(left) {
        return;
    }
    let others: &[CompareOperator] = match operator {
        CompareOperator::Less => &[CompareOperator::LessOrEqual],
        CompareOperator::LessOrEqual => &[CompareOperator::Less],
        CompareOperator::Greater => &[CompareOperator::GreaterOrEqual],
        CompareOperator::GreaterOrEqual => &[CompareOperator::Greater],
        CompareOperator::Equal if left.value_type.is_numeric() => {
            &[CompareOperator::GreaterOrEqual, CompareOperator::LessOrEqual]
        }
        _ => &[],
    };
    for other in others {
        let kind = ExprKind::Compare(*other, left.clone(), right.clone());
        let change = Change::Expr(Box::new(Expr::new(kind, site.expr.value_type, site.expr.span)));
        let words = format!("{} in the place of {}", sign(*other), sign(*operator));
        found.push(Found { change, span: site.expr.span, words, fragment: None });
    }
}

const fn sign(operator: CompareOperator) -> &'static str {
    match operator {
        CompareOperator::Equal => "`=`",
        CompareOperator::NotEqual => "`!=`",
        CompareOperator::Less => "`<`",
        CompareOperator::LessOrEqual => "`<=`",
        CompareOperator::Greater => "`>`",
        CompareOperator::GreaterOrEqual => "`>=`",
    }
}
