//! Conditions in the form that is decided: three-valued logic over tests of operands.

use super::Outcome;
use super::operand::OperandId;
use super::ranges::Ranges;
use super::text::TestId;

/// A condition by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Condition(pub(super) u32);

/// A condition and how it shall come out.
pub(super) type Goal = (Condition, Outcome);

/// The kinds of condition.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// True, false or unknown.
    Constant(Option<bool>),
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Condition),
    /// Whether the operand is null: never unknown.
    Null(OperandId),
    /// Unknown when the operand is null.
    Test(OperandId, Test),
    /// What holds under the first goals that are met. The goals of all branches leave no row out and meet in none.
    Branches(Vec<(Vec<Goal>, Condition)>),
}

/// A test of a value that is not null.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// Of text; of a list of texts, whether any element passes.
    Text(TestId),
    /// Of a number; of a list of numbers, whether any element is in the ranges.
    Number(Ranges),
    /// Of a truth value: whether it is true.
    Truth,
}

/// What is asked of one operand.
#[derive(Clone, Debug)]
pub(super) enum Fact<'t> {
    Null,
    Filled,
    /// Filled, and the test comes out like this.
    Passes(&'t Test, bool),
}

/// What a goal comes down to.
pub(super) enum Step<'n> {
    Met,
    Failed,
    Fact(OperandId, Fact<'n>),
    All(Vec<Goal>),
    /// One of the lists of goals.
    Any(Vec<Vec<Goal>>),
}

impl Outcome {
    const fn of_not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    /// Whether a truth value is such an outcome.
    pub fn accepts(self, truth: Option<bool>) -> bool {
        match self {
            Self::True => truth == Some(true),
            Self::False => truth == Some(false),
            Self::Unknown => truth.is_none(),
            Self::NotTrue => truth != Some(true),
            Self::NotFalse => truth != Some(false),
        }
    }
}

impl Node {
    /// What it takes for this condition, which has the given number, to come out like this.
    pub(super) fn step(&self, condition: Condition, outcome: Outcome) -> Step<'_> {
        let met = |it: bool| if it { Step::Met } else { Step::Failed };
        match self {
            Self::Constant(truth) => met(outcome.accepts(*truth)),
            Self::Not(inner) => Step::All(vec![(*inner, outcome.of_not())]),
            Self::Null(operand) => match outcome {
                Outcome::True | Outcome::NotFalse => Step::Fact(*operand, Fact::Null),
                Outcome::False | Outcome::NotTrue => Step::Fact(*operand, Fact::Filled),
                Outcome::Unknown => Step::Failed,
            },
            Self::Test(operand, test) => match outcome {
                Outcome::True => Step::Fact(*operand, Fact::Passes(test, true)),
                Outcome::False => Step::Fact(*operand, Fact::Passes(test, false)),
                Outcome::Unknown => Step::Fact(*operand, Fact::Null),
                Outcome::NotTrue => either(condition, Outcome::False),
                Outcome::NotFalse => either(condition, Outcome::True),
            },
            Self::And(inner) => match outcome {
                Outcome::True | Outcome::NotFalse => Step::All(each(inner, outcome)),
                Outcome::False | Outcome::NotTrue => Step::Any(singles(inner, outcome)),
                Outcome::Unknown => between(condition),
            },
            Self::Or(inner) => match outcome {
                Outcome::False | Outcome::NotTrue => Step::All(each(inner, outcome)),
                Outcome::True | Outcome::NotFalse => Step::Any(singles(inner, outcome)),
                Outcome::Unknown => between(condition),
            },
            Self::Branches(branches) => {
                let branch = |(goals, then): &(Vec<Goal>, Condition)| {
                    goals.iter().copied().chain([(*then, outcome)]).collect::<Vec<_>>()
                };
                Step::Any(branches.iter().map(branch).collect())
            }
        }
    }
}

fn either(condition: Condition, outcome: Outcome) -> Step<'static> {
    Step::Any(vec![vec![(condition, outcome)], vec![(condition, Outcome::Unknown)]])
}

fn between(condition: Condition) -> Step<'static> {
    Step::All(vec![(condition, Outcome::NotTrue), (condition, Outcome::NotFalse)])
}

fn each(conditions: &[Condition], outcome: Outcome) -> Vec<Goal> {
    conditions.iter().map(|it| (*it, outcome)).collect()
}

fn singles(conditions: &[Condition], outcome: Outcome) -> Vec<Vec<Goal>> {
    conditions.iter().map(|it| vec![(*it, outcome)]).collect()
}
