//! An anchor or a look-around of a regular expression is left out.

use aql::bound::PatternKind;

use super::{Found, MutationKind, Site, for_each_alternation, quoted, with_pattern};
use crate::mutate::pattern::Atom;

pub(super) static KIND: MutationKind = MutationKind {
    name: "anchor",
    description: "An anchor (`^`, `$`, `\\b`, ...) or a look-around of a regular expression is left out.",
    remedy: "A benign event with something before or after what the expression finds.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    for_each_alternation(site, &mut |test, position, pattern, alternation| {
        let alone = |items: usize| items == 1;
        for sequence in &alternation.alternatives {
            for item in &sequence.items {
                // `(^|x)` without its anchor has an empty alternative: that is another change.
                let is_dropped = matches!(item.atom, Atom::Anchor) && !alone(sequence.items.len())
                    || matches!(item.atom, Atom::Look(..));
                if !is_dropped {
                    continue;
                }
                let range = &item.range;
                let other = format!("{}{}", &pattern.text[..range.start], &pattern.text[range.end..]);
                if other.is_empty() {
                    continue;
                }
                let words = format!("without {} of {}", quoted(&pattern.text[range.clone()]), quoted(&pattern.text));
                let change = with_pattern(test, position, PatternKind::Regex, other);
                found.push(Found { change, span: site.within(pattern, range), words, fragment: None });
            }
        }
    });
}
