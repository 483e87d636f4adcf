//! The kinds of change that mutation testing makes, a file each. Adding one: a file with a `static`, and a line in
//! [`KINDS`].

mod alternative;
mod anchor;
mod arm;
mod case;
mod group;
mod list;
mod negate;
mod number;
mod operand;
mod operator;
mod whole;
mod wildcard;

use std::ops::Range;

use aql::bound::{Expr, ExprKind, Pattern, PatternKind, Query, Source, TextTest};
use syntax::Span;

use super::pattern::{Alternation, parse};

use super::change::Change;

/// The fields whose values are a fixed vocabulary: what class of event it is.
const CLASS_FIELDS: [&str; 5] = ["devicetype", "Event ID", "qideventcategory", "qid", "Provider Name"];

/// A kind of change.
#[derive(Debug)]
pub struct MutationKind {
    /// Its name, as reports and documents spell it.
    pub name: &'static str,
    /// What is changed: a sentence.
    pub description: &'static str,
    /// What decides such a change, that is, what test to write when it survives: a sentence.
    pub remedy: &'static str,
    /// Finds the changes of one site.
    pub(super) find: fn(&Site<'_>, &mut Vec<Found>),
}

/// All kinds, in the order in which the changes of one place are made.
pub static KINDS: [&MutationKind; 12] = [
    &operand::KIND,
    &negate::KIND,
    &operator::KIND,
    &number::KIND,
    &list::KIND,
    &wildcard::KIND,
    &whole::KIND,
    &anchor::KIND,
    &alternative::KIND,
    &case::KIND,
    &arm::KIND,
    &group::KIND,
];

/// A place in a query where something may be changed.
pub(super) struct Site<'a> {
    /// What stands there.
    pub(super) expr: &'a Expr,
    /// The query that it is a part of; not one around it.
    pub(super) query: &'a Query,
    /// The text of the outermost query.
    pub(super) text: &'a str,
    /// Whether it is all of a WHERE or HAVING.
    pub(super) is_condition: bool,
    /// Its position in GROUP BY, if it is there.
    pub(super) group_key: Option<usize>,
}

/// A change that can be made.
pub(super) struct Found {
    /// The change.
    pub(super) change: Change,
    /// What of the text it changes.
    pub(super) span: Span,
    /// The change in words.
    pub(super) words: String,
    /// A group of a regular expression and what becomes of it, wherever it stands in the query: what was written several
    /// times was decided once.
    pub(super) fragment: Option<(String, String)>,
}

impl Site<'_> {
    /// The text of a place, on one line.
    fn written(&self, span: Span) -> String {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The place of a part of a pattern, by bytes of its text; all of the literal where that cannot be told.
    fn within(&self, pattern: &Pattern, range: &Range<usize>) -> Span {
        let written = self.text.get(pattern.span.start + 1..pattern.span.end.saturating_sub(1)).unwrap_or_default();
        // A quote is written twice.
        if written.replace("''", "'") != pattern.text {
            return pattern.span;
        }
        let place = |at: usize| pattern.span.start + 1 + at + pattern.text[..at].matches('\'').count();
        Span::new(place(range.start), place(range.end))
    }

    /// Whether an operand tells the class of an event.
    fn is_class(&self, operand: &Expr) -> bool {
        let ExprKind::Field(index) = operand.kind else { return false };
        let Source::Database(database) = &self.query.source else { return false };
        CLASS_FIELDS.iter().any(|it| database.position(it) == Some(index))
    }

    /// The test of text that stands here.
    fn text_test(&self) -> Option<&TextTest> {
        match &self.expr.kind {
            ExprKind::Text(test) => Some(test),
            _ => None,
        }
    }
}

/// Hands each alternation of the regular expressions of a test of text to `visitor`, with its expression and the position
/// of that.
fn for_each_alternation(site: &Site<'_>, visitor: &mut dyn FnMut(&TextTest, usize, &Pattern, &Alternation)) {
    let Some(test) = site.text_test() else { return };
    for (position, pattern) in test.patterns.iter().enumerate().filter(|(_, it)| it.kind == PatternKind::Regex) {
        if let Some(whole) = parse(&pattern.text) {
            whole.visit(&mut |it| visitor(test, position, pattern, it));
        }
    }
}

/// The patterns of a test with one of them changed.
fn with_pattern(test: &TextTest, position: usize, kind: PatternKind, other: String) -> Change {
    let mut patterns = test.patterns.clone();
    patterns[position] = Pattern { kind, text: other, span: patterns[position].span, regex: None };
    Change::Patterns(patterns, test.case)
}

/// A text for a message: short, on one line.
fn quoted(text: &str) -> String {
    /// Characters that are shown.
    const SHOWN: usize = 60;
    let line: String = text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    if line.chars().count() <= SHOWN {
        return format!("`{line}`");
    }
    format!("`{}…`", line.chars().take(SHOWN).collect::<String>())
}
