//! An arm of a CASE is left out.

use aql::bound::ExprKind;

use super::{Found, MutationKind, Site, quoted};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "arm",
    description: "An arm of a CASE is left out, in WHERE and in the selected columns whose values a test names.",
    remedy: "An attack that takes this arm, with the value that the column must then have.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let ExprKind::Case { arms, .. } = &site.expr.kind else { return };
    for (position, (condition, value)) in arms.iter().enumerate() {
        let (condition_text, value_text) = (site.written(condition.span), site.written(value.span));
        let words = format!("without WHEN {} THEN {}", quoted(&condition_text), quoted(&value_text));
        found.push(Found {
            change: Change::Without(position),
            span: condition.span.to(value.span),
            words,
            fragment: None,
        });
    }
}
