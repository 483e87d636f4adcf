//! Sets of prefixes or suffixes: whether a value starts or ends with any of thousands, by binary search.

use std::cmp::Ordering;

/// Texts of which none starts (or ends) with another, sorted.
#[derive(Debug)]
pub(super) struct Affixes {
    texts: Vec<String>,
    /// The outermost eight bytes of each text: most comparisons end there.
    keys: Vec<u64>,
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
        let keys = texts.iter().map(|text| key(text.as_bytes(), end)).collect();
        Self { texts, keys, end }
    }

    /// Whether the value starts (or ends) with one of them.
    pub(super) fn is_match(&self, value: &str) -> bool {
        // No text is an affix of another, so only the greatest text that is not above the value can be one of the value.
        let value_key = key(value.as_bytes(), self.end);
        let below = self.keys.partition_point(|key| *key < value_key);
        let equal = self.keys[below..].partition_point(|key| *key == value_key);
        let not_above = self.texts[below..below + equal]
            .partition_point(|text| compare(text, value, self.end) != Ordering::Greater);
        let candidates = below + not_above;
        candidates > 0 && has_affix(value, &self.texts[candidates - 1], self.end)
    }
}

/// The outermost bytes as a number that sorts as they do; missing bytes count as zero.
fn key(bytes: &[u8], end: End) -> u64 {
    let mut outer = [0; 8];
    let length = bytes.len().min(8);
    match end {
        End::Start => {
            outer[..length].copy_from_slice(&bytes[..length]);
            u64::from_be_bytes(outer)
        }
        End::Finish => {
            outer[8 - length..].copy_from_slice(&bytes[bytes.len() - length..]);
            u64::from_le_bytes(outer)
        }
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
