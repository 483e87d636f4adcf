//! What a query asks of an event, in two-valued logic: a test of a value that is missing is false, as it is in Sigma.
//!
//! Equality and hash are of meaning, not of position.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use aql::bound::{Case, PatternKind};
use syntax::Span;
use syntax::ast::CompareOperator;

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Formula {
    True,
    False,
    Atom(Rc<Atom>),
    Not(Rc<Formula>),
    /// Two or more, none of them an AND.
    And(Vec<Formula>),
    /// Two or more, none of them an OR.
    Or(Vec<Formula>),
}

/// One test of one field.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) field: FieldKey,
    pub(super) test: Test,
    /// Where the query asks for it.
    pub(super) span: Span,
}

/// What is tested.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum FieldKey {
    /// An index in the fields of `events`.
    Column(usize),
    /// A property that no field describes.
    Property(String),
}

/// How it is tested.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Test {
    /// Whether there is a value.
    Exists,
    /// Whether the text is like a pattern.
    Text { kind: PatternKind, text: String, case: Case },
    /// A comparison with a number, which is written as it is to be printed.
    Number { operator: CompareOperator, value: String },
    /// Whether it is true.
    IsTrue,
    /// Whether the address lies in a block.
    Cidr(String),
    /// Whether a reference set has it.
    Reference(String),
    /// Whether it is the text of another field.
    Field(FieldKey),
    /// What Sigma cannot say: a short phrase, and what to do.
    Unsayable { what: String, help: String },
}

impl PartialEq for Atom {
    fn eq(&self, other: &Self) -> bool {
        self.field == other.field && self.test == other.test
    }
}

impl Eq for Atom {}

impl Hash for Atom {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.field.hash(state);
        self.test.hash(state);
    }
}

impl Formula {
    pub(super) fn constant(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }

    pub(super) fn atom(field: FieldKey, test: Test, span: Span) -> Self {
        Self::Atom(Rc::new(Atom { field, test, span }))
    }

