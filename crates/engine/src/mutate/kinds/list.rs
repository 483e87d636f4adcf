//! A value of IN, or a pattern of a list, is left out.

use aql::bound::{Expr, ExprKind};

use super::{Found, MutationKind, Site, quoted};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "list",
    description: "A value of IN, or a pattern of a list such as `ILIKE ANY`, is left out.",
    remedy: "An attack that has this value; behind NOT, a benign event that has it.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    match &site.expr.kind {
        ExprKind::Text(test) if test.patterns.len() > 1 => {
            for (position, pattern) in test.patterns.iter().enumerate() {
                let mut patterns = test.patterns.clone();
                patterns.remove(position);
                let words = format!("without the value {}", quoted(&pattern.text));
                found.push(Found {
                    change: Change::Patterns(patterns, test.case),
                    span: pattern.span,
                    words,
                    fragment: None,
                });
            }
        }
        ExprKind::In { operand, list, negated } if list.len() > 1 => {
            for (position, value) in list.iter().enumerate() {
                let mut list = list.clone();
                list.remove(position);
                let kind = ExprKind::In { operand: operand.clone(), list, negated: *negated };
                let change = Change::Expr(Box::new(Expr::new(kind, site.expr.value_type, site.expr.span)));
                let words = format!("without the value {}", quoted(&site.written(value.span)));
                found.push(Found { change, span: value.span, words, fragment: None });
            }
        }
        _ => {}
    }
}
