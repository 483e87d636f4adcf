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
const BYTES_ENOUGH: usize = 16;
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
    let shortened = |set: Vec<String>| {
        let beginnings = BEGINNINGS.map(|length| reduced(beginnings(&set, length)));
        std::iter::once(reduced(set)).chain(beginnings)
    };
    let sets = sets.flat_map(shortened).filter(|it| !it.is_empty() && it.len() <= TEXTS_MAX);
    sets.min_by(|one, other| cost(one).total_cmp(&cost(other)))
}

fn beginnings(texts: &[String], length: usize) -> Vec<String> {
    // All of it is ASCII.
    texts.iter().map(|it| it.get(..length).unwrap_or(it).to_owned()).collect()
}

/// A set without the texts that contain another one.
pub(super) fn reduced(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_by(|one, other| one.len().cmp(&other.len()).then_with(|| one.cmp(other)));
    texts.dedup();
    let mut kept: Vec<String> = Vec::with_capacity(texts.len());
    for text in texts {
        if !kept.iter().any(|it| text.contains(it.as_str())) {
            kept.push(text);
        }
    }
    kept
}

/// How often one of some texts is found, roughly: each further character makes a text rarer. Many texts are dearer than
/// one that says as much.
pub(crate) fn cost<T: AsRef<str>>(texts: &[T]) -> f64 {
    let one = |it: &T| 4_f64.powi(-(it.as_ref().len().min(BYTES_ENOUGH) as i32));
    texts.iter().map(one).sum::<f64>() * texts.len() as f64
}