    pub(super) fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Not(inner) => Rc::unwrap_or_clone(inner),
            other => Self::Not(Rc::new(other)),
        }
    }

    pub(super) fn and(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::True => {}
                Self::False => return Self::False,
                Self::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::joined(flat, true)
    }

    pub(super) fn or(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::False => {}
                Self::True => return Self::True,
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        Self::joined(flat, false)
    }

    fn joined(mut parts: Vec<Self>, all: bool) -> Self {
        let mut seen = std::collections::HashSet::new();
        parts.retain(|it| seen.insert(it.clone()));
        match parts.len() {
            0 => Self::constant(all),
            1 => parts.remove(0),
            _ if all => Self::And(parts),
            _ => Self::Or(parts),
        }
    }

    /// `condition` and `then`, or not `condition` and `otherwise`.
    pub(super) fn choice(condition: &Self, then: Self, otherwise: Self) -> Self {
        match (condition, &then, &otherwise) {
            (Self::True, ..) => then,
            (Self::False, ..) => otherwise,
            _ if then == otherwise => then,
            // What the other branch says when the condition holds does not matter.
            (_, Self::True, _) => Self::or([condition.clone(), otherwise]),
            (_, _, Self::True) => Self::or([condition.clone().negated(), then]),
            _ => Self::or([Self::and([condition.clone(), then]), Self::and([condition.clone().negated(), otherwise])]),
        }
    }

    /// The same condition with what all arms of an OR have in common before it, once.
    pub(super) fn factored(self) -> Self {
        match self {
            Self::And(parts) => Self::and(parts.into_iter().map(Self::factored)),
            Self::Not(inner) => Rc::unwrap_or_clone(inner).factored().negated(),
            Self::Or(arms) => {
                let arms: Vec<Vec<Self>> = arms.into_iter().map(|it| it.factored().conjuncts()).collect();
                let (first, others) = arms.split_first().expect("an OR has two arms or more");
                let is_common = |it: &&Self| others.iter().all(|arm| arm.contains(it));
                let common: Vec<Self> = first.iter().filter(is_common).cloned().collect();
                let rest = arms.iter().map(|arm| Self::and(arm.iter().filter(|it| !common.contains(it)).cloned()));
                let rest = Self::or(rest);
                Self::and(common.into_iter().chain([rest]))
            }
            other => other,
        }
    }

    /// What must hold together.
    fn conjuncts(self) -> Vec<Self> {
        match self {
            Self::And(parts) => parts,
            other => vec![other],
        }
    }

    /// The number of its parts.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::True | Self::False | Self::Atom(_) => 1,
            Self::Not(inner) => 1 + inner.size(),
            Self::And(parts) | Self::Or(parts) => 1 + parts.iter().map(Self::size).sum::<usize>(),
        }
    }

    /// Calls `visit` for each test.
    pub(super) fn visit(&self, visit: &mut dyn FnMut(&Atom)) {
        match self {
            Self::True | Self::False => {}
            Self::Atom(atom) => visit(atom),
            Self::Not(inner) => inner.visit(visit),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|it| it.visit(visit)),
        }
    }

    /// The same condition without what its other parts already say.
    pub(super) fn simplified(self) -> Self {
        let mut formula = self;
        for _ in 0..ROUNDS_MAX {
            let next = formula.clone().under(&mut Known::default());
            if next == formula {
                break;
            }
            formula = next;
        }
        formula
    }

    /// The same condition where some facts are known.
    fn under(self, known: &mut Known) -> Self {
        if let Some(value) = known.value(&self) {
            return Self::constant(value);
        }
        match self {
            Self::And(parts) => Self::parts_under(parts, true, known),
            Self::Or(parts) => Self::parts_under(parts, false, known),
            Self::Not(inner) => Rc::unwrap_or_clone(inner).under(known).negated(),
            other => other,
        }
    }

    /// Each part may count on the others: of AND on their being true, of OR on their being false.
    fn parts_under(mut parts: Vec<Self>, all: bool, known: &mut Known) -> Self {
        for part in &parts {
            known.assume(part, all, true);
        }
        for place in &mut parts {
            let part = std::mem::replace(place, Self::True);
            known.assume(&part, all, false);
            *place = part.under(known);
            known.assume(place, all, true);
        }
        for part in &parts {
            known.assume(part, all, false);
        }
        if all { Self::and(parts) } else { Self::or(parts) }
    }
}

/// More rounds of simplification find nothing more in practice.
const ROUNDS_MAX: usize = 4;

/// Facts, each with how often it was said.
#[derive(Default)]
struct Known {
    facts: HashMap<(Formula, bool), usize>,
    /// Fields of which a fact says that they have a value, or that they have none.
    present: HashMap<(FieldKey, bool), usize>,
}

impl Known {
    /// Adds a fact and what follows from it, or takes it back.
    fn assume(&mut self, formula: &Formula, value: bool, add: bool) {
        let count = |counts: &mut usize| *counts = if add { *counts + 1 } else { counts.saturating_sub(1) };
        match (formula, value) {
            (Formula::True | Formula::False, _) => return,
            (Formula::Not(inner), _) => return self.assume(inner, !value, add),
            (Formula::And(parts), true) | (Formula::Or(parts), false) => {
                for part in parts {
                    self.assume(part, value, add);
                }
            }
            (Formula::Atom(atom), _) if matches!(atom.test, Test::Unsayable { .. }) => return,
            (Formula::Atom(atom), _) if value || atom.test == Test::Exists => {
                count(self.present.entry((atom.field.clone(), value)).or_default());
            }
            _ => {}
        }
        count(self.facts.entry((formula.clone(), value)).or_default());
    }

    fn value(&self, formula: &Formula) -> Option<bool> {
        if let Formula::Atom(atom) = formula {
            if matches!(atom.test, Test::Unsayable { .. }) {
                return None;
            }
            let is = |value| self.present.get(&(atom.field.clone(), value)).is_some_and(|it| *it > 0);
            if is(false) {
                return Some(false);
            }
            if atom.test == Test::Exists && is(true) {
                return Some(true);
            }
        }
        let is = |value| self.facts.get(&(formula.clone(), value)).is_some_and(|it| *it > 0);
        if is(true) {
            return Some(true);
        }
        is(false).then_some(false)
    }
}
