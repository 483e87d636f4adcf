//! Texts on which Java's regular expressions take exponential time: candidates come from an ambiguity analysis, each is
//! tried on a backtracking matcher that counts its steps, and only what was measured is claimed.

mod backtrack;
mod positions;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use self::backtrack::{Outcome, Program};
use self::positions::{Positions, Pump};
use super::node::Node;

/// How often a pump is repeated in the measurements: each twice as often as the one before.
const REPETITIONS: [usize; 6] = [1, 2, 4, 8, 16, 32];
/// A measurement stops at so many steps.
const STEPS_MAX: u64 = 100_000;
/// From one measurement to the next the steps of an exponential search grow at least so many times; those of a
/// polynomial of degree three grow eight times.
const GROWTH_MIN: u64 = 12;
/// The growth of an exponential search grows too, that of a polynomial one hardly.
const GROWTH_OF_GROWTH_MIN: u64 = 3;
/// How many candidates are tried.
const PUMPS_MAX: usize = 3;
/// What is put behind the pump so that the search fails: ordinary characters first.
const ENDS: [&str; 6] = ["!", "", "\u{1}", "\n", "a", " !"];

/// A text on which a search takes time that grows exponentially with its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attack {
    /// What stands before the repeated part.
    pub prefix: String,
    /// What is repeated: each repetition multiplies the time.
    pub pump: String,
    /// What stands behind it.
    pub suffix: String,
    /// How often the pump was repeated in the measurement.
    pub repetitions: usize,
    /// The steps that were counted then. The search may not have come to an end.
    pub steps: u64,
}

impl Attack {
    /// The text with the pump repeated so often.
    pub fn text(&self, repetitions: usize) -> String {
        format!("{}{}{}", self.prefix, self.pump.repeat(repetitions), self.suffix)
    }
}

/// An attack on an expression; none where none was found, or where the expression is too big to be looked at.
pub(super) fn attack(node: &Node) -> Option<Attack> {
    let program = Program::new(node)?;
    let positions = Positions::new(node)?;
    positions.pumps(PUMPS_MAX).into_iter().find_map(|pump| measured(&program, &pump))
}

/// The pump with the first end that makes the search exponential.
fn measured(program: &Program, pump: &Pump) -> Option<Attack> {
    ENDS.into_iter().find_map(|end| {
        let mut attack = Attack {
            prefix: pump.prefix.clone(),
            pump: pump.repeated.clone(),
            suffix: end.to_owned(),
            repetitions: 0,
            steps: 0,
        };
        let mut measured: Vec<u64> = Vec::new();
        let mut is_exponential = false;
        for repetitions in REPETITIONS {
            let (outcome, steps) = program.find(&attack.text(repetitions), STEPS_MAX);
            if outcome == Outcome::Matched {
                return None;
            }
            measured.push(steps);
            is_exponential |= has_grown(&measured);
            (attack.repetitions, attack.steps) = (repetitions, steps);
            if outcome == Outcome::Exhausted {
                break;
            }
        }
        is_exponential.then_some(attack)
    })
}

/// Whether the last three measurements are those of an exponential search.
fn has_grown(measured: &[u64]) -> bool {
    let [.., first, second, third] = measured else { return false };
    let (before, now) = (second / first.max(&1), third / second.max(&1));
    now >= GROWTH_MIN && now >= GROWTH_OF_GROWTH_MIN * before
}

/// A character of the set that reads well: a letter, a digit, a printable one, any.
fn shown(class: &ClassUnicode) -> Option<char> {
    let has = |it: char| class.iter().any(|range| range.start() <= it && it <= range.end());
    let preferred = ('a'..='z').chain('0'..='9').chain('A'..='Z').chain(' '..='~');
    preferred.into_iter().find(|it| has(*it)).or_else(|| class.iter().next().map(ClassUnicodeRange::start))
}

#[cfg(test)]
mod tests {
    use crate::text::{Case, JavaRegex};

    #[test]
    fn attacks_are_found_where_the_search_is_exponential() {
        let cases = [
            (r"^(a+)+$", true),
            (r"(x+x+)+y", true),
            (r"(\w+\s?)+$", true),
            (r"^(a|a)*$", true),
            (r"^(a|aa)+$", true),
            (r"^([a-z0-9]+[-_.]?)*@", true),
            (r"(.*a){20}", true),
            (r"(a*)*b", true),
            (r"^(\\[^\\]+)*\\x$", false),
            (r"(\S+\s+)*create", false),
            (r"a+b+c", false),
            (r".*a.*b.*c.*d", false),
            (r"(?>a+)+b", false),
            (r"(a++)+b", false),
            (r"(a+)+", false),
            (r"^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$", false),
            (r"(cmd|powershell)\.exe", false),
            (r"", false),
        ];
        for (text, expected) in cases {
            let attack = JavaRegex::new(text, Case::Sensitive).expect("compiles").attack();
            assert_eq!(attack.is_some(), expected, "{text}: {attack:?}");
        }
    }
}
