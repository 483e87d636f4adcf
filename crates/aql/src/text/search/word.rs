//! Words of a value, and words of a search with their wildcards.

use std::ops::Range;

/// One word of a search, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Exact(String),
    /// With `*` or `?`.
    Wild(Vec<Piece>),
}

/// A part of a word with wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Char(char),
    /// `?`
    One,
    /// `*`
    Run,
}

/// Whether a character belongs to a word.
pub(super) fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Where the words of a text are.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = None;
    for (offset, character) in text.char_indices() {
        match (start, is_word_character(character)) {
            (None, true) => start = Some(offset),
            (Some(from), false) => {
                ranges.push(from..offset);
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        ranges.push(from..text.len());
    }
    ranges
}

impl Word {
    /// A word from its parts.
    pub(super) fn new(pieces: Vec<Piece>) -> Self {
        let text: Option<String> = pieces
            .iter()
            .map(|piece| if let Piece::Char(character) = piece { Some(*character) } else { None })
            .collect();
        text.map_or(Self::Wild(pieces), Self::Exact)
    }

    /// Whether it stands for this word of a value.
    pub(super) fn is_match(&self, word: &str) -> bool {
        match self {
            Self::Exact(text) => text == word,
            Self::Wild(pieces) => is_wild_match(pieces, word),
        }
    }

    /// The longest text that every word it stands for contains.
    pub(super) fn longest_text(&self) -> Option<String> {
        let pieces = match self {
            Self::Exact(text) => return Some(text.clone()),
            Self::Wild(pieces) => pieces,
        };
        pieces
            .split(|piece| !matches!(piece, Piece::Char(_)))
            .filter(|run| !run.is_empty())
            .max_by_key(|run| run.len())
            .map(|run| {
                run.iter().filter_map(|piece| if let Piece::Char(it) = piece { Some(*it) } else { None }).collect()
            })
    }
}

/// Goes back to the last `*` only: earlier ones need no second look.
fn is_wild_match(pieces: &[Piece], word: &str) -> bool {
    let (mut piece, mut rest) = (0, word.chars());
    let mut last_run: Option<(usize, std::str::Chars)> = None;
    loop {
        let before = rest.clone();
        match (pieces.get(piece), rest.next()) {
            (Some(Piece::Run), _) => {
                last_run = Some((piece, before.clone()));
                rest = before;
                piece += 1;
            }
            (Some(Piece::One), Some(_)) => piece += 1,
            (Some(Piece::Char(wanted)), Some(character)) if *wanted == character => piece += 1,
            (None, None) => return true,
            (_, None) => return false,
            _ => {
                let Some((run, mut skipped)) = last_run.take() else { return false };
                if skipped.next().is_none() {
                    return false;
                }
                rest = skipped.clone();
                piece = run + 1;
                last_run = Some((run, skipped));
            }
        }
    }
}
