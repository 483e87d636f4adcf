//! The tree as indented text: a column for what decided, one for the truth, then the sentence and the value.

use std::fmt::Write as _;

use engine::explain::{Arm, Computed, Explanation, Needed, Predicate, PredicateKind, Term, Test, Truth};

use super::{ExclusionHit, Explained, group_words, shown, sum_words, value_words};
use crate::output::matches::{Palette, marked};
use crate::output::table::printable;

/// An explanation, each line behind so many blanks.
pub(crate) fn text(explained: &Explained, indent: usize, palette: Palette) -> String {
    let mut writer = Writer { text: String::new(), indent, palette };
    writer.explanation(&explained.explanation);
    for exclusion in &explained.exclusions {
        writer.exclusion(exclusion);
    }
    writer.text
}

/// What would have to differ, a line each.
pub(crate) fn needed(needed: &[Needed], indent: usize, palette: Palette) -> String {
    let mut text = String::new();
    for it in needed {
        let goal = if it.holds { "must hold" } else { "must not hold" };
        let says = printable(&it.predicate.says);
        let _ = writeln!(text, "{:indent$}{}: {says}", "", palette.paint("1", goal));
        let PredicateKind::Test(found) = &it.predicate.kind else { continue };
        for (index, value) in found.values.iter().enumerate() {
            let shown = match &value.value {
                None => palette.paint("2", "missing"),
                Some(shown) => marked(shown, if index == 0 { found.hit.as_slice() } else { &[] }, palette),
            };
            let field = printable(&value.field);
            let _ = writeln!(text, "{:1$}{field} is {shown}", "", indent + 2);
        }
    }
    text
}

/// The width of sentence and value above which the value goes to the next line, in characters.
const LINE_WIDTH: usize = 110;

struct Writer {
    text: String,
    indent: usize,
    palette: Palette,
}

impl Writer {
    fn explanation(&mut self, explanation: &Explanation) {
        match &explanation.condition {
            Some(condition) => self.predicate(condition, 0),
            None => self.plain(0, "there is no condition: every event passes"),
        }
        let columns = explanation.columns.iter().filter(|_| explanation.truth() == Truth::True);
        columns.for_each(|it| self.computed(it, 0, false));
        if explanation.left_out > 0 {
            self.plain(0, &format!("{} further conditions are left out", explanation.left_out));
        }
    }

    fn exclusion(&mut self, exclusion: &ExclusionHit) {
        match &exclusion.idle {
            None => self.plain(0, &format!("removed by the exclusion `{}`:", exclusion.id)),
            Some(idle) => self.plain(0, &format!("would be removed by the exclusion `{}` ({idle}):", exclusion.id)),
        }
        if let Some(condition) = &exclusion.explanation.condition {
            self.predicate(condition, 1);
        }
    }

    /// A line that is no condition.
    fn plain(&mut self, level: usize, text: &str) {
        let _ = writeln!(self.text, "{:1$}{2}", "", self.indent + 10 + level * 2, printable(text));
    }

    /// A line: mark, truth, sentence.
    fn line(&mut self, predicate: &Predicate, level: usize, text: &str) {
        let mark = if predicate.decides { "*" } else { " " };
        let truth = format!("{:<7}", predicate.truth.name());
        let code = match predicate.truth {
            Truth::True => "32",
            Truth::False => "31",
            Truth::Unknown => "33",
        };
        let (truth, text) = if predicate.decides {
            (self.palette.paint(code, &truth), text.to_owned())
        } else {
            (self.palette.paint("2", &truth), self.palette.paint("2", text))
        };
        let blanks = " ".repeat(level * 2);
        let _ = writeln!(self.text, "{:1$}{mark} {truth} {blanks}{text}", "", self.indent);
    }

