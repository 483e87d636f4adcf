//! What is assumed of each operand while a model is looked for, and whether it can be so.

use std::rc::Rc;

use super::condition::{Fact, Test};
use super::operand::{Domain, OperandId, Operands};
use super::ranges::{Ranges, double_at, place};
use super::text::{Found, TestId, TextTests};
use super::witness::Value;

/// The most digits of a text whose number is known without a doubt.
const DIGITS_MAX: usize = 15;

/// What is assumed of one operand.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) null: Option<bool>,
    /// The numbers that it can be.
    numbers: Option<Ranges>,
    truth: Option<bool>,
    /// Tests of its text, with their results; of a list, whether any element passes.
    texts: Vec<(TestId, bool)>,
    /// The texts that it can be, where these are few.
    candidates: Option<Rc<Vec<String>>>,
    /// Of a list of numbers: in some of these an element is, or in none.
    elements: Vec<(Ranges, bool)>,
}

/// The cells of all operands, with what they were before.
#[derive(Debug, Default)]
pub(super) struct Store {
    cells: Vec<Cell>,
    trail: Vec<(OperandId, Cell)>,
}

/// Everything that a store is checked with.
pub(super) struct Theory<'r> {
    pub(super) operands: &'r Operands,
    pub(super) tests: &'r mut TextTests,
    pub(super) steps: &'r mut u64,
}

impl Store {
    pub(super) fn new(operands: usize) -> Self {
        Self { cells: vec![Cell::default(); operands], trail: Vec::new() }
    }

