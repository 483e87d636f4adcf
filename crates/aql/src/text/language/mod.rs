//! The set of texts that a pattern accepts, as an automaton over characters: whether some text is accepted by all of some
//! patterns and by none of others. Exact for LIKE and for regular expressions without look-around, references to groups
//! and atomic groups; what cannot be expressed has no language.

mod alphabet;
mod characters;
mod walk;

use std::collections::HashMap;

pub(crate) use self::characters::{awkward_when_lowered, unchanged_by_lowering};
pub(crate) use self::walk::{Member, member};
use super::{Case, JavaRegex, Pattern};

/// The most states of one language.
const STATES_MAX: usize = 20_000;

/// Characters as ranges, ascending and apart, ends included.
pub(crate) type Ranges = Box<[(u32, u32)]>;

/// Which texts a language is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    /// The values themselves.
    Values,
    /// The values in lower case: only for patterns of [`Case::Lowered`].
    Lowered,
}

/// A test of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    Start,
    End,
    LineStart {
        unix: bool,
    },
    LineEnd {
        unix: bool,
    },
    WordBoundary,
    NoWordBoundary,
    /// The character before is no carriage return.
    NotAfterReturn,
}

/// One state of the automaton.
#[derive(Debug)]
pub(super) enum State {
    /// One character of a class, then another state.
    Class(u32, u32),
    /// Any of these states.
    Split(Vec<u32>),
    /// Another state, where the position passes.
    Assert(Position, u32),
    /// Accepts, whatever follows.
    All,
    /// Accepts at the end of the text.
    End,
}

/// The texts that any of some patterns accepts.
#[derive(Debug)]
pub(crate) struct Language {
    pub(super) states: Vec<State>,
    pub(super) start: u32,
    pub(super) classes: Vec<Ranges>,
    /// Whether positions are tested.
    pub(super) positional: bool,
    /// Whether positions of words are tested.
    pub(super) words: bool,
}

impl Language {
    /// The texts that any of the patterns accepts; none where a pattern has no language or the automaton is too big.
    pub(crate) fn of<'p>(patterns: impl IntoIterator<Item = &'p Pattern>, case: Case, space: Space) -> Option<Self> {
        let mut builder = Builder::new(case, space);
        let start = builder.any(patterns)?;
        Some(builder.finished(start))
    }

    /// The texts that any of the patterns accepts, each with its case.
    pub(crate) fn any<'p>(parts: impl IntoIterator<Item = (&'p [Pattern], Case)>, space: Space) -> Option<Self> {
        let mut builder = Builder::new(Case::Sensitive, space);
        let mut starts = Vec::new();
        for (patterns, case) in parts {
            builder.case = case;
            starts.push(builder.any(patterns)?);
        }
        let start = builder.add(State::Split(starts))?;
        Some(builder.finished(start))
    }

    /// The texts in which one of these characters stands.
    pub(crate) fn holding(characters: Ranges) -> Option<Self> {
        let mut builder = Builder::new(Case::Sensitive, Space::Values);
        let all = builder.add(State::All)?;
        let found = builder.class(characters, all)?;
        let start = builder.run_of_any(found)?;
        Some(builder.finished(start))
    }
}

/// Makes the automaton from its end to its start.
#[derive(Debug)]
pub(super) struct Builder {
    states: Vec<State>,
    classes: Vec<Ranges>,
    class_ids: HashMap<Ranges, u32>,
    case: Case,
    space: Space,
}

impl Builder {
    fn new(case: Case, space: Space) -> Self {
        Self { states: Vec::new(), classes: Vec::new(), class_ids: HashMap::new(), case, space }
    }

    fn finished(self, start: u32) -> Language {
        let has = |test: fn(Position) -> bool| {
            self.states.iter().any(|it| matches!(it, State::Assert(position, _) if test(*position)))
        };
        let positional = has(|_| true);
        let words = has(|it| matches!(it, Position::WordBoundary | Position::NoWordBoundary));
        Language { states: self.states, start, classes: self.classes, positional, words }
    }

    /// Adds a state; none above the bound.
    pub(super) fn add(&mut self, state: State) -> Option<u32> {
        if self.states.len() >= STATES_MAX {
            return None;
        }
        self.states.push(state);
        Some(self.states.len() as u32 - 1)
    }

    /// One character of the ranges as they are, then `next`.
    fn class(&mut self, ranges: Ranges, next: u32) -> Option<u32> {
        let count = self.classes.len() as u32;
        let class = *self.class_ids.entry(ranges.clone()).or_insert(count);
        if class == count {
            self.classes.push(ranges);
        }
        self.add(State::Class(class, next))
    }

    /// One character of a class of a regular expression, then `next`.
    pub(super) fn one_of(&mut self, ranges: Ranges, next: u32) -> Option<u32> {
        let is_raw = self.case == Case::Lowered && self.space == Space::Values;
        let ranges = if is_raw { characters::lowered_into(&ranges) } else { ranges };
        self.class(ranges, next)
    }

    /// Any characters, then `next`.
    fn run_of_any(&mut self, next: u32) -> Option<u32> {
        let split = self.add(State::Split(vec![next]))?;
        let any = self.class(characters::all(), split)?;
        self.also(split, any);
        Some(split)
    }

    /// One target more for a split.
    pub(super) fn also(&mut self, split: u32, target: u32) {
        if let State::Split(targets) = &mut self.states[split as usize] {
            targets.push(target);
        }
    }

    fn any<'p>(&mut self, patterns: impl IntoIterator<Item = &'p Pattern>) -> Option<u32> {
        let mut starts = Vec::new();
        for pattern in patterns {
            starts.push(self.pattern(pattern)?);
        }
        self.add(State::Split(starts))
    }

    fn pattern(&mut self, pattern: &Pattern) -> Option<u32> {
        match pattern {
            Pattern::Equal(text) => {
                let end = self.add(State::End)?;
                text.chars().rev().try_fold(end, |next, it| self.character(it, next))
            }
            Pattern::Like(text) => self.like(text),
            Pattern::Regex(text) => {
                let regex = JavaRegex::new(text, self.case).ok()?;
                let all = self.add(State::All)?;
                let found = regex.add_to(self, all)?;
                self.run_of_any(found)
            }
        }
    }

    fn like(&mut self, text: &str) -> Option<u32> {
        let is_open = text.ends_with('%');
        let end = self.add(if is_open { State::All } else { State::End })?;
        text.trim_end_matches('%').chars().rev().try_fold(end, |next, character| match character {
            '%' => self.run_of_any(next),
            '_' => self.class(characters::all(), next),
            character => self.character(character, next),
        })
    }

    /// One character of a LIKE pattern or an equal text.
    fn character(&mut self, character: char, next: u32) -> Option<u32> {
        let ranges = match (self.case, self.space) {
            (Case::Insensitive, _) => characters::folded_into(character),
            (Case::Lowered, Space::Values) => characters::lowered_into(&characters::one(character)),
            _ => characters::one(character),
        };
        self.class(ranges, next)
    }
}
