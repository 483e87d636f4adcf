//! The structure of a regular expression with the places of its parts in its text, so that a part can be left out by an
//! edit of the text, and a text can be written that takes a wanted way through it. It says nothing about what matches:
//! that is asked of [`aql::text::JavaRegex`].

mod parse;
pub(super) mod sample;

use std::ops::Range;

pub(super) use self::parse::parse;

/// `a|b|c`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Alternation {
    /// Where it stands, without the parentheses around it.
    pub(super) range: Range<usize>,
    /// At least one.
    pub(super) alternatives: Vec<Sequence>,
}

/// One alternative.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sequence {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// Its parts.
    pub(super) items: Vec<Item>,
}

/// A part with its count.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    /// Where it stands, with its count.
    pub(super) range: Range<usize>,
    /// What it is.
    pub(super) atom: Atom,
    /// How often at least.
    pub(super) min: u32,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Atom {
    /// This character.
    Char(char),
    /// A character of a class; its text.
    Class(String),
    /// A group that takes characters.
    Group(Alternation),
    /// `(?=...)` and its kin; whether it is negative.
    Look(Alternation, bool),
    /// `^`, `$`, `\b`, ...
    Anchor,
    /// `(?i)` and whatever else takes no character or cannot be said.
    Other,
}

impl Alternation {
    /// Calls `visit` for this alternation and all within, outermost first.
    pub(super) fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'a Self)) {
        visit(self);
        for item in self.alternatives.iter().flat_map(|it| &it.items) {
            if let Atom::Group(inner) | Atom::Look(inner, _) = &item.atom {
                inner.visit(visit);
            }
        }
    }

    /// The text without one alternative.
    pub(super) fn without(&self, text: &str, alternative: usize) -> String {
        let range = &self.alternatives[alternative].range;
        let (start, end) = if alternative == 0 { (range.start, range.end + 1) } else { (range.start - 1, range.end) };
        format!("{}{}", &text[..start], text.get(end..).unwrap_or_default())
    }
}
