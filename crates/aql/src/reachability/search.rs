//! The search for values of all operands that make conditions come out as asked: what follows is drawn first, then the
//! choice with the fewest ways is tried.

use super::condition::{Fact, Goal, Node, Step};
use super::operand::OperandId;
use super::store::{Checked, Store, Theory};
use super::witness::Value;

/// The most choices within one another.
const DEPTH_MAX: usize = 200;
/// What looking at one goal costs.
const GOAL_STEPS: u64 = 2;

/// What a search ends with.
pub(super) enum Model {
    /// Values of the operands, by their numbers.
    Values(Vec<Option<Value>>),
    /// There are none.
    Impossible,
    /// Not known.
    Undecided,
}

/// A search over the conditions.
pub(super) struct Search<'r> {
    pub(super) nodes: &'r [Node],
    pub(super) theory: Theory<'r>,
    pub(super) store: Store,
}

/// Ways of which one must be taken.
type Choice = Vec<Vec<Goal>>;

impl Search<'_> {
    /// Looks for a model of all goals.
    pub(super) fn run(&mut self, goals: Vec<Goal>) -> Model {
        self.solve(goals, Vec::new(), 0)
    }

    fn solve(&mut self, goals: Vec<Goal>, mut choices: Vec<Choice>, depth: usize) -> Model {
        if depth > DEPTH_MAX {
            return Model::Undecided;
        }
        let mut open = goals;
        loop {
            if !self.draw(&mut open, &mut choices) {
                return Model::Impossible;
            }
            if *self.theory.steps == 0 {
                return Model::Undecided;
            }
            match self.narrowed(&mut choices) {
                None => return Model::Impossible,
                Some(forced) if forced.is_empty() => break,
                Some(forced) => open = forced,
            }
        }
        let fewest = choices.iter().enumerate().min_by_key(|(_, it)| it.len()).map(|(index, _)| index);
        let Some(fewest) = fewest else { return self.checked() };
        let ways = choices.swap_remove(fewest);
        let mut is_decided = true;
        for way in ways {
            let mark = self.store.mark();
            match self.solve(way, choices.clone(), depth + 1) {
                Model::Impossible => {}
                Model::Undecided => is_decided = false,
                found @ Model::Values(_) => return found,
            }
            self.store.undo(mark);
            if *self.theory.steps == 0 {
                return Model::Undecided;
            }
        }
        if is_decided { Model::Impossible } else { Model::Undecided }
    }

    /// Assumes all that the goals say outright and collects their choices; false if it cannot be.
    fn draw(&mut self, open: &mut Vec<Goal>, choices: &mut Vec<Choice>) -> bool {
        while let Some((condition, outcome)) = open.pop() {
            *self.theory.steps = self.theory.steps.saturating_sub(GOAL_STEPS);
            match self.nodes[condition.0 as usize].step(condition, outcome) {
                Step::Met => {}
                Step::Failed => return false,
                Step::Fact(operand, fact) => {
                    if !self.assume(operand, &fact) {
                        return false;
                    }
                }
                Step::All(goals) => open.extend(goals),
                Step::Any(ways) => choices.push(ways),
            }
        }
        true
    }

    fn assume(&mut self, operand: OperandId, fact: &Fact<'_>) -> bool {
        self.store.assume(operand, fact, &mut self.theory)
    }

    /// Drops the choices that are already met and the ways that are closed; the goals of choices with one way left, or
    /// none if a choice has no way.
    fn narrowed(&mut self, choices: &mut Vec<Choice>) -> Option<Vec<Goal>> {
        let mut forced = Vec::new();
        let mut kept = Vec::with_capacity(choices.len());
        for mut ways in std::mem::take(choices) {
            let mut is_met = false;
            ways.retain(|way| match self.known_all(way) {
                Some(true) => {
                    is_met = true;
                    true
                }
                Some(false) => false,
                None => true,
            });
            if is_met {
                continue;
            }
            match ways.len() {
                0 => return None,
                1 => forced.extend(ways.remove(0)),
                _ => kept.push(ways),
            }
        }
        *choices = kept;
        Some(forced)
    }

    fn known_all(&mut self, goals: &[Goal]) -> Option<bool> {
        let mut all = Some(true);
        for goal in goals {
            match self.known(*goal) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    /// Whether a goal is met or closed by what is assumed.
    fn known(&mut self, (condition, outcome): Goal) -> Option<bool> {
        *self.theory.steps = self.theory.steps.saturating_sub(1);
        match self.nodes[condition.0 as usize].step(condition, outcome) {
            Step::Met => Some(true),
            Step::Failed => Some(false),
            Step::Fact(operand, fact) => self.store.known(operand, &fact, &self.theory),
            Step::All(goals) => self.known_all(&goals),
            Step::Any(ways) => {
                let mut any = Some(false);
                for way in ways {
                    match self.known_all(&way) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => any = None,
                    }
                }
                any
            }
        }
    }

    fn checked(&mut self) -> Model {
        match self.store.values(&mut self.theory) {
            Checked::Values(values) => Model::Values(values),
            Checked::Impossible => Model::Impossible,
            Checked::Value(_) | Checked::Undecided => Model::Undecided,
        }
    }
}
