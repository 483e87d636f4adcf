//! A single test is turned round.

use aql::bound::ExprKind;

use super::{Found, MutationKind, Site, quoted};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "negate",
    description: "A single test is turned round: NOT stands before it, or no longer does.",
    remedy: "An attack and a benign event that differ in this test alone.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let is_test = matches!(
        site.expr.kind,
        ExprKind::Text(_)
            | ExprKind::Compare(..)
            | ExprKind::In { .. }
            | ExprKind::InQuery { .. }
            | ExprKind::IsNull { .. }
    );
    if is_test {
        let words = format!("NOT before {}", quoted(&site.written(site.expr.span)));
        found.push(Found { change: Change::Negated, span: site.expr.span, words, fragment: None });
    }
}
