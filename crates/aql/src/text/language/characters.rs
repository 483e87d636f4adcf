//! Sets of characters: which ones a folded or lower-cased character stands for.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex_syntax::hir::{Class, HirKind};

use super::Ranges;
use crate::text::fold::fold_char;

/// One character.
pub(super) fn one(character: char) -> Ranges {
    Box::new([(u32::from(character), u32::from(character))])
}

/// Every character.
pub(super) fn all() -> Ranges {
    Box::new([(0, 0xD7FF), (0xE000, 0x0010_FFFF)])
}

/// The characters that ILIKE takes for this one.
pub(super) fn folded_into(character: char) -> Ranges {
    let folded = fold_char(character);
    FOLDED.get(&folded).cloned().unwrap_or_else(|| one(character))
}

/// The characters whose lower case is one of these.
pub(super) fn lowered_into(ranges: &Ranges) -> Ranges {
    let unchanged = intersection(ranges, &unchanged_by_lowering());
    let mut all: Vec<(u32, u32)> = unchanged.into_vec();
    for (lower, characters) in LOWERED.iter() {
        if contains(ranges, *lower) {
            all.extend(characters.iter().map(|it| (*it, *it)));
        }
    }
    joined(all)
}

/// The characters that lowering leaves as they are.
pub(crate) fn unchanged_by_lowering() -> Ranges {
    UNCHANGED.clone()
}

/// The characters whose lower case is two characters or depends on what stands around them.
pub(crate) fn awkward_when_lowered() -> Ranges {
    Box::new([(0x130, 0x130), (0x3a3, 0x3a3)])
}

/// What a word consists of.
pub(super) fn word() -> Ranges {
    WORD.clone()
}

/// Whether a character is among the ranges.
pub(super) fn contains(ranges: &Ranges, character: u32) -> bool {
    let above = ranges.partition_point(|(_, last)| *last < character);
    ranges.get(above).is_some_and(|(first, _)| *first <= character)
}

/// Ranges in any order as they should be.
pub(super) fn joined(mut ranges: Vec<(u32, u32)>) -> Ranges {
    ranges.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(previous) if first <= previous.1.saturating_add(1) => previous.1 = previous.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined.into_boxed_slice()
}

fn intersection(one: &Ranges, other: &Ranges) -> Ranges {
    let mut both = Vec::new();
    let (mut left, mut right) = (0, 0);
    while left < one.len() && right < other.len() {
        let (first, last) = (one[left].0.max(other[right].0), one[left].1.min(other[right].1));
        if first <= last {
            both.push((first, last));
        }
        if one[left].1 < other[right].1 { left += 1 } else { right += 1 }
    }
    both.into_boxed_slice()
}

static UNCHANGED: LazyLock<Ranges> = LazyLock::new(|| property(r"\P{Changes_When_Lowercased}"));
static WORD: LazyLock<Ranges> = LazyLock::new(|| property(r"\w"));

/// The characters with this folded form, where there are several.
static FOLDED: LazyLock<HashMap<char, Ranges>> = LazyLock::new(|| {
    let mut by_folded: HashMap<char, Vec<(u32, u32)>> = HashMap::new();
    for (first, last) in property(r"\p{Changes_When_Casemapped}") {
        for character in (first..=last).filter_map(char::from_u32) {
            let folded = fold_char(character);
            by_folded
                .entry(folded)
                .or_insert_with(|| vec![(u32::from(folded), u32::from(folded))])
                .push((u32::from(character), u32::from(character)));
        }
    }
    by_folded.into_iter().map(|(folded, characters)| (folded, joined(characters))).collect()
});

/// Lower-case characters with those that become them; [`awkward_when_lowered`] apart.
static LOWERED: LazyLock<Vec<(u32, Vec<u32>)>> = LazyLock::new(|| {
    let mut by_lower: HashMap<u32, Vec<u32>> = HashMap::new();
    for (first, last) in property(r"\p{Changes_When_Lowercased}") {
        for character in (first..=last).filter_map(char::from_u32) {
            let mut lower = character.to_lowercase();
            if let (Some(only), None) = (lower.next(), lower.next()) {
                by_lower.entry(u32::from(only)).or_default().push(u32::from(character));
            }
        }
    }
    by_lower.into_iter().collect()
});

/// The characters of a class of `regex-syntax`; empty if it is none.
fn property(class: &str) -> Ranges {
    let parsed = regex_syntax::parse(class).map(regex_syntax::hir::Hir::into_kind);
    match parsed {
        Ok(HirKind::Class(Class::Unicode(class))) => {
            class.iter().map(|it| (u32::from(it.start()), u32::from(it.end()))).collect()
        }
        _ => Box::new([]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_stands_for_what_folding_and_lowering_make_of_it() {
        let texts = |ranges: Ranges| -> String {
            ranges.iter().flat_map(|(first, last)| *first..=*last).filter_map(char::from_u32).collect()
        };
        assert_eq!(texts(folded_into('k')), "Kk\u{212a}");
        assert_eq!(texts(folded_into('S')), "Ss\u{17f}");
        assert_eq!(texts(folded_into('İ')), "İ");
        assert_eq!(texts(folded_into('7')), "7");
        assert_eq!(texts(lowered_into(&one('k'))), "Kk\u{212a}");
        assert_eq!(texts(lowered_into(&one('s'))), "Ss");
        assert_eq!(texts(lowered_into(&one('K'))), "");
    }
}
