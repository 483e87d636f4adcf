//! What can happen on some row: whether conditions can come out in given ways together, whether one implies another,
//! whether a value is the same wherever it is asked for.
//!
//! Sound: [`Answer::Never`] is proven, in the three-valued logic that evaluation follows, with automata for patterns and
//! ranges for numbers. What is not looked into (most functions, comparisons of two fields) may come out in any way. All
//! work is bounded; what is not settled within the bound is [`Answer::Undecided`].

mod branch;
mod compare;
mod condition;
mod operand;
mod ranges;
mod search;
mod store;
mod text;
mod translate;
mod witness;

use schema::Type;

pub(crate) use self::condition::Condition;
use self::condition::{Goal, Node};
use self::operand::Operands;
use self::search::{Model, Search};
use self::store::{Store, Theory};
pub(crate) use self::text::TestId as PatternTest;
use self::text::{Found, TextTests};
use self::translate::Translator;
use self::witness::Row;
pub use self::witness::{Value, Witness};
use crate::bound::{Expr, ExprKind, Literal, Pattern};
use crate::text::Case;

/// The work of all questions to one [`Reachability`] together: states of automata and goals looked at.
const STEPS_MAX: u64 = 400_000;
/// The work of one question.
const QUESTION_STEPS_MAX: u64 = 40_000;
/// How many times as much work a patient one may do.
const PATIENCE: u64 = 100;
/// The most constants that a value is followed to.
const CONSTANTS_MAX: usize = 64;

/// How a condition may come out: true, false or unknown, as evaluation has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A row passes.
    True,
    /// A row passes the negation.
    False,
    /// Neither.
    Unknown,
    /// False or unknown.
    NotTrue,
    /// True or unknown.
    NotFalse,
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It happens on no row: proven.
    Never,
    /// It happens on this row. The conditions were evaluated on it; [`Witness::is_certain`] says whether anything was
    /// taken on trust.
    Possible(Witness),
    /// Not settled.
    Undecided,
}

impl Answer {
    /// Whether it is proven that it does not happen.
    pub const fn is_never(&self) -> bool {
        matches!(self, Self::Never)
    }

    /// The row on which it surely happens.
    pub fn certain(&self) -> Option<&Witness> {
        match self {
            Self::Possible(witness) if witness.is_certain() => Some(witness),
            _ => None,
        }
    }
}

/// Answers questions about conditions of one query, or of several over the same database.
///
/// Make one for a query and ask it everything: what was found out about patterns is kept, and all questions share one
/// bound of work.
///
/// ```
/// use aql::reachability::{Answer, Outcome, Reachability};
///
/// let options = aql::Options::new(aql::Environment::new(0));
/// let filter = |text: &str| {
///     aql::compile_filter(text, &schema::EVENTS, &options).query.and_then(|it| it.filter).expect("compiles")
/// };
/// let (narrow, wide) = (filter("CommandLine ILIKE '%sc.exe%create%'"), filter(r"CommandLine IMATCHES 'sc\.exe'"));
/// let mut reachability = Reachability::new();
/// assert!(reachability.implies(&narrow, &wide));
/// assert!(!reachability.implies(&wide, &narrow));
///
/// let answer = reachability.can(&[(&wide, Outcome::True), (&narrow, Outcome::NotTrue)]);
/// let Answer::Possible(witness) = answer else { panic!("there is such a command line") };
/// assert_eq!(witness.values[0].1.to_string(), "'sc.exe'");
///
/// // An event class that never carries a command line:
/// reachability.assume_null(&schema::EVENTS, "CommandLine");
/// assert!(reachability.can(&[(&wide, Outcome::True)]).is_never());
/// ```
#[derive(Debug)]
pub struct Reachability {
    operands: Operands,
    tests: TextTests,
    nodes: Vec<Node>,
    assumptions: Vec<Goal>,
    steps: u64,
    steps_of_question: u64,
}

impl Default for Reachability {
    fn default() -> Self {
        Self::new()
    }
}

impl Reachability {
    /// Knows nothing yet, assumes nothing.
    pub fn new() -> Self {
        Self {
            operands: Operands::default(),
            tests: TextTests::default(),
            nodes: Vec::new(),
            assumptions: Vec::new(),
            steps: STEPS_MAX,
            steps_of_question: QUESTION_STEPS_MAX,
        }
    }

    /// Whether these conditions can come out in these ways together on some row that meets the assumptions.
    pub fn can(&mut self, asked: &[(&Expr, Outcome)]) -> Answer {
        let goals: Vec<Goal> = asked.iter().map(|(expr, outcome)| (self.condition(expr), *outcome)).collect();
        match self.model(goals) {
            Model::Impossible => Answer::Never,
            Model::Undecided => Answer::Undecided,
            Model::Values(values) => {
                let row = Row { operands: &self.operands, values: &values };
                let is_met = asked.iter().all(|(expr, outcome)| row.comes_out(expr, *outcome) == Some(true));
                let witness = Witness::new(&self.operands, &values);
                if is_met { Answer::Possible(witness) } else { Answer::Undecided }
            }
        }
    }

