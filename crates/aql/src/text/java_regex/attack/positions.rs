//! The position automaton of an expression (Glushkov's), in which an expression is exponential when a state can be left
//! and reached again by one text on two ways. Counted repetitions are taken for unbounded ones and assertions for
//! nothing: what is found is a candidate.

use std::collections::{BTreeMap, HashMap, VecDeque};

use regex_syntax::hir::ClassUnicode;

use super::super::node::{Node, Repeat};
use super::super::sets;
use super::shown;

/// The most characters and sets of an expression.
const POSITIONS_MAX: usize = 400;
/// The most pairs of positions that are looked at.
const PAIRS_MAX: usize = 20_000;

/// Positions, each with how many ways there are to it: one or several.
type Ways = BTreeMap<usize, bool>;

/// Two positions reached by one text, and whether the ways to them have gone apart.
type Pair = (usize, usize, bool);

/// A text that takes the automaton from its beginning to a state, and one from there back to it on two ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pump {
    pub(super) prefix: String,
    pub(super) repeated: String,
}

/// The automaton.
#[derive(Debug, Default)]
pub(super) struct Positions {
    classes: Vec<ClassUnicode>,
    /// Where a match begins.
    first: Ways,
    /// What may follow each position.
    follow: Vec<Ways>,
}

/// What is known of a part of the expression.
struct Part {
    first: Ways,
    last: Vec<usize>,
    /// Whether it may take nothing.
    is_nullable: bool,
}

impl Positions {
    /// The automaton; none when the expression is too big.
    pub(super) fn new(node: &Node) -> Option<Self> {
        let mut positions = Self::default();
        let part = positions.part(node)?;
        positions.first = part.first;
        Some(positions)
    }

    fn part(&mut self, node: &Node) -> Option<Part> {
        Some(match node {
            Node::Char(character, fold) => {
                self.position(sets::with_case(sets::ranges(&[(*character, *character)]), *fold))?
            }
            Node::Class(class) => self.position(class.clone())?,
            Node::Concat(nodes) => {
                let mut whole = Part::nothing();
                for node in nodes {
                    let part = self.part(node)?;
                    whole = self.chained(whole, part);
                }
                whole
            }
            Node::Alternate(nodes) => {
                let mut whole = Part { is_nullable: false, ..Part::nothing() };
                for node in nodes {
                    let part = self.part(node)?;
                    add(&mut whole.first, &part.first);
                    whole.last.extend(part.last);
                    whole.is_nullable |= part.is_nullable;
                }
                whole
            }
            Node::Capture(node) | Node::Atomic(node) => self.part(node)?,
            Node::Repeat(repeat) => self.repeated(repeat)?,
            Node::Empty
            | Node::Never
            | Node::Look(_)
            | Node::Backreference(..)
            | Node::Assertion(_)
            | Node::Grapheme => Part::nothing(),
        })
    }

    fn position(&mut self, class: ClassUnicode) -> Option<Part> {
        let position = self.classes.len();
        self.classes.push(class);
        self.follow.push(Ways::new());
        let part = Part { first: Ways::from([(position, false)]), last: vec![position], is_nullable: false };
        (position < POSITIONS_MAX).then_some(part)
    }

    fn chained(&mut self, mut left: Part, right: Part) -> Part {
        self.follow_by(&left.last, &right.first);
        if left.is_nullable {
            add(&mut left.first, &right.first);
        }
        let last = if right.is_nullable { [left.last, right.last].concat() } else { right.last };
        Part { first: left.first, last, is_nullable: left.is_nullable && right.is_nullable }
    }

    fn repeated(&mut self, repeat: &Repeat) -> Option<Part> {
        let Repeat { node, min, max, .. } = repeat;
        if *max == Some(0) {
            return Some(Part::nothing());
        }
        let mut part = self.part(node)?;
        if *max != Some(1) {
            self.follow_by(&part.last.clone(), &part.first.clone());
        }
        part.is_nullable |= *min == 0;
        Some(part)
    }

    fn follow_by(&mut self, last: &[usize], first: &Ways) {
        for position in last {
            add(&mut self.follow[*position], first);
        }
    }

    /// Candidates, at most so many.
    pub(super) fn pumps(&self, most: usize) -> Vec<Pump> {
        let mut pumps = Vec::new();
        let mut pairs_left = PAIRS_MAX;
        let rounds = self.rounds();
        for state in 0..self.classes.len() {
            if pumps.len() >= most || pairs_left == 0 {
                break;
            }
            if let Some(repeated) = self.two_ways(state, &rounds, &mut pairs_left)
                && let Some(prefix) = self.prefix(state)
            {
                let pump = Pump { prefix, repeated };
                if !pumps.contains(&pump) {
                    pumps.push(pump);
                }
            }
        }
        pumps
    }

