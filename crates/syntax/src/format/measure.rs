//! How wide tokens are when they stand on one line.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use crate::Span;
use crate::token::{Token, TokenKind};

use super::gap::Gap;
use super::marks::{BreakKind, Mark};

/// Places of all tokens on one endless line, in columns.
pub(super) struct Measures {
    starts: Vec<usize>,
    ends: Vec<usize>,
    /// How many of the gaps up to and before each token end a line.
    line_ends: Vec<usize>,
    /// The first token, from each on, before which a line may end.
    next_break: Vec<usize>,
    /// Whether a blank stands before each token on one line.
    spaces: Vec<bool>,
    /// Whether a blank stands between a comment and each token.
    spaces_behind_comment: Vec<bool>,
}

impl Measures {
    pub(super) fn take(text: &str, tokens: &[Token], marks: &[Mark], gaps: &[Gap], words: &[Cow<'_, str>]) -> Self {
        let count = tokens.len();
        let mut measures = Self {
            starts: Vec::with_capacity(count),
            ends: Vec::with_capacity(count),
            line_ends: Vec::with_capacity(count),
            next_break: vec![count - 1; count],
            spaces: Vec::with_capacity(count),
            spaces_behind_comment: Vec::with_capacity(count),
        };
        let mut column = 0;
        let mut line_ends = 0;
        for index in 0..count {
            let previous = index.checked_sub(1).map(|it| tokens[it].kind);
            let has_comment = !gaps[index].leading.is_empty();
            let space = has_space(previous, tokens[index].kind, marks[index].is_tight, has_comment);
            let behind_comment = !is_tight_before(tokens[index].kind);
            column += usize::from(space) + comment_width(text, &gaps[index].leading);
            column += usize::from(has_comment && behind_comment);
            line_ends += usize::from(ends_line(&marks[index], &gaps[index]));
            measures.spaces.push(space);
            measures.spaces_behind_comment.push(behind_comment);
            measures.line_ends.push(line_ends);
            measures.starts.push(column);
            column += words[index].width();
            measures.ends.push(column);
        }
        for index in (0..count.saturating_sub(1)).rev() {
            let is_break = marks[index].line_break.is_some() || gaps[index].ends_line();
            measures.next_break[index] = if is_break { index } else { measures.next_break[index + 1] };
        }
        measures
    }

    /// Of the tokens from the first to the last.
    pub(super) fn width(&self, first: usize, last: usize) -> usize {
        self.ends[last] - self.starts[first]
    }

    /// Of what stands behind a token up to the next place for a break.
    pub(super) fn width_to_break(&self, last: usize) -> usize {
        let next = self.next_break.get(last + 1).copied().unwrap_or(last + 1);
        self.ends[next - 1] - self.ends[last]
    }

    /// Of what stands from a token on up to the next place for a break behind it.
    pub(super) fn width_from(&self, first: usize) -> usize {
        self.width(first, first) + self.width_to_break(first)
    }

    /// Whether a line ends between the first and the last token, whatever the width.
    pub(super) fn must_break(&self, first: usize, last: usize) -> bool {
        self.line_ends[last] > self.line_ends[first]
    }

    /// Whether a blank stands before the token, or before the comments before it.
    pub(super) fn has_space(&self, index: usize) -> bool {
        self.spaces[index]
    }

    /// Whether a blank stands between comments and the token.
    pub(super) fn has_space_behind_comment(&self, index: usize) -> bool {
        self.spaces_behind_comment[index]
    }
}

fn ends_line(mark: &Mark, gap: &Gap) -> bool {
    gap.ends_line() || mark.line_break.is_some_and(|it| it.kind == BreakKind::Hard)
}

fn comment_width(text: &str, comments: &[Span]) -> usize {
    let own: usize = comments.iter().map(|it| text[it.start..it.end].width()).sum();
    own + comments.len().saturating_sub(1)
}

const fn is_tight_before(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::CloseParen | TokenKind::Comma | TokenKind::Semicolon | TokenKind::End)
}

fn has_space(previous: Option<TokenKind>, kind: TokenKind, is_tight: bool, has_comment: bool) -> bool {
    let is_tight = !has_comment && (is_tight || is_tight_before(kind));
    previous.is_some_and(|it| it != TokenKind::OpenParen) && !is_tight
}
