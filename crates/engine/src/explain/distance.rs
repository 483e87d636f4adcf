//! How far an event is from a condition: the fewest tests that would have to come out otherwise, and which.

use std::cmp::Reverse;

use super::compile::{Compiled, CompiledTerm, Leaf, Node, NodeKind};
use super::tree::Truth;

/// What a test weighs that a value fails.
const WEIGHT: u32 = 2;
/// One that fails for want of a value weighs more: the log would have to say more.
const MISSING_WEIGHT: u32 = 3;
/// Tests that say what class of event is meant weigh most: an event of another kind is not near.
const CLASS_WEIGHT: u32 = 8;
/// The weight of what no event can do.
const NEVER: u32 = 1 << 20;

/// What is asked of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    True,
    False,
    /// False or unknown.
    NotTrue,
    /// True or unknown.
    NotFalse,
}

/// How much would have to differ. Compared by weight, then by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Distance {
    weight: u32,
    /// How many tests.
    pub(crate) tests: u32,
}

/// A test that would have to come out otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) leaf: usize,
    pub(super) goal: Goal,
}

/// Measures one event.
pub(super) struct Measure<'a> {
    pub(super) compiled: &'a Compiled,
    pub(super) truths: &'a dyn Fn(usize) -> Truth,
}

impl Goal {
    fn is_met(self, truth: Truth) -> bool {
        match self {
            Self::True => truth == Truth::True,
            Self::False => truth == Truth::False,
            Self::NotTrue => truth != Truth::True,
            Self::NotFalse => truth != Truth::False,
        }
    }

    fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    fn is_met_by(self, outcome: Option<bool>) -> bool {
        self.is_met(Truth::of(outcome))
    }
}

impl Distance {
    const NEVER: Self = Self { weight: NEVER, tests: NEVER };

    fn plus(self, other: Self) -> Self {
        Self {
            weight: self.weight.saturating_add(other.weight).min(NEVER),
            tests: self.tests.saturating_add(other.tests).min(NEVER),
        }
    }

    /// Whether an event can do it at all.
    pub(crate) fn is_possible(self) -> bool {
        self.weight < NEVER
    }
}