    pub(super) const fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Takes back all that was assumed since.
    pub(super) fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((operand, cell)) = self.trail.pop() {
                self.cells[operand] = cell;
            }
        }
    }

    /// Assumes a fact; false if it cannot be.
    pub(super) fn assume(&mut self, operand: OperandId, fact: &Fact<'_>, theory: &mut Theory<'_>) -> bool {
        match fact {
            Fact::Null => self.set_null(operand, true, theory),
            Fact::Filled => self.set_null(operand, false, theory),
            Fact::Passes(test, passes) => {
                self.set_null(operand, false, theory) && self.set_test(operand, test, *passes, theory)
            }
        }
    }

    fn change(&mut self, operand: OperandId) -> &mut Cell {
        self.trail.push((operand, self.cells[operand].clone()));
        &mut self.cells[operand]
    }

    fn set_null(&mut self, operand: OperandId, null: bool, theory: &mut Theory<'_>) -> bool {
        if let Some(known) = self.cells[operand].null {
            return known == null;
        }
        self.change(operand).null = Some(null);
        let described = theory.operands.get(operand);
        if null {
            let above = theory.operands.needed_by(operand);
            let only = match described.needs.as_slice() {
                [only] if described.only => self.set_null(*only, true, theory),
                _ => true,
            };
            only && above.iter().all(|it| self.set_null(*it, true, theory))
        } else {
            let needs = described.needs.iter().all(|it| self.set_null(*it, false, theory));
            needs && theory.operands.needed_by(operand).iter().all(|above| self.fill_above(*above, theory))
        }
    }

    /// What is null only with its operands is not, once none of them is.
    fn fill_above(&mut self, above: OperandId, theory: &mut Theory<'_>) -> bool {
        let described = theory.operands.get(above);
        let is_filled = described.only && described.needs.iter().all(|it| self.cells[*it].null == Some(false));
        !is_filled || self.set_null(above, false, theory)
    }

    fn set_test(&mut self, operand: OperandId, test: &Test, passes: bool, theory: &mut Theory<'_>) -> bool {
        let domain = theory.operands.get(operand).domain;
        match test {
            Test::Truth => {
                let known = self.cells[operand].truth;
                if known.is_none() {
                    self.change(operand).truth = Some(passes);
                }
                known.is_none_or(|it| it == passes)
            }
            Test::Number(ranges) if domain == Domain::Integers => {
                let cell = self.change(operand);
                cell.elements.push((ranges.clone(), passes));
                cell.has_elements()
            }
            Test::Number(ranges) => {
                let ranges = if passes { ranges.clone() } else { ranges.complement() };
                let cell = self.change(operand);
                let numbers = cell.numbers.as_ref().map_or(ranges.clone(), |it| it.intersection(&ranges));
                let is_possible = !numbers.is_empty();
                cell.numbers = Some(numbers);
                is_possible
            }
            Test::Text(test) => self.set_text(operand, *test, passes, domain, theory),
        }
    }

    fn set_text(
        &mut self,
        operand: OperandId,
        test: TestId,
        passes: bool,
        domain: Domain,
        theory: &mut Theory<'_>,
    ) -> bool {
        if self.cells[operand].texts.contains(&(test, passes)) {
            return true;
        }
        let cell = self.change(operand);
        cell.texts.push((test, passes));
        if domain == Domain::Texts {
            return elements_of(&cell.texts, theory).is_none_or(|it| !it.contains(&Found::Nothing));
        }
        let known = match &cell.candidates {
            Some(known) => Some(Rc::clone(known)),
            None if passes => theory.tests.texts(test),
            None => None,
        };
        if let Some(known) = known {
            *theory.steps = theory.steps.saturating_sub(known.len() as u64);
            let fits =
                |text: &&String| cell.texts.iter().all(|(test, passes)| theory.tests.passes(*test, text) == *passes);
            let left: Vec<String> = known.iter().filter(fits).cloned().collect();
            let is_possible = !left.is_empty();
            cell.candidates = Some(Rc::new(left));
            return is_possible;
        }
        theory.tests.find(&cell.texts, theory.steps) != Found::Nothing
    }

    /// Whether a fact is already known to hold, or not to.
    pub(super) fn known(&self, operand: OperandId, fact: &Fact<'_>, theory: &Theory<'_>) -> Option<bool> {
        let cell = &self.cells[operand];
        let Fact::Passes(test, passes) = fact else {
            return cell.null.map(|null| null == matches!(fact, Fact::Null));
        };
        if cell.null == Some(true) {
            return Some(false);
        }
        let known = match test {
            Test::Truth => cell.truth,
            Test::Number(ranges) => cell.numbers.as_ref().and_then(|it| {
                if it.is_within(ranges) { Some(true) } else { it.intersection(ranges).is_empty().then_some(false) }
            }),
            Test::Text(test) => cell.known_text(*test, theory.tests),
        };
        let holds = known? == *passes;
        // A test that is known to pass was made of a value that is not null.
        (!holds || cell.null == Some(false)).then_some(holds)
    }

    /// A value for each operand of which anything is assumed; none if it is not sure that there are such values.
    pub(super) fn values(&self, theory: &mut Theory<'_>) -> Checked {
        let mut values: Vec<Option<Value>> = Vec::with_capacity(self.cells.len());
        for (id, cell) in self.cells.iter().enumerate() {
            values.push(match cell.null {
                None => None,
                Some(true) => Some(Value::Null),
                Some(false) => match self.value(id, theory) {
                    Checked::Value(value) => Some(value),
                    other => return other,
                },
            });
        }
        Checked::Values(values)
    }

    fn value(&self, id: OperandId, theory: &mut Theory<'_>) -> Checked {
        let cell = &self.cells[id];
        let operand = theory.operands.get(id);
        let value = match operand.domain {
            Domain::Truth => Value::Boolean(cell.truth.unwrap_or(true)),
            Domain::Integer => Value::Integer(cell.numbers.as_ref().map_or(Some(1), Ranges::example).unwrap_or(1)),
            Domain::Double => match operand.number_of.map(|it| self.number_of(it, cell, theory)) {
                None | Some(Said::NotKnown) => {
                    Value::Double(cell.numbers.as_ref().and_then(Ranges::example).map_or(1.0, double_at))
                }
                Some(Said::Number(number)) => Value::Double(number),
                Some(Said::Nothing) => return Checked::Impossible,
            },
            Domain::Text => {
                let numbers = self.numbers_above(id, theory);
                match cell.text(&numbers, theory) {
                    Found::Text(text) => Value::Text(text),
                    Found::Nothing => return Checked::Impossible,
                    Found::Undecided => return Checked::Undecided,
                }
            }
            Domain::Texts => match elements_of(&cell.texts, theory) {
                None => Value::Texts(Vec::new()),
                Some(found) => {
                    let mut texts = Vec::new();
                    for found in found {
                        match found {
                            Found::Text(text) => texts.push(text),
                            Found::Nothing => return Checked::Impossible,
                            Found::Undecided => return Checked::Undecided,
                        }
                    }
                    Value::Texts(texts)
                }
            },
            Domain::Integers => Value::Integers(cell.elements_found()),
            Domain::Other => Value::Text(String::new()),
        };
        Checked::Value(value)
    }

    /// The number that the text of an operand says, where all its candidates are plain numbers: none of them fits, or
    /// the first that does.
    fn number_of(&self, text: OperandId, cell: &Cell, theory: &mut Theory<'_>) -> Said {
        let numbers = cell.numbers.clone().unwrap_or_else(Ranges::all);
        let fits = |it: &f64| numbers.contains(place(*it));
        if let Some(candidates) = &self.cells[text].candidates {
            let parsed: Option<Vec<f64>> = candidates.iter().map(|it| plain_number(it)).collect();
            let Some(parsed) = parsed else { return Said::NotKnown };
            return parsed.into_iter().find(fits).map_or(Said::Nothing, Said::Number);
        }
        match self.cells[text].text(std::slice::from_ref(&numbers), theory) {
            Found::Text(text) => plain_number(&text).filter(fits).map_or(Said::NotKnown, Said::Number),
            _ => Said::NotKnown,
        }
    }

    /// What the numbers of a text must be.
    fn numbers_above(&self, id: OperandId, theory: &Theory<'_>) -> Vec<Ranges> {
        let above = theory.operands.needed_by(id).iter();
        let above = above.filter(|it| theory.operands.get(**it).number_of == Some(id));
        above.filter_map(|it| self.cells[*it].numbers.clone()).collect()
    }
}

