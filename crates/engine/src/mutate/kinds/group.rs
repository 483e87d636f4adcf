//! A key of GROUP BY is left out, or its window of time is half or twice as long.

use aql::bound::{Expr, ExprKind, Literal};
use syntax::ast::BinaryOperator;

use super::{Found, MutationKind, Site};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "group",
    description: "A key of GROUP BY is left out, or a window of time in it (`starttime / 60000`) is half or twice as long.",
    remedy: "A benign test whose events fall into several groups, and are one only without this key.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    if let Some(position) = site.group_key {
        let words = format!("without the key `{}`", site.written(site.expr.span));
        found.push(Found { change: Change::Key(position), span: site.expr.span, words, fragment: None });
    }
    let ExprKind::Binary(BinaryOperator::Divide, left, right) = &site.expr.kind else { return };
    let Some(Literal::Integer(length)) = right.as_literal() else { return };
    for other in [length / 2, length.saturating_mul(2)].into_iter().filter(|it| *it > 0 && it != length) {
        let number = Expr::new(ExprKind::Literal(Literal::Integer(other)), right.value_type, right.span);
        let kind = ExprKind::Binary(BinaryOperator::Divide, left.clone(), Box::new(number));
        let change = Change::Expr(Box::new(Expr::new(kind, site.expr.value_type, site.expr.span)));
        found.push(Found {
            change,
            span: right.span,
            words: format!("{other} in the place of {length}"),
            fragment: None,
        });
    }
}
