//! An operand of AND or OR is left out, or a whole WHERE or HAVING of one test.

use aql::bound::{Expr, ExprKind, Literal};

use super::{Found, MutationKind, Site, quoted};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "operand",
    description: "An operand of AND or OR is left out, or the only test of WHERE or HAVING.",
    remedy: "Of an AND: a benign event that meets all other operands and not this one. Of an OR: an attack that meets \
             this operand alone.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let (operands, name) = match &site.expr.kind {
        ExprKind::And(operands) => (operands, "AND"),
        ExprKind::Or(operands) => (operands, "OR"),
        _ if site.is_condition => {
            let always = Expr::literal(Literal::Boolean(true), site.expr.span);
            let words = format!("without {}", quoted(&site.written(site.expr.span)));
            found.push(Found { change: Change::Expr(Box::new(always)), span: site.expr.span, words, fragment: None });
            return;
        }
        _ => return,
    };
    for (position, operand) in operands.iter().enumerate() {
        let words = format!("without the operand {} of {name}", quoted(&site.written(operand.span)));
        found.push(Found { change: Change::Without(position), span: operand.span, words, fragment: None });
    }
}
