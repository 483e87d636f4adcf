//! Texts without which a pattern finds nothing: pure ASCII, in lower case. They are looked for in any case of ASCII
//! letters, so that one search over a value serves all patterns; what is found is only a candidate.

use super::{JavaRegex, Pattern};

/// Characters beyond ASCII that some test takes for an ASCII letter: the Kelvin sign, the long s, the capital I with a
/// dot. A value with one of them is a candidate whatever it contains.
pub const UNLIKE_ASCII: [char; 3] = ['\u{212a}', '\u{17f}', '\u{130}'];

/// Texts shorter than this say too little.
const BYTES_MIN: usize = 2;
/// The most texts that are worth looking for instead of one test.
const TEXTS_MAX: usize = 1000;
/// From this length on a longer text is no better.
pub(super) const BYTES_ENOUGH: usize = 16;
/// The lengths of the beginnings that are tried instead of many texts.
const BEGINNINGS: [usize; 5] = [2, 3, 4, 6, 8];

/// Whether a value contains a required text, or may do so under another case.
pub fn is_candidate(value: &str, text: &str) -> bool {
    value.to_ascii_lowercase().contains(text) || value.contains(UNLIKE_ASCII)
}

/// The texts of which every value that matches the pattern contains one, in the sense of [`is_candidate`]. None where
/// there are no such texts.
///
/// ```
/// use aql::text::{Pattern, required_texts};
///
/// let pattern = Pattern::Like(r"%\Temp\%.exe".to_owned());
/// assert_eq!(required_texts(&pattern, None), Some(vec![r"\temp\".to_owned()]));
/// ```
pub fn required_texts(pattern: &Pattern, regex: Option<&JavaRegex>) -> Option<Vec<String>> {
    match pattern {
        Pattern::Equal(text) => Some(vec![ascii_part(text.as_bytes())?]),
        Pattern::Like(text) => cheapest(text.split(['%', '_']).filter_map(|it| Some(vec![ascii_part(it.as_bytes())?]))),
        Pattern::Regex(_) => regex?.required_literals(),
    }
}

/// The longest part of a text that is ASCII, in lower case; none where that is too short.
pub(super) fn ascii_part(text: &[u8]) -> Option<String> {
    let longest = text.split(|it| !it.is_ascii()).max_by_key(|it| it.len())?;
    let text = std::str::from_utf8(longest).ok()?.to_ascii_lowercase();
    (text.len() >= BYTES_MIN).then_some(text)
}

/// Of several sets of which each is required the one that is found least. The beginnings of the texts of a set are
/// required too.
pub(super) fn cheapest(sets: impl Iterator<Item = Vec<String>>) -> Option<Vec<String>> {
    let mut best: Option<(f64, Vec<String>)> = None;
    let mut offer = |set: Vec<String>| {
        if set.is_empty() || set.len() > TEXTS_MAX {
            return;
        }
        let cost = cost(set.iter().map(String::len));
        if best.as_ref().is_none_or(|(least, _)| cost.total_cmp(least).is_lt()) {
            best = Some((cost, set));
        }
    };
    for set in sets {
        let set = reduced(set);
        // Of one text no beginning says more than the whole.
        if set.len() < 2 {
            offer(set);
            continue;
        }
        let shortened = BEGINNINGS.map(|length| beginnings(&set, length));
        offer(set);
        for beginnings in shortened {
            offer(reduced(beginnings));
        }
    }
    best.map(|(_, set)| set)
}

fn beginnings(texts: &[String], length: usize) -> Vec<String> {
    // All of it is ASCII. Most texts share their beginning with another one: each is made once.
    let mut beginnings: Vec<&str> = texts.iter().map(|it| it.get(..length).unwrap_or(it)).collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    beginnings.into_iter().map(str::to_owned).collect()
}

/// A set without the texts that contain another one, by length.
pub(super) fn reduced(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    texts.dedup();
    let mut shorter = Shorter::default();
    texts.retain(|it| shorter.is_new(it));
    texts
}

/// Texts, none of which contains another one, to which longer ones are added.
#[derive(Default)]
pub(crate) struct Shorter {
    /// For each text which pairs of bytes it has, so that few are compared in full.
    texts: Vec<(u128, Box<str>)>,
}

impl Shorter {
    /// Adds a text that is no shorter than the last; false for one that contains a text, which is not added.
    pub(crate) fn is_new(&mut self, text: &str) -> bool {
        let pairs = pairs(text.as_bytes());
        let is_new = !self.texts.iter().any(|(held, it)| held & !pairs == 0 && text.contains(&**it));
        if is_new {
            self.texts.push((pairs, text.into()));
        }
        is_new
    }
}

/// The pairs of neighbouring bytes, as bits; two pairs may share one.
fn pairs(text: &[u8]) -> u128 {
    let bit = |pair: &[u8]| 1 << ((u32::from(pair[0]) * 31 + u32::from(pair[1])) % u128::BITS);
    text.windows(2).map(bit).fold(0, std::ops::BitOr::bitor)
}

/// How often one of some texts of these lengths is found, roughly: each further character makes a text rarer. Many texts
/// are dearer than one that says as much.
pub(crate) fn cost(lengths: impl ExactSizeIterator<Item = usize>) -> f64 {
    let count = lengths.len() as f64;
    lengths.map(|it| 4_f64.powi(-(it.min(BYTES_ENOUGH) as i32))).sum::<f64>() * count
}
