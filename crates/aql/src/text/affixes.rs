//! Sets of prefixes or suffixes: whether a value starts or ends with any of thousands, by binary search.

use std::cmp::Ordering;

/// Texts of which none starts (or ends) with another, sorted.
#[derive(Debug)]
pub(super) struct Affixes {
    texts: Vec<String>,
    end: End,
}

/// Which end of the value is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Start,
    Finish,
}

impl Affixes {
    /// Sorts the texts and drops those that a shorter one implies.
    pub(super) fn new(mut texts: Vec<String>, end: End) -> Self {
        texts.sort_unstable_by(|left, right| compare(left, right, end));
        texts.dedup_by(|longer, shorter| has_affix(longer, shorter, end));
        Self { texts, end }
    }

    /// Whether the value starts (or ends) with one of them.
    pub(super) fn is_match(&self, value: &str) -> bool {
        // No text is an affix of another, so only the greatest text that is not above the value can be one of the value.
        let above = self.texts.partition_point(|text| compare(text, value, self.end) != Ordering::Greater);
        above > 0 && has_affix(value, &self.texts[above - 1], self.end)
    }
}

fn has_affix(value: &str, affix: &str, end: End) -> bool {
    match end {
        End::Start => value.starts_with(affix),
        End::Finish => value.ends_with(affix),
    }
}

fn compare(left: &str, right: &str, end: End) -> Ordering {
    match end {
        End::Start => left.cmp(right),
        End::Finish => left.bytes().rev().cmp(right.bytes().rev()),
    }
}
