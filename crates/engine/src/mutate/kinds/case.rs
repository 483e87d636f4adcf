//! A test of text treats case otherwise.

use aql::bound::{ExprKind, Pattern, PatternKind};
use aql::text::Case;

use super::{Found, MutationKind, Site};
use crate::mutate::change::Change;

pub(super) static KIND: MutationKind = MutationKind {
    name: "case",
    description: "A test of text that ignores case does not, or one that tells case apart ignores it. Fields that tell \
                  the class of an event are left alone.",
    remedy: "An attack in the other case; where case counts, a benign event in the other case.",
    find,
};

fn find(site: &Site<'_>, found: &mut Vec<Found>) {
    let Some(test) = site.text_test() else { return };
    let is_label = matches!(test.operand.kind, ExprKind::Case { .. });
    if site.is_class(&test.operand) || is_label || !test.patterns.iter().any(has_letters) {
        return;
    }
    let (case, words) = match test.case {
        Case::Sensitive => (Case::Insensitive, "ignoring case"),
        Case::Lowered | Case::Insensitive => (Case::Sensitive, "telling case apart"),
    };
    let patterns = test.patterns.iter().map(|it| Pattern { regex: None, ..it.clone() }).collect();
    found.push(Found {
        change: Change::Patterns(patterns, case),
        span: site.expr.span,
        words: words.to_owned(),
        fragment: None,
    });
}

/// Whether a pattern names a letter; an escape of a regular expression is none.
fn has_letters(pattern: &Pattern) -> bool {
    let mut characters = pattern.text.chars();
    while let Some(character) = characters.next() {
        if character == '\\' && pattern.kind == PatternKind::Regex {
            characters.next();
        } else if character.is_alphabetic() {
            return true;
        }
    }
    false
}
