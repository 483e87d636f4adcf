//! The tree of a regular expression: every flag is already resolved into the nodes that it touches.

use regex_syntax::hir::ClassUnicode;

/// One part of a regular expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// Nothing; always matches.
    Empty,
    /// Never matches: a reference to a group that does not exist.
    Never,
    /// One character.
    Char(char, Fold),
    /// One character of a set; case is already folded into the set.
    Class(ClassUnicode),
    Concat(Vec<Node>),
    Alternate(Vec<Node>),
    /// `(...)`, `(?<name>...)`; groups are numbered by their order in the text.
    Capture(Box<Node>),
    Repeat(Box<Repeat>),
    /// `(?>...)`
    Atomic(Box<Node>),
    Look(Box<Look>),
    /// `\1`, `\k<name>`
    Backreference(usize, Fold),
    Assertion(Assertion),
    /// `\X`
    Grapheme,
}

/// How a character is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Sensitive,
    /// `(?i)`: ASCII letters only.
    Ascii,
    /// `(?iu)`
    Unicode,
}

#[derive(Clone, Debug)]
pub(super) struct Repeat {
    pub(super) node: Node,
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) greed: Greed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Greed {
    Greedy,
    Lazy,
    Possessive,
}

#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) behind: bool,
    pub(super) negative: bool,
    pub(super) node: Node,
}

/// A test of a position. `unix` means that only `\n` ends a line, flag `d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    /// `\A`, `^` without flag `m`
    Start,
    /// `\z`
    End,
    /// `\Z`, `$` without flag `m`: the end, or before the line end that ends the text
    FinalEnd { unix: bool },
    /// `^` with flag `m`
    LineStart { unix: bool },
    /// `$` with flag `m`
    LineEnd { unix: bool },
    /// `\b`
    WordBoundary,
    /// `\B`
    NoWordBoundary,
    /// `\G`
    PreviousEnd,
}

impl Node {
    /// Calls `visit` for this node and all below it.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(&Node)) {
        visit(self);
        match self {
            Self::Concat(nodes) | Self::Alternate(nodes) => nodes.iter().for_each(|node| node.walk(visit)),
            Self::Capture(node) | Self::Atomic(node) => node.walk(visit),
            Self::Repeat(repeat) => repeat.node.walk(visit),
            Self::Look(look) => look.node.walk(visit),
            _ => {}
        }
    }

    /// The expression without the runs of any character, such as `.*`, at its start and end: found in the same values.
    /// None when there is no such run.
    pub(super) fn without_outer_runs(&self) -> Option<Self> {
        let Self::Concat(nodes) = self else { return None };
        let is_run = |node: &&Self| {
            matches!(node, Self::Repeat(repeat) if repeat.min == 0 && repeat.greed != Greed::Possessive
                && matches!(repeat.node, Self::Class(_)))
        };
        let leading = nodes.iter().take_while(is_run).count();
        let trailing = nodes[leading..].iter().rev().take_while(is_run).count();
        let inner = &nodes[leading..nodes.len() - trailing];
        (leading + trailing > 0).then(|| Self::Concat(inner.to_vec()))
    }

    /// Whether a group refers to itself; `open` holds the groups around, `last` the number of groups opened so far.
    pub(super) fn refers_to_itself(&self, open: &mut Vec<usize>, last: &mut usize) -> bool {
        match self {
            Self::Backreference(number, _) => open.contains(number),
            Self::Concat(nodes) | Self::Alternate(nodes) => nodes.iter().any(|node| node.refers_to_itself(open, last)),
            Self::Capture(node) => {
                *last += 1;
                open.push(*last);
                let found = node.refers_to_itself(open, last);
                open.pop();
                found
            }
            Self::Atomic(node) => node.refers_to_itself(open, last),
            Self::Repeat(repeat) => repeat.node.refers_to_itself(open, last),
            Self::Look(look) => look.node.refers_to_itself(open, last),
            _ => false,
        }
    }

    /// Makes references to groups above `groups` what they are: never matching.
    pub(super) fn resolve_references(&mut self, groups: usize) {
        match self {
            Self::Backreference(number, _) if *number > groups => *self = Self::Never,
            Self::Concat(nodes) | Self::Alternate(nodes) => {
                for node in nodes {
                    node.resolve_references(groups);
                }
            }
            Self::Capture(node) | Self::Atomic(node) => node.resolve_references(groups),
            Self::Repeat(repeat) => repeat.node.resolve_references(groups),
            Self::Look(look) => look.node.resolve_references(groups),
            _ => {}
        }
    }

    /// The greatest number of characters it can match; none when there is no bound.
    pub(super) fn length_max(&self) -> Option<u64> {
        match self {
            Self::Char(..) | Self::Class(_) => Some(1),
            Self::Concat(nodes) => nodes.iter().map(Self::length_max).sum(),
            Self::Alternate(nodes) => {
                nodes.iter().map(Self::length_max).try_fold(0, |most, next| Some(most.max(next?)))
            }
            Self::Capture(node) | Self::Atomic(node) => node.length_max(),
            Self::Repeat(repeat) => match (repeat.node.length_max()?, repeat.max) {
                (0, _) => Some(0),
                (length, Some(max)) => length.checked_mul(u64::from(max)),
                // Java takes an unbounded greedy run of one character for bounded.
                (_, None) => {
                    let run = repeat.greed == Greed::Greedy && matches!(repeat.node, Self::Char(..) | Self::Class(_));
                    run.then_some(1)
                }
            },
            Self::Backreference(..) | Self::Grapheme => None,
            Self::Empty | Self::Never | Self::Look(_) | Self::Assertion(_) => Some(0),
        }
    }
}
