//! Finds which of many texts stand in a value, in any case of ASCII letters. Of each text one window of four bytes is
//! looked for, the one that is seldom elsewhere: a value is walked over once, and at most places one bit says that no
//! text is there.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use aql::text::{UNLIKE_ASCII, everyday_lines};

use crate::{EngineError, Result};

/// Bytes of a window. Shorter texts are looked for by an automaton.
const WINDOW: usize = 4;
/// Bits for each window, so that few of the places without a window look like one.
const BITS_OF_A_WINDOW: usize = 64;
/// Bits at most: what the nearest cache holds.
const BITS_MAX: usize = 1 << 18;
/// Scratch that is kept for the next value, in bytes.
const SCRATCH_BYTES_KEPT: usize = 1 << 20;

/// Some texts. Their numbers are their places in the list that they were given in.
pub(super) struct Finder {
    /// In lower case.
    texts: Vec<Box<[u8]>>,
    /// A bit for the hash of each window.
    bits: Vec<u64>,
    /// How far a hash is shifted so that it numbers a bit.
    shift: u32,
    windows: Windows,
    short: Option<Short>,
}

/// The texts of each window: the window, and the range of `places` that is its own, ascending by window.
#[derive(Default)]
struct Windows {
    starts: Vec<(u32, u32)>,
    /// The number of a text, and where in it the window stands.
    places: Vec<(u32, u32)>,
}

/// Texts that have no window.
struct Short {
    automaton: AhoCorasick,
    numbers: Vec<u32>,
}

impl Finder {
    /// Of texts in lower case, none of them empty.
    ///
    /// # Errors
    /// When the short ones are too many for an automaton.
    pub(super) fn new(texts: &[&str]) -> Result<Self> {
        let texts: Vec<Box<[u8]>> = texts.iter().map(|it| it.as_bytes().into()).collect();
        let mut windows: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        let (mut short, mut numbers) = (Vec::new(), Vec::new());
        for (number, text) in (0_u32..).zip(&texts) {
            let seldom = (0_u32..).zip(text.windows(WINDOW)).min_by_key(|(_, it)| everyday_lines(it));
            if let Some((start, window)) = seldom.and_then(|(start, it)| Some((start, window(it)?))) {
                windows.entry(window).or_default().push((number, start));
            } else {
                short.push(&**text);
                numbers.push(number);
            }
        }
        let bits = (windows.len() * BITS_OF_A_WINDOW).next_power_of_two().clamp(64, BITS_MAX);
        let mut finder = Self {
            bits: vec![0; bits / 64],
            shift: u32::BITS - bits.ilog2(),
            windows: Windows::default(),
            short: Short::new(&short, numbers)?,
            texts,
        };
        for (window, places) in windows {
            let bit = finder.bit(window);
            finder.bits[bit / 64] |= 1 << (bit % 64);
            finder.windows.starts.push((window, finder.windows.places.len() as u32));
            finder.windows.places.extend(places);
        }
        Ok(finder)
    }

    /// Gives the numbers of the texts in a value, some of them more than once; those of all where a character may count
    /// as an ASCII letter in another case.
    pub(super) fn find(&self, value: &str, scratch: &mut Vec<u8>, found: &mut impl FnMut(u32)) {
        if !value.is_ascii() && value.contains(UNLIKE_ASCII) {
            (0..self.texts.len() as u32).for_each(found);
            return;
        }
        if let Some(short) = &self.short {
            short.automaton.find_overlapping_iter(value).for_each(|it| found(short.numbers[it.pattern().as_usize()]));
        }
        scratch.clear();
        scratch.shrink_to(SCRATCH_BYTES_KEPT);
        scratch.extend_from_slice(value.as_bytes());
        scratch.make_ascii_lowercase();
        for (position, bytes) in scratch.windows(WINDOW).enumerate() {
            let Some(window) = window(bytes) else { continue };
            let bit = self.bit(window);
            if self.bits[bit / 64] & 1 << (bit % 64) != 0 {
                self.compare(scratch, position, window, found);
            }
        }
    }

    #[inline]
    fn bit(&self, window: u32) -> usize {
        (window.wrapping_mul(0x9e37_79b1) >> self.shift) as usize
    }

    /// The texts whose window stands there.
    #[inline(never)]
    fn compare(&self, value: &[u8], position: usize, window: u32, found: &mut impl FnMut(u32)) {
        for (number, start) in self.windows.places(window) {
            let text = &self.texts[*number as usize];
            let rest = position.checked_sub(*start as usize).and_then(|it| value.get(it..));
            if rest.is_some_and(|it| it.starts_with(text)) {
                found(*number);
            }
        }
    }
}

impl Windows {
    fn places(&self, window: u32) -> &[(u32, u32)] {
        let Ok(found) = self.starts.binary_search_by_key(&window, |(window, _)| *window) else { return &[] };
        let end = self.starts.get(found + 1).map_or(self.places.len(), |(_, start)| *start as usize);
        &self.places[self.starts[found].1 as usize..end]
    }
}

impl Short {
    fn new(texts: &[&[u8]], numbers: Vec<u32>) -> Result<Option<Self>> {
        if texts.is_empty() {
            return Ok(None);
        }
        let automaton =
            AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(texts);
        let automaton = automaton.map_err(|error| {
            EngineError::Unsupported(format!("the search for the texts of all detections: {error}"))
        })?;
        Ok(Some(Self { automaton, numbers }))
    }
}

fn window(bytes: &[u8]) -> Option<u32> {
    bytes.first_chunk().map(|it| u32::from_le_bytes(*it))
}

#[cfg(test)]
mod tests {
    use aql::text::is_candidate;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_finds_what_a_search_for_each_text_finds(
            texts in proptest::collection::btree_set("[abc. ]{1,7}", 0..12),
            value in r"[abcABC. é\u{212a}\u{130}]{0,30}",
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let finder = Finder::new(&texts).expect("few texts");
            let mut found = Vec::new();
            finder.find(&value, &mut Vec::new(), &mut |it| found.push(texts[it as usize]));
            found.sort_unstable();
            found.dedup();
            let expected: Vec<&str> = texts.iter().copied().filter(|it| is_candidate(&value, it)).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
