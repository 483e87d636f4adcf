//! A `%` at an end of a LIKE pattern is added or removed.

use aql::bound::PatternKind;

use super::{Found, MutationKind, Site, quoted, with_pattern};

pub(super) static KIND: MutationKind = MutationKind {
    name: "wildcard",
    description: "A `%` at an end of a LIKE pattern is removed (narrower), or added where there is none (wider).",
    remedy: "Removed: an attack with something before or after the text. Added: a benign event with something there.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let Some(test) = site.text_test() else { return };
    for (position, pattern) in test.patterns.iter().enumerate() {
        let written = &pattern.text;
        if pattern.kind != PatternKind::Like || written.trim_matches('%').is_empty() {
            continue;
        }
        let first = written.strip_prefix('%').map_or_else(|| format!("%{written}"), str::to_owned);
        let last = written.strip_suffix('%').map_or_else(|| format!("{written}%"), str::to_owned);
        for other in [first, last] {
            let words = format!("{} in the place of {}", quoted(&other), quoted(written));
            found.push(Found {
                change: with_pattern(test, position, PatternKind::Like, other),
                span: pattern.span,
                words,
                fragment: None,
            });
        }
    }
}
