//! The canonical form of `=` on text, LIKE, ILIKE, MATCHES, IMATCHES, IN, ILIKE ANY and their negations.

use std::borrow::Cow;

use syntax::Span;

use super::{Expr, ExprKind};
pub use crate::text::Case;
use crate::text::{self, JavaRegex, PatternError, TextMatcher};

/// Whether the text of an operand is like one of some patterns. Null when the operand is null.
#[derive(Clone, Debug, PartialEq)]
pub struct TextTest {
    /// What is tested: text, or a list of texts of which any may pass. A LOWER around it is
    /// said by `case` instead.
    pub operand: Box<Expr>,
    /// Any of these; never empty.
    pub patterns: Vec<Pattern>,
    /// Whether case matters, for all patterns.
    pub case: Case,
    /// Whether the result is turned round: none of the patterns.
    pub negated: bool,
}

impl TextTest {
    /// The test of a text, its negation apart. The error names the pattern that cannot be run.
    pub fn matcher(&self) -> Result<TextMatcher, PatternError> {
        TextMatcher::new(&self.patterns.iter().map(Pattern::as_text_pattern).collect::<Vec<_>>(), self.case)
    }
}

/// One pattern with the place of its literal.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// How it is read.
    pub kind: PatternKind,
    /// The text after the escapes of the dialect: a backslash is an ordinary character of LIKE.
    pub text: String,
    /// The literal in the source, with its quotes.
    pub span: Span,
    /// A regular expression, compiled: every plan and explanation of the query shares it while the query lives.
    pub regex: Option<JavaRegex>,
}

impl Pattern {
    /// The pattern without its place.
    pub fn as_text_pattern(&self) -> text::Pattern {
        match self.kind {
            PatternKind::Equal => text::Pattern::Equal(self.text.clone()),
            PatternKind::Like => text::Pattern::Like(self.text.clone()),
            PatternKind::Regex => text::Pattern::Regex(self.text.clone()),
        }
    }

    /// The regular expression, compiled; none for another kind, and for one that cannot be run.
    pub(crate) fn regex(&self, case: Case) -> Option<JavaRegex> {
        if self.kind != PatternKind::Regex {
            return None;
        }
        self.regex.clone().or_else(|| JavaRegex::new(&self.text, case).ok())
    }
}

/// How a pattern is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PatternKind {
    /// The whole text is this one.
    Equal,
    /// `%` is any run of characters, `_` any one; the whole text is covered.
    Like,
    /// A regular expression of Java, found anywhere.
    Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.text == other.text
    }
}

/// The operands of an OR, where tests of the same text and case that are not negated have become one with all their
/// patterns; of an AND, those that are negated. The result is the same, unknown included: all are null together.
pub fn fused(operands: &[Expr], is_and: bool) -> Cow<'_, [Expr]> {
    let fuses = |it: &Expr| matches!(&it.kind, ExprKind::Text(test) if test.negated == is_and);
    if operands.iter().filter(|it| fuses(it)).count() < 2 {
        return Cow::Borrowed(operands);
    }
    let mut kept: Vec<Expr> = Vec::with_capacity(operands.len());
    let mut tests: Vec<usize> = Vec::new();
    for operand in operands {
        let ExprKind::Text(test) = &operand.kind else {
            kept.push(operand.clone());
            continue;
        };
        let same = tests.iter().copied().find(|it| match &kept[*it].kind {
            ExprKind::Text(first) => first.case == test.case && first.operand == test.operand,
            _ => false,
        });
        if let Some(position) = same.filter(|_| test.negated == is_and) {
            if let ExprKind::Text(first) = &mut kept[position].kind {
                first.patterns.extend(test.patterns.iter().cloned());
            }
        } else {
            if test.negated == is_and {
                tests.push(kept.len());
            }
            kept.push(operand.clone());
        }
    }
    Cow::Owned(kept)
}
