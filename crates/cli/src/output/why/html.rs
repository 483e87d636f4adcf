//! The tree for a report: nested lists that need no script; truth is a word, not only a colour.

use std::fmt::Write as _;

use engine::explain::{Computed, Predicate, PredicateKind, Term, Test};

use super::{Explained, group_words, shown, sum_words, value_words};
use crate::output::html::{escape, marked};

/// An explanation that opens on demand.
pub(crate) fn html(explained: &Explained) -> String {
    let mut text = String::from("<details class=\"why\"><summary>Why it matched</summary>\n");
    text.push_str("<p class=\"facts\">What decided is bold; what was hit is marked.</p>\n");
    if let Some(condition) = &explained.explanation.condition {
        list(&mut text, |text| predicate(text, condition));
    }
    for column in &explained.explanation.columns {
        computed(&mut text, column);
    }
    for exclusion in &explained.exclusions {
        let id = escape(&exclusion.id);
        let _ = match &exclusion.idle {
            None => writeln!(text, "<p>Removed by the exclusion <code>{id}</code>:</p>"),
            Some(idle) => {
                writeln!(text, "<p>Would be removed by the exclusion <code>{id}</code> ({}):</p>", escape(idle))
            }
        };
        if let Some(condition) = &exclusion.explanation.condition {
            list(&mut text, |text| predicate(text, condition));
        }
    }
    if explained.explanation.left_out > 0 {
        let _ = writeln!(text, "<p>{} further conditions are left out.</p>", explained.explanation.left_out);
    }
    text.push_str("</details>\n");
    text
}

fn list(text: &mut String, items: impl FnOnce(&mut String)) {
    text.push_str("<ul>\n");
    items(text);
    text.push_str("</ul>\n");
}

fn predicate(text: &mut String, predicate: &Predicate) {
    let (class, name) = (if predicate.decides { "decides" } else { "other" }, predicate.truth.name());
    let _ = write!(text, "<li class=\"{class}\"><span class=\"truth {name}\">{name}</span> ");
    let tag = if predicate.decides { "strong" } else { "span" };
    if let PredicateKind::Test(found) = &predicate.kind {
        let _ = write!(text, "<{tag}>{}</{tag}>", escape(&predicate.says));
        tested(text, found);
        if let Some(value) = found.computed.as_ref().filter(|_| predicate.decides) {
            computed(text, value);
        }
    } else {
        let _ = writeln!(text, "<{tag}>{}</{tag}>", escape(&group_words(predicate)));
        if predicate.decides {
            let (operands, others) = shown(predicate.operands());
            list(text, |text| {
                for operand in operands {
                    self::predicate(text, operand);
                }
                for (truth, count) in others {
                    let _ = writeln!(text, "<li class=\"other\">and {count} more that are {}</li>", truth.name());
                }
            });
        }
    }
    text.push_str("</li>\n");
}

fn tested(text: &mut String, found: &Test) {
    if found.computed.is_some() {
        return;
    }
    for (index, value) in found.values.iter().enumerate() {
        let shown = match &value.value {
            None => "missing".to_owned(),
            Some(shown) => marked(shown, if index == 0 { found.hit.as_slice() } else { &[] }),
        };
        let _ = write!(text, " <span class=\"decisive\">{} = {shown}</span>", escape(&value.field));
    }
}

fn computed(text: &mut String, computed: &Computed) {
    let sum = if computed.terms.len() > 1 { format!(" = {}", sum_words(&computed.terms)) } else { String::new() };
    let (name, value) = (escape(&computed.name), escape(&value_words(&computed.value)));
    let _ = writeln!(text, "<p><code>{name}</code> is {value}{}</p>", escape(&sum));
    list(text, |text| computed.terms.iter().for_each(|it| term(text, it)));
}

fn term(text: &mut String, term: &Term) {
    let value = escape(&value_words(&term.value));
    let Some(arm) = term.taken.and_then(|it| term.arms.get(it)) else {
        let why = if term.arms.is_empty() { escape(&term.says) } else { "no arm of its CASE is true".to_owned() };
        let _ = writeln!(text, "<li>{value}: {why}</li>");
        return;
    };
    let _ = writeln!(text, "<li>{value}: arm {} of {}", term.taken.map_or(0, |it| it + 1), term.arms.len());
    list(text, |text| predicate(text, &arm.condition));
    if let Some(inner) = &arm.computed {
        computed(text, inner);
    }
    text.push_str("</li>\n");
}
