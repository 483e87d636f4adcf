//! A whole text becomes a part.

use aql::bound::{ExprKind, PatternKind};

use super::{Found, MutationKind, Site, quoted, with_pattern};

pub(super) static KIND: MutationKind = MutationKind {
    name: "whole",
    description: "`=` or IN of a text becomes LIKE '%text%'. Fields that tell the class of an event are left alone: their \
                  values are a fixed vocabulary.",
    remedy: "A benign event whose value contains the text and is not it.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let Some(test) = site.text_test() else { return };
    if site.is_class(&test.operand) || matches!(test.operand.kind, ExprKind::Case { .. }) {
        return;
    }
    for (position, pattern) in test.patterns.iter().enumerate() {
        if pattern.kind == PatternKind::Equal && !pattern.text.is_empty() {
            let other = format!("%{}%", pattern.text);
            let words = format!("LIKE {} in the place of {}", quoted(&other), quoted(&pattern.text));
            found.push(Found {
                change: with_pattern(test, position, PatternKind::Like, other),
                span: pattern.span,
                words,
                fragment: None,
            });
        }
    }
}