/// The number that a text says.
enum Said {
    Number(f64),
    /// None that fits.
    Nothing,
    NotKnown,
}

/// What became of a check.
pub(super) enum Checked {
    Value(Value),
    Values(Vec<Option<Value>>),
    Impossible,
    Undecided,
}

impl Cell {
    fn known_text(&self, test: TestId, tests: &TextTests) -> Option<bool> {
        if let Some((_, passes)) = self.texts.iter().find(|(known, _)| *known == test) {
            return Some(*passes);
        }
        let candidates = self.candidates.as_ref()?;
        let passing = candidates.iter().filter(|it| tests.passes(test, it)).count();
        match passing {
            0 => Some(false),
            all if all == candidates.len() => Some(true),
            _ => None,
        }
    }

    /// A text that fits what is assumed, and says numbers within all of these.
    fn text(&self, numbers: &[Ranges], theory: &mut Theory<'_>) -> Found {
        let fits = |text: &str| {
            let number = || plain_number(text).map(place);
            numbers.iter().all(|it| number().is_some_and(|number| it.contains(number)))
        };
        if let Some(candidates) = &self.candidates {
            let found = candidates.iter().find(|it| fits(it)).or_else(|| candidates.first());
            return found.map_or(Found::Nothing, |it| Found::Text(it.clone()));
        }
        if let Some(first) = numbers.first() {
            let texts = first.examples(8).into_iter().map(double_at).flat_map(whole_texts);
            let passes =
                |it: &String| self.texts.iter().all(|(test, passes)| theory.tests.passes(*test, it) == *passes);
            let found = texts.into_iter().filter(|it| fits(it)).find(passes);
            return found.map_or(Found::Undecided, Found::Text);
        }
        theory.tests.find(&self.texts, theory.steps)
    }

    /// Whether each list of ranges of which an element must be has one outside of those of which none may be.
    fn has_elements(&self) -> bool {
        let wanted = self.elements.iter().filter(|(_, any)| *any).count();
        self.elements_found().len() == wanted
    }

    fn elements_found(&self) -> Vec<i64> {
        let barred = self.elements.iter().filter(|(_, any)| !any);
        let barred = barred.fold(Ranges::none(), |all, (ranges, _)| all.union(ranges)).complement();
        let wanted = self.elements.iter().filter(|(_, any)| *any);
        wanted.filter_map(|(ranges, _)| ranges.intersection(&barred).example()).collect()
    }
}

/// For each test that an element of the list must pass, an element that passes it and none of the barred ones; none for
/// a list of which no element is needed.
fn elements_of(texts: &[(TestId, bool)], theory: &mut Theory<'_>) -> Option<Vec<Found>> {
    let barred: Vec<(TestId, bool)> = texts.iter().copied().filter(|(_, any)| !any).collect();
    let wanted: Vec<TestId> = texts.iter().filter(|(_, any)| *any).map(|(test, _)| *test).collect();
    let mut found = Vec::with_capacity(wanted.len());
    for test in &wanted {
        let asked: Vec<(TestId, bool)> = barred.iter().copied().chain([(*test, true)]).collect();
        found.push(theory.tests.find(&asked, theory.steps));
    }
    (!wanted.is_empty()).then_some(found)
}

/// The number that a text of few digits says.
pub(super) fn plain_number(text: &str) -> Option<f64> {
    let is_plain = !text.is_empty() && text.len() <= DIGITS_MAX && text.bytes().all(|it| it.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

/// Whole numbers near a double, as texts.
fn whole_texts(near: f64) -> Vec<String> {
    let is_near = near.abs() < 1e15;
    if !is_near {
        return Vec::new();
    }
    let whole = near as i64;
    [whole, whole + 1, whole - 1].into_iter().filter(|it| *it >= 0).map(|it| it.to_string()).collect()
}
