//! An expression as states of an automaton over characters.

use regex_syntax::hir::ClassUnicode;

use super::node::{Assertion, Fold, Greed, Node, Repeat};
use super::{JavaRegex, sets};
use crate::text::language::{Builder, Position, Ranges, State};

impl JavaRegex {
    /// Adds the states that lead from a match's start to `next`, which must accept; the first of them is the value. None
    /// where the expression has no automaton: look-around, references to groups, atomic groups, graphemes.
    pub(in crate::text) fn add_to(&self, builder: &mut Builder, next: u32) -> Option<u32> {
        Adder { builder, accept: next }.node(self.decisive().node(), next)
    }
}

struct Adder<'b> {
    builder: &'b mut Builder,
    accept: u32,
}

impl Adder<'_> {
    fn node(&mut self, node: &Node, next: u32) -> Option<u32> {
        match node {
            Node::Empty => Some(next),
            Node::Never => self.builder.add(State::Split(Vec::new())),
            Node::Char(character, fold) => {
                let one = sets::ranges(&[(*character, *character)]);
                let class = if *fold == Fold::Sensitive { one } else { sets::with_case(one, *fold) };
                self.builder.one_of(ranges(&class), next)
            }
            Node::Class(class) => self.builder.one_of(ranges(class), next),
            Node::Concat(nodes) => nodes.iter().rev().try_fold(next, |next, it| self.node(it, next)),
            Node::Alternate(nodes) => {
                let targets = nodes.iter().map(|it| self.node(it, next)).collect::<Option<Vec<u32>>>()?;
                self.builder.add(State::Split(targets))
            }
            Node::Capture(node) => self.node(node, next),
            Node::Repeat(repeat) => self.repeat(repeat, next),
            Node::Assertion(assertion) => self.assertion(*assertion, next),
            Node::Atomic(_) | Node::Look(_) | Node::Backreference(..) | Node::Grapheme => None,
        }
    }

    fn repeat(&mut self, repeat: &Repeat, next: u32) -> Option<u32> {
        let Repeat { node, min, max, greed } = repeat;
        if *greed == Greed::Possessive {
            return None;
        }
        let mut first = next;
        match max {
            // What takes no character need not be repeated.
            _ if node.length_max() == Some(0) => {
                if *max != Some(0) {
                    first = self.node(node, next)?;
                    if *min == 0 {
                        first = self.builder.add(State::Split(vec![first, next]))?;
                    }
                }
                return Some(first);
            }
            Some(max) => {
                for _ in *min..*max {
                    let taken = self.node(node, first)?;
                    first = self.builder.add(State::Split(vec![taken, next]))?;
                }
            }
            None => first = self.run(node, next)?,
        }
        for _ in 0..*min {
            first = self.node(node, first)?;
        }
        Some(first)
    }

    /// Any number of times.
    fn run(&mut self, node: &Node, next: u32) -> Option<u32> {
        let split = self.builder.add(State::Split(vec![next]))?;
        let taken = self.node(node, split)?;
        self.builder.also(split, taken);
        Some(split)
    }

    fn assertion(&mut self, assertion: Assertion, next: u32) -> Option<u32> {
        let position = match assertion {
            Assertion::Start => Position::Start,
            Assertion::End => Position::End,
            Assertion::LineStart { unix } => Position::LineStart { unix },
            Assertion::LineEnd { unix } => Position::LineEnd { unix },
            Assertion::WordBoundary => Position::WordBoundary,
            Assertion::NoWordBoundary => Position::NoWordBoundary,
            Assertion::FinalEnd { unix } => return self.final_end(unix, next),
            Assertion::PreviousEnd => return None,
        };
        self.builder.add(State::Assert(position, next))
    }

    /// `$`: the end, or before the line end that ends the text. Only where nothing of the expression follows.
    fn final_end(&mut self, unix: bool, next: u32) -> Option<u32> {
        if next != self.accept {
            return None;
        }
        let end = self.builder.add(State::End)?;
        let newline = self.builder.one_of(Box::new([(10, 10)]), end)?;
        if unix {
            return self.builder.add(State::Split(vec![end, newline]));
        }
        let lone_newline = self.builder.add(State::Assert(Position::NotAfterReturn, newline))?;
        let both = self.builder.one_of(Box::new([(13, 13)]), newline)?;
        let other = self.builder.one_of(Box::new([(13, 13), (0x85, 0x85), (0x2028, 0x2029)]), end)?;
        self.builder.add(State::Split(vec![end, lone_newline, both, other]))
    }
}

fn ranges(class: &ClassUnicode) -> Ranges {
    class.iter().map(|it| (u32::from(it.start()), u32::from(it.end()))).collect()
}
