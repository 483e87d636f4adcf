//! Why an event matched or not: the tree of an explanation for people, pages and programs.

mod html;
mod json;
mod text;

use engine::explain::{Explanation, Predicate, PredicateKind, Term, Truth};

pub(crate) use self::html::html;
pub(crate) use self::json::{json, needed as needed_json};
pub(crate) use self::text::{needed as needed_text, text};

/// Conditions beside those that decide that are named in a list, of each truth; the others are counted.
const OTHERS_SHOWN: usize = 3;

/// An explanation with the exclusions that are about it.
pub(crate) struct Explained {
    /// The tree.
    pub(crate) explanation: Explanation,
    /// The exclusions for which the event is true.
    pub(crate) exclusions: Vec<ExclusionHit>,
}

/// An exclusion that is true for an event.
pub(crate) struct ExclusionHit {
    /// Its id.
    pub(crate) id: String,
    /// Why it did not remove the match, in words; none where it does.
    pub(crate) idle: Option<String>,
    /// Its condition on the event.
    pub(crate) explanation: Explanation,
}

/// The operands of a group that are shown one by one, and how many others there are of each truth.
fn shown(operands: &[Predicate]) -> (Vec<&Predicate>, Vec<(Truth, usize)>) {
    let (mut shown, mut others): (Vec<&Predicate>, Vec<(Truth, usize)>) = (Vec::new(), Vec::new());
    for operand in operands {
        if operand.decides {
            shown.push(operand);
            continue;
        }
        let position = others.iter().position(|(truth, _)| *truth == operand.truth).unwrap_or_else(|| {
            others.push((operand.truth, 0));
            others.len() - 1
        });
        others[position].1 += 1;
        if others[position].1 <= OTHERS_SHOWN {
            shown.push(operand);
        }
    }
    others.retain(|(_, count)| *count > OTHERS_SHOWN);
    for (_, count) in &mut others {
        *count -= OTHERS_SHOWN;
    }
    (shown, others)
}

/// What a group says; of one that does not decide, and whose parts are not shown, also how many these are.
fn group_words(predicate: &Predicate) -> String {
    let count = predicate.operands().len();
    match &predicate.kind {
        PredicateKind::All(_) if !predicate.decides => format!("all of {count} conditions"),
        PredicateKind::Any(_) if !predicate.decides => format!("any of {count} conditions"),
        _ => predicate.says.to_string(),
    }
}

/// A value of a column or a term, for people.
fn value_words(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "nothing".to_owned(),
        serde_json::Value::String(text) => format!("`{text}`"),
        // Sums of scores are doubles on QRadar; people count in whole numbers.
        serde_json::Value::Number(number) => match number.as_f64() {
            Some(double) if double.fract() == 0.0 && double.abs() < 1e15 => format!("{double:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// The terms of a sum: `40 + 50 - 10`.
fn sum_words(terms: &[Term]) -> String {
    let mut text = String::new();
    for (index, term) in terms.iter().enumerate() {
        let value = value_words(&term.value);
        match (term.minus, index) {
            (true, _) => text.push_str(if index == 0 { "-" } else { " - " }),
            (false, 0) => {}
            (false, _) => text.push_str(" + "),
        }
        text.push_str(&value);
    }
    text
}
