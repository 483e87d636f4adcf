//! A number that is compared with is one more, one less.

use aql::bound::{Expr, ExprKind, Literal};
use syntax::ast::CompareOperator;

use super::{Found, MutationKind, Site};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "number",
    description: "A number that something is compared with, such as a threshold of HAVING, is one more or one less; of \
                  the class of an event it is another.",
    remedy: "A test with the number itself, and one with its neighbour on the other side.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let ExprKind::Compare(operator, left, right) = &site.expr.kind else { return };
    let steps: &[i64] = if *operator == CompareOperator::Equal { &[1] } else { &[1, -1] };
    for step in steps {
        let literal = match right.as_literal() {
            Some(Literal::Integer(number)) => number.checked_add(*step).map(Literal::Integer),
            Some(Literal::Double(number)) => Some(Literal::Double(number + *step as f64)),
            _ => None,
        };
        let Some(literal) = literal else { continue };
        let words = match &literal {
            Literal::Double(number) => format!("{number} in the place of {}", site.written(right.span)),
            Literal::Integer(number) => format!("{number} in the place of {}", site.written(right.span)),
            _ => continue,
        };
        let other = Expr::new(ExprKind::Literal(literal), right.value_type, right.span);
        let kind = ExprKind::Compare(*operator, left.clone(), Box::new(other));
        let change = Change::Expr(Box::new(Expr::new(kind, site.expr.value_type, site.expr.span)));
        found.push(Found { change, span: right.span, words, fragment: None });
    }
}