impl Measure<'_> {
    /// What is to differ so that a condition is as asked.
    pub(super) fn distance(&self, node: &Node, goal: Goal) -> Distance {
        match &node.kind {
            NodeKind::Not(node) => self.distance(node, goal.negated()),
            NodeKind::Leaf(leaf) => self.of_leaf(*leaf, goal),
            NodeKind::All(nodes) | NodeKind::Any(nodes) => {
                let each = nodes.iter().map(|it| self.distance(it, goal));
                if needs_all(node, goal) {
                    each.fold(Distance::default(), Distance::plus)
                } else {
                    each.min().unwrap_or(Distance::NEVER)
                }
            }
        }
    }

    /// The tests that are to differ, in the order of the query.
    pub(super) fn changes(&self, node: &Node, goal: Goal, found: &mut Vec<Change>) {
        match &node.kind {
            NodeKind::Not(node) => self.changes(node, goal.negated(), found),
            NodeKind::Leaf(leaf) => self.changes_of_leaf(*leaf, goal, found),
            NodeKind::All(nodes) | NodeKind::Any(nodes) if needs_all(node, goal) => {
                for node in nodes {
                    self.changes(node, goal, found);
                }
            }
            NodeKind::All(nodes) | NodeKind::Any(nodes) => {
                if let Some(nearest) = self.nearest(nodes, goal) {
                    self.changes(nearest, goal, found);
                }
            }
        }
    }

    /// The operand that is nearest to what is asked: of several that with the most tests that are so already, the first
    /// of these.
    pub(super) fn nearest<'n>(&self, nodes: &'n [Node], goal: Goal) -> Option<&'n Node> {
        nodes.iter().min_by_key(|it| (self.distance(it, goal), Reverse(self.held(it, goal))))
    }

    /// How many tests on the nearest way are as asked already.
    pub(super) fn held(&self, node: &Node, goal: Goal) -> u32 {
        match &node.kind {
            NodeKind::Not(node) => self.held(node, goal.negated()),
            NodeKind::Leaf(leaf) => u32::from(goal.is_met((self.truths)(*leaf))),
            NodeKind::All(nodes) | NodeKind::Any(nodes) if needs_all(node, goal) => {
                nodes.iter().map(|it| self.held(it, goal)).sum()
            }
            NodeKind::All(nodes) | NodeKind::Any(nodes) => {
                self.nearest(nodes, goal).map_or(0, |it| self.held(it, goal))
            }
        }
    }

    fn of_leaf(&self, number: usize, goal: Goal) -> Distance {
        if goal.is_met((self.truths)(number)) {
            return Distance::default();
        }
        let leaf = &self.compiled.leaves[number];
        if leaf.is_constant() {
            return Distance::NEVER;
        }
        match self.combination(leaf, goal) {
            Some((distance, _)) => distance,
            None => Distance { weight: weight(leaf, (self.truths)(number)), tests: 1 },
        }
    }

    fn changes_of_leaf(&self, number: usize, goal: Goal, found: &mut Vec<Change>) {
        if goal.is_met((self.truths)(number)) {
            return;
        }
        let leaf = &self.compiled.leaves[number];
        let Some((distance, taken)) = self.combination(leaf, goal).filter(|(distance, _)| distance.is_possible())
        else {
            return found.push(Change { leaf: number, goal });
        };
        debug_assert!(distance.is_possible());
        for (term, arm) in leaf.cases().zip(taken) {
            for node in term.arms.iter().take(*arm).map(|it| &it.condition) {
                self.changes(node, Goal::NotTrue, found);
            }
            if let Some(arm) = term.arms.get(*arm) {
                self.changes(&arm.condition, Goal::True, found);
            }
        }
    }

    /// The nearest combination of arms with which a test of labels or scores is as asked. None for another test.
    fn combination<'l>(&self, leaf: &'l Leaf, goal: Goal) -> Option<(Distance, &'l [usize])> {
        if leaf.outcomes.is_empty() {
            return None;
        }
        let arms: Vec<Vec<Distance>> = leaf.cases().map(|it| self.arms(it)).collect();
        let passing = leaf.outcomes.iter().filter(|(_, outcome)| goal.is_met_by(*outcome));
        let distance = |taken: &[usize]| {
            let each = arms.iter().zip(taken).map(|(arms, arm)| arms.get(*arm).copied().unwrap_or(Distance::NEVER));
            each.fold(Distance::default(), Distance::plus)
        };
        let nearest = passing.map(|(taken, _)| (distance(taken), taken.as_slice())).min_by_key(|(it, _)| *it);
        Some(nearest.unwrap_or((Distance::NEVER, &[])))
    }

    /// What is to differ so that a CASE takes each of its arms, and none.
    fn arms(&self, term: &CompiledTerm) -> Vec<Distance> {
        let mut before = Distance::default();
        let mut distances = Vec::with_capacity(term.arms.len() + 1);
        for arm in &term.arms {
            distances.push(before.plus(self.distance(&arm.condition, Goal::True)));
            before = before.plus(self.distance(&arm.condition, Goal::NotTrue));
        }
        distances.push(before);
        distances
    }
}

impl Leaf {
    /// The CASEs that it looks at.
    fn cases(&self) -> impl Iterator<Item = &CompiledTerm> {
        self.computed.iter().flat_map(|it| &it.terms).filter(|it| !it.arms.is_empty())
    }
}

fn weight(leaf: &Leaf, truth: Truth) -> u32 {
    match truth {
        _ if leaf.is_class => CLASS_WEIGHT,
        Truth::Unknown => MISSING_WEIGHT,
        _ => WEIGHT,
    }
}

/// Whether all operands must be as asked, not only one.
pub(super) fn needs_all(node: &Node, goal: Goal) -> bool {
    let asks_for_true = matches!(goal, Goal::True | Goal::NotFalse);
    matches!(node.kind, NodeKind::All(_)) == asks_for_true
}