    /// A text on which the state is left and reached again on two ways: a round through the pairs of positions that goes
    /// apart, or through a step of which there are several.
    fn two_ways(&self, state: usize, rounds: &[usize], pairs_left: &mut usize) -> Option<String> {
        let is_inside = |position: &usize| rounds[*position] == rounds[state];
        let start = (state, state, false);
        let mut before = HashMap::new();
        let mut queue = VecDeque::from([start]);
        while let Some(pair @ (one, other, apart)) = queue.pop_front() {
            for (next_one, several) in self.follow[one].iter().filter(|it| is_inside(it.0)) {
                for next_other in self.follow[other].keys().filter(|it| is_inside(it)) {
                    *pairs_left = pairs_left.checked_sub(1)?;
                    let is_apart = apart || next_one != next_other || *several && one == other;
                    let next = (*next_one, *next_other, is_apart);
                    if before.contains_key(&next) {
                        continue;
                    }
                    let Some(character) = self.common(*next_one, *next_other) else { continue };
                    before.insert(next, (pair, character));
                    if next == (state, state, true) {
                        return Some(path(&before, start, next));
                    }
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// For each position a number that it shares with the positions from which it is reached and which it reaches: only
    /// among those is there a round.
    fn rounds(&self) -> Vec<usize> {
        let count = self.classes.len();
        let mut back = vec![Vec::new(); count];
        for (position, follow) in self.follow.iter().enumerate() {
            for next in follow.keys() {
                back[*next].push(position);
            }
        }
        let forth: Vec<Vec<usize>> = self.follow.iter().map(|it| it.keys().copied().collect()).collect();
        let mut rounds = vec![usize::MAX; count];
        for position in 0..count {
            if rounds[position] == usize::MAX {
                let (after, before) = (reached(&forth, position), reached(&back, position));
                (0..count).filter(|it| after[*it] && before[*it]).for_each(|it| rounds[it] = position);
                rounds[position] = position;
            }
        }
        rounds
    }

    /// A character that both positions take.
    fn common(&self, one: usize, other: usize) -> Option<char> {
        if one == other {
            return shown(&self.classes[one]);
        }
        let mut class = self.classes[one].clone();
        class.intersect(&self.classes[other]);
        shown(&class)
    }

    /// The shortest text that leads to the state.
    fn prefix(&self, state: usize) -> Option<String> {
        let mut before: HashMap<usize, (Option<usize>, char)> = HashMap::new();
        let mut queue = VecDeque::new();
        for first in self.first.keys() {
            if let Some(character) = shown(&self.classes[*first]) {
                before.insert(*first, (None, character));
                queue.push_back(*first);
            }
        }
        while let Some(position) = queue.pop_front() {
            if position == state {
                break;
            }
            for next in self.follow[position].keys() {
                if !before.contains_key(next)
                    && let Some(character) = shown(&self.classes[*next])
                {
                    before.insert(*next, (Some(position), character));
                    queue.push_back(*next);
                }
            }
        }
        let mut text = Vec::new();
        let mut place = Some(state);
        while let Some(position) = place {
            let (previous, character) = before.get(&position)?;
            text.push(*character);
            place = *previous;
        }
        Some(text.into_iter().rev().collect())
    }
}

impl Part {
    fn nothing() -> Self {
        Self { first: Ways::new(), last: Vec::new(), is_nullable: true }
    }
}

/// Which positions are reached from one, by one step or more.
fn reached(steps: &[Vec<usize>], from: usize) -> Vec<bool> {
    let mut is_reached = vec![false; steps.len()];
    let mut open = vec![from];
    while let Some(position) = open.pop() {
        for next in &steps[position] {
            if !is_reached[*next] {
                is_reached[*next] = true;
                open.push(*next);
            }
        }
    }
    is_reached
}

/// Adds ways to positions; a position that was there has several now.
fn add(ways: &mut Ways, more: &Ways) {
    for (position, several) in more {
        ways.entry(*position).and_modify(|it| *it = true).or_insert(*several);
    }
}

/// The characters from the start to the end of a walk.
fn path(before: &HashMap<Pair, (Pair, char)>, start: Pair, end: Pair) -> String {
    let mut text = Vec::new();
    let mut place = end;
    while let Some((previous, character)) = before.get(&place) {
        text.push(*character);
        place = *previous;
        if place == start {
            break;
        }
    }
    text.into_iter().rev().collect()
}
