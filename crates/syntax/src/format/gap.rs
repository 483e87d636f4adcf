//! The comments between two tokens: which end the line of the first, which have lines of their own, which stand
//! before the second.

use crate::Span;
use crate::token::Token;

/// What stands between a token and the next beside blanks.
#[derive(Debug, Default)]
pub(super) struct Gap {
    /// Comments at the end of the first token's line.
    pub(super) trailing: Vec<Span>,
    /// Lines that hold only comments.
    pub(super) lines: Vec<Line>,
    /// Comments on the line of the second token.
    pub(super) leading: Vec<Span>,
    /// Whether a blank line stands behind the last line of comments.
    pub(super) blank_after: bool,
}

/// A line of comments alone.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) comments: Vec<Span>,
    /// Whether a blank line stands before it.
    pub(super) blank_before: bool,
}

impl Gap {
    /// Whether a line must end in this gap.
    pub(super) fn ends_line(&self) -> bool {
        !self.trailing.is_empty() || !self.lines.is_empty()
    }
}

/// For each token the gap before it.
pub(super) fn sort(text: &str, tokens: &[Token], comments: &[Span]) -> Vec<Gap> {
    let mut comments = comments.iter().copied().peekable();
    let mut previous_end = 0;
    let mut gaps = Vec::with_capacity(tokens.len());
    for token in tokens {
        let mut between = Vec::new();
        while let Some(comment) = comments.next_if(|it| it.start < token.span.start) {
            between.push(trimmed(text, comment));
        }
        gaps.push(if between.is_empty() {
            Gap::default()
        } else {
            sort_gap(text, Span::new(previous_end, token.span.start), between)
        });
        previous_end = token.span.end;
    }
    gaps
}

/// Without blanks at the end, which a `--` comment may have.
fn trimmed(text: &str, comment: Span) -> Span {
    Span::new(comment.start, comment.start + text[comment.start..comment.end].trim_end().len())
}

fn sort_gap(text: &str, gap: Span, comments: Vec<Span>) -> Gap {
    let line_ends = |start: usize, end: usize| text[start..end].bytes().filter(|it| *it == b'\n').count();
    let mut sorted = Gap::default();
    let mut line = Vec::new();
    // A line that begins here, not behind a token: at the beginning of the text, or behind a line end.
    let mut is_own_line = gap.start == 0;
    let mut blank_before = false;
    let mut end = gap.start;
    for comment in comments {
        let count = line_ends(end, comment.start);
        if count > 0 {
            sorted.end_line(&mut line, is_own_line, blank_before);
            blank_before = count > 1 && end > 0;
            is_own_line = true;
        }
        line.push(comment);
        end = comment.end;
    }
    let count = line_ends(end, gap.end);
    if count > 0 || gap.end == text.len() {
        sorted.end_line(&mut line, is_own_line, blank_before);
    }
    sorted.blank_after = count > 1 && gap.end < text.len();
    sorted.leading = line;
    sorted
}

impl Gap {
    fn end_line(&mut self, line: &mut Vec<Span>, is_own_line: bool, blank_before: bool) {
        let comments = std::mem::take(line);
        if comments.is_empty() {
            return;
        }
        if is_own_line {
            self.lines.push(Line { comments, blank_before });
        } else {
            self.trailing = comments;
        }
    }
}
