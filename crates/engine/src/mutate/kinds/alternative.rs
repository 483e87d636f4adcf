//! An alternative of a regular expression is left out.

use aql::bound::PatternKind;

use super::{Found, MutationKind, Site, for_each_alternation, quoted, with_pattern};

pub(super) static KIND: MutationKind = MutationKind {
    name: "alternative",
    description: "An alternative (`a|b`) of a regular expression is left out; of a group that stands several times in the \
                  query with the same text, everywhere.",
    remedy: "An attack whose value takes this alternative; behind NOT, a benign event.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    for_each_alternation(site, &mut |test, position, pattern, alternation| {
        if alternation.alternatives.len() < 2 {
            return;
        }
        for (number, alternative) in alternation.alternatives.iter().enumerate() {
            let dropped = &pattern.text[alternative.range.clone()];
            let group = &pattern.text[alternation.range.clone()];
            let base = alternation.range.start;
            let without = alternation.without(&pattern.text, number);
            let fragment = without[base..without.len() - (pattern.text.len() - alternation.range.end)].to_owned();
            let words = format!("without the alternative {} of {}", quoted(dropped), quoted(group));
            found.push(Found {
                change: with_pattern(test, position, PatternKind::Regex, without),
                span: site.within(pattern, &alternative.range),
                words,
                fragment: Some((group.to_owned(), fragment)),
            });
        }
    });
}