    /// Whether it is proven that `one` is true on no row on which `other` is not.
    pub fn implies(&mut self, one: &Expr, other: &Expr) -> bool {
        self.can(&[(one, Outcome::True), (other, Outcome::NotTrue)]).is_never()
    }

    /// Whether it is proven that both pass the same rows. Where they do not pass a row they may differ in whether they
    /// are false or unknown.
    pub fn equivalent(&mut self, one: &Expr, other: &Expr) -> bool {
        self.implies(one, other) && self.implies(other, one)
    }

    /// The constants of which a value has one on every row that makes the conditions come out in these ways; none where
    /// it may have another value. A constant that is not among them is proven not to occur.
    pub fn constants(&mut self, value: &Expr, asked: &[(&Expr, Outcome)]) -> Option<Vec<Literal>> {
        let goals: Vec<Goal> = asked.iter().map(|(expr, outcome)| (self.condition(expr), *outcome)).collect();
        let branches = self.translator().cases(value);
        let mut constants: Vec<Literal> = Vec::new();
        for (more, value) in branches {
            if value.as_literal().is_some_and(|it| constants.contains(it)) {
                continue;
            }
            if matches!(self.model(goals.iter().copied().chain(more).collect()), Model::Impossible) {
                continue;
            }
            constants.push(value.as_literal()?.clone());
            if constants.len() > CONSTANTS_MAX {
                return None;
            }
        }
        Some(constants)
    }

    /// From now on only rows are meant on which the condition comes out like this.
    pub fn assume(&mut self, condition: &Expr, outcome: Outcome) {
        let condition = self.condition(condition);
        self.assumptions.push((condition, outcome));
    }

    /// From now on only rows are meant on which this field of the database is null; an unknown name changes nothing.
    pub fn assume_null(&mut self, database: &schema::Database, name: &str) {
        let Some(index) = database.find(name) else { return };
        let field = Expr::new(ExprKind::Field(index), database.fields[index].value_type, syntax::Span::default());
        let kind = ExprKind::IsNull { operand: Box::new(field), negated: false };
        self.assume(&Expr::new(kind, Type::Boolean, syntax::Span::default()), Outcome::True);
    }

    /// How many assumptions there are; for [`Self::forget_after`].
    pub const fn assumptions(&self) -> usize {
        self.assumptions.len()
    }

    /// Takes back the assumptions that were made since there were so many.
    pub fn forget_after(&mut self, count: usize) {
        self.assumptions.truncate(count);
    }

    /// Allows every question as much work as all together have, for a caller that asks few and can wait.
    #[must_use]
    pub const fn patient(mut self) -> Self {
        self.steps = STEPS_MAX * PATIENCE;
        self.steps_of_question = STEPS_MAX;
        self
    }

    /// Allows so much work for all questions together and a tenth of it for one, for a caller that asks many and cannot
    /// wait.
    #[must_use]
    pub const fn within(mut self, steps: u64) -> Self {
        self.steps = steps;
        self.steps_of_question = steps / 10;
        self
    }

    /// The condition of an expression, to ask about it often.
    pub(crate) fn condition(&mut self, expr: &Expr) -> Condition {
        self.translator().condition(expr)
    }

    /// Whether it is proven that these conditions cannot come out in these ways together.
    pub(crate) fn never(&mut self, goals: &[(Condition, Outcome)]) -> bool {
        matches!(self.model(goals.to_vec()), Model::Impossible)
    }

    /// A pattern, to ask what it covers; none if it cannot be run.
    pub(crate) fn pattern_test(&mut self, pattern: &Pattern, case: Case) -> Option<PatternTest> {
        self.tests.of(vec![pattern.as_text_pattern()], case)
    }

    /// Whether it is proven that all that the narrow pattern matches is matched by the wide one.
    pub(crate) fn covers(&mut self, wide: PatternTest, narrow: PatternTest) -> bool {
        let allowed = self.steps.min(self.steps_of_question);
        let mut steps = allowed;
        let is_covered = self.tests.is_likely_covered(wide, narrow, &mut steps)
            && self.tests.find(&[(narrow, true), (wide, false)], &mut steps) == Found::Nothing;
        self.steps -= allowed - steps;
        is_covered
    }

    fn translator(&mut self) -> Translator<'_> {
        Translator { operands: &mut self.operands, tests: &mut self.tests, nodes: &mut self.nodes }
    }

    fn model(&mut self, mut goals: Vec<Goal>) -> Model {
        goals.extend(&self.assumptions);
        let allowed = self.steps.min(self.steps_of_question);
        let mut steps = allowed;
        let theory = Theory { operands: &self.operands, tests: &mut self.tests, steps: &mut steps };
        let store = Store::new(self.operands.len());
        let model = Search { nodes: &self.nodes, theory, store }.run(goals);
        self.steps -= allowed - steps;
        model
    }
}
