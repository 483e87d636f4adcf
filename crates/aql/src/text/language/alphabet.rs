//! Characters that no automaton of a search tells apart, as one symbol.

use std::collections::HashMap;

use super::characters::{contains, word};
use super::{Language, Ranges};

/// What a position is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    /// No character: the start or the end of the text.
    None,
    Return,
    Newline,
    /// Another character that ends a line.
    LineEnd,
    Word,
    Other,
}

/// The symbols of a search.
#[derive(Debug)]
pub(super) struct Alphabet {
    /// For each symbol one of its characters, the most readable ones first.
    pub(super) characters: Vec<char>,
    pub(super) kinds: Vec<Kind>,
}

impl Alphabet {
    /// The symbols that these languages tell apart, of the characters that are allowed; with the work that it took.
    pub(super) fn new(languages: &[&Language], allowed: Option<&Ranges>) -> (Self, u64) {
        let mut classes: Vec<&Ranges> = languages.iter().flat_map(|it| &it.classes).collect();
        classes.sort_unstable();
        classes.dedup();
        let line_ends: [Ranges; 3] =
            [Box::new([(10, 10)]), Box::new([(13, 13)]), Box::new([(0x85, 0x85), (0x2028, 0x2029)])];
        let words = if languages.iter().any(|it| it.words) { word() } else { Box::default() };
        if languages.iter().any(|it| it.positional) {
            classes.extend(&line_ends);
            classes.push(&words);
        }
        classes.extend(allowed);
        let mut bounds: Vec<u32> = vec![0, 0xD800, 0xE000, 0x0011_0000];
        bounds.extend(classes.iter().flat_map(|it| it.iter()).flat_map(|(first, last)| [*first, last + 1]));
        bounds.sort_unstable();
        bounds.dedup();
        let signatures = Signatures::new(&bounds, &classes);
        let mut symbols: HashMap<&[u64], char> = HashMap::new();
        for (index, pair) in bounds.windows(2).enumerate() {
            let (first, last) = (pair[0], pair[1] - 1);
            if first == 0xD800 || allowed.is_some_and(|it| !contains(it, first)) {
                continue;
            }
            let Some(best) = most_readable(first, last) else { continue };
            let symbol = symbols.entry(signatures.of(index)).or_insert(best);
            if (rank(best), best) < (rank(*symbol), *symbol) {
                *symbol = best;
            }
        }
        let mut characters: Vec<char> = symbols.into_values().collect();
        characters.sort_unstable_by_key(|it| (rank(*it), *it));
        let kinds = characters.iter().map(|it| kind(*it, &words)).collect();
        let work = (bounds.len() + classes.len() * characters.len() / 4) as u64;
        (Self { characters, kinds }, work)
    }

    /// Which symbols are in a class.
    pub(super) fn members(&self, class: &Ranges) -> Vec<bool> {
        self.characters.iter().map(|it| contains(class, u32::from(*it))).collect()
    }
}

/// Which classes hold the characters between two bounds, as bits.
struct Signatures {
    width: usize,
    bits: Vec<u64>,
}

impl Signatures {
    fn new(bounds: &[u32], classes: &[&Ranges]) -> Self {
        let width = classes.len().div_ceil(64).max(1);
        let mut bits = vec![0; width * bounds.len()];
        for (class, ranges) in classes.iter().enumerate() {
            for (first, last) in *ranges {
                let (from, to) = (position(bounds, *first), position(bounds, *last + 1));
                for index in from..to {
                    bits[index * width + class / 64] |= 1 << (class % 64);
                }
            }
        }
        Self { width, bits }
    }

    fn of(&self, index: usize) -> &[u64] {
        &self.bits[index * self.width..(index + 1) * self.width]
    }
}

/// The place of a bound.
fn position(bounds: &[u32], bound: u32) -> usize {
    bounds.partition_point(|it| *it < bound)
}

fn kind(character: char, words: &Ranges) -> Kind {
    match character {
        '\r' => Kind::Return,
        '\n' => Kind::Newline,
        '\u{85}' | '\u{2028}' | '\u{2029}' => Kind::LineEnd,
        _ if contains(words, u32::from(character)) => Kind::Word,
        _ => Kind::Other,
    }
}

/// Characters that an example should rather have.
const READABLE: [(char, char); 4] = [('a', 'z'), ('0', '9'), ('A', 'Z'), (' ', '~')];

fn rank(character: char) -> usize {
    let known = READABLE.iter().position(|(first, last)| (*first..=*last).contains(&character));
    known.unwrap_or(if character.is_alphanumeric() { READABLE.len() } else { READABLE.len() + 1 })
}

fn most_readable(first: u32, last: u32) -> Option<char> {
    let readable = READABLE.iter().find_map(|(from, to)| {
        let (from, to) = (u32::from(*from).max(first), u32::from(*to).min(last));
        (from <= to).then(|| char::from_u32(from)).flatten()
    });
    readable.or_else(|| char::from_u32(first))
}