    fn predicate(&mut self, predicate: &Predicate, level: usize) {
        if let PredicateKind::Test(test) = &predicate.kind {
            return self.test(predicate, test, level);
        }
        self.line(predicate, level, &group_words(predicate));
        if !predicate.decides {
            return;
        }
        let (operands, others) = shown(predicate.operands());
        for operand in operands {
            self.predicate(operand, level + 1);
        }
        for (truth, count) in others {
            self.plain(level + 1, &format!("and {count} more that are {}", truth.name()));
        }
    }

    fn test(&mut self, predicate: &Predicate, test: &Test, level: usize) {
        let says = printable(&predicate.says);
        // What does not decide is there for its sentence, not for its value.
        let value = if predicate.decides { tested(test, predicate, self.palette) } else { String::new() };
        if says.chars().count() + value.chars().count() > LINE_WIDTH && !value.is_empty() {
            self.line(predicate, level, &format!("{says}:"));
            let _ = writeln!(self.text, "{:1$}{value}", "", self.indent + 12 + level * 2);
        } else {
            let colon = if value.is_empty() { "" } else { ": " };
            self.line(predicate, level, &format!("{says}{colon}{value}"));
        }
        if let Some(computed) = test.computed.as_ref().filter(|_| predicate.decides) {
            self.computed(computed, level + 1, true);
        }
    }

    /// A value that CASE made, and of each term the arm that gave it; without one, if they are wanted, the arms that did
    /// not.
    fn computed(&mut self, computed: &Computed, level: usize, others: bool) {
        let value = value_words(&computed.value);
        if let [term] = computed.terms.as_slice() {
            self.plain(level, &format!("{} is {value}: {}", computed.name, arm_words(term)));
            return self.arms(term, level + 1, others);
        }
        self.plain(level, &format!("{} is {value} = {}", computed.name, sum_words(&computed.terms)));
        for term in &computed.terms {
            let says = if term.arms.is_empty() { printable(&term.says) } else { arm_words(term) };
            self.plain(level + 1, &format!("{}: {says}", value_words(&term.value)));
            self.arms(term, level + 2, others);
        }
    }

    fn arms(&mut self, term: &Term, level: usize, others: bool) {
        if let Some(arm) = term.taken.and_then(|it| term.arms.get(it)) {
            self.predicate(&arm.condition, level);
            if let Some(inner) = &arm.computed {
                self.computed(inner, level, others);
            }
            return;
        }
        if !others {
            return;
        }
        for Arm { condition, .. } in term.arms.iter().take(super::OTHERS_SHOWN) {
            self.predicate(condition, level);
        }
        if term.arms.len() > super::OTHERS_SHOWN {
            self.plain(level, &format!("and {} more", term.arms.len() - super::OTHERS_SHOWN));
        }
    }
}

/// Which arm gave the value of a CASE.
fn arm_words(term: &Term) -> String {
    match term.taken {
        Some(_) if term.arms.len() == 1 => "its WHEN is true".to_owned(),
        Some(arm) => format!("WHEN {} of {} is true", arm + 1, term.arms.len()),
        None if term.arms.len() == 1 => "ELSE, for its WHEN is not true".to_owned(),
        None => format!("ELSE, for none of its {} WHENs is true", term.arms.len()),
    }
}

/// The values of a test behind its sentence; nothing where the sentence says them.
fn tested(test: &Test, predicate: &Predicate, palette: Palette) -> String {
    if test.computed.is_some() {
        return String::new();
    }
    let is_said = predicate.truth == Truth::True && matches!(test.operator, "=" | "IN") && !test.negated;
    if is_said && test.literals == 1 {
        return String::new();
    }
    let many = test.values.len() > 1;
    let mut values = Vec::new();
    for (index, value) in test.values.iter().enumerate() {
        let shown = match &value.value {
            None if test.operator == "IS NULL" => continue,
            None => palette.paint("2", "missing"),
            Some(shown) => marked(shown, if index == 0 { test.hit.as_slice() } else { &[] }, palette),
        };
        values.push(if many { format!("{} {shown}", printable(&value.field)) } else { shown });
    }
    values.join(", ")
}
