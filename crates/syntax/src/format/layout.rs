//! Tokens and their marks to lines: one pass, with the widths of all groups known beforehand.

use unicode_width::UnicodeWidthStr;

use crate::Span;
use crate::token::{Keyword, Token, TokenKind};

use super::gap::Gap;
use super::marks::{Break, BreakKind, Mark, Opened, Spelling};
use super::measure::Measures;

/// Columns of a level of indentation.
const INDENT: usize = 2;

/// Writes the text of the tokens.
pub(super) fn lay_out(text: &str, tokens: &[Token], marks: &[Mark], gaps: &[Gap], width: usize) -> String {
    let words: Vec<_> = tokens.iter().zip(marks).map(|(token, mark)| spelt(text, *token, &mark.spelling)).collect();
    let measures = Measures::take(text, tokens, marks, gaps, &words);
    let mut writer = Writer {
        text,
        out: String::with_capacity(text.len() + text.len() / 8),
        newline: if text.find('\n').is_some_and(|it| text[..it].ends_with('\r')) { "\r\n" } else { "\n" },
        column: 0,
        line_levels: 0,
        width,
        groups: vec![Group { levels: 0, is_broken: true }],
    };
    for index in 0..tokens.len() {
        writer.close(marks[index].closes);
        writer.gap(index, tokens, &marks[index], &gaps[index], &measures);
        for opened in &marks[index].opens {
            writer.open(index, *opened, &measures);
        }
        writer.push(&words[index]);
    }
    writer.out.push_str(writer.newline);
    writer.out
}

/// Whether a token ends what a deeper level holds.
const fn is_closing(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::CloseParen | TokenKind::Word(Some(Keyword::End)))
}

fn spelt<'t>(text: &'t str, token: Token, spelling: &Spelling) -> std::borrow::Cow<'t, str> {
    let source = &text[token.span.start..token.span.end];
    match (spelling, token.kind) {
        (Spelling::As(name), _) => (*name).into(),
        (Spelling::Usual, TokenKind::Word(Some(Keyword::True | Keyword::False))) => source.to_ascii_lowercase().into(),
        (Spelling::Capitals, _) | (Spelling::Usual, TokenKind::Word(Some(_))) => source.to_ascii_uppercase().into(),
        _ => source.into(),
    }
}

/// A group that is open.
struct Group {
    /// The indentation of its first line.
    levels: usize,
    /// Whether its places for breaks are line ends.
    is_broken: bool,
}

struct Writer<'a> {
    text: &'a str,
    out: String,
    newline: &'static str,
    column: usize,
    /// The indentation of this line, in levels.
    line_levels: usize,
    width: usize,
    groups: Vec<Group>,
}

impl Writer<'_> {
    fn top(&self) -> (usize, bool) {
        self.groups.last().map_or((0, true), |it| (it.levels, it.is_broken))
    }

    fn close(&mut self, count: u32) {
        for _ in 0..count {
            self.groups.pop();
        }
    }

    /// Opens a group: on one line when it fits with what clings to its end, or when breaking would not help.
    fn open(&mut self, index: usize, opened: Opened, measures: &Measures) {
        let (levels, is_broken) = self.top();
        let begins_line = self.column == self.line_levels * INDENT;
        let levels = match usize::from(opened.levels) {
            // What closes it stands below what opens it.
            0 if begins_line => self.line_levels,
            deeper => levels + deeper,
        };
        let is_broken = is_broken && {
            let own = self.column + measures.width(index, opened.last);
            let clinging = measures.width_to_break(opened.last);
            let helps = !opened.stays && levels * INDENT + 1 + clinging <= self.width;
            measures.must_break(index, opened.last) || own > self.width || (own + clinging > self.width && helps)
        };
        self.groups.push(Group { levels, is_broken });
    }

    fn push(&mut self, word: &str) {
        self.out.push_str(word);
        self.column = match word.rfind('\n') {
            Some(at) => word[at + 1..].width(),
            None => self.column + word.width(),
        };
    }

    fn comments(&mut self, comments: &[Span]) {
        for (index, comment) in comments.iter().enumerate() {
            if index > 0 {
                self.push(" ");
            }
            let text = self.text;
            self.push(&text[comment.start..comment.end]);
        }
    }

    fn new_line(&mut self, levels: usize) {
        if !self.out.is_empty() {
            self.out.push_str(self.newline);
        }
        self.line_levels = levels;
        self.column = levels * INDENT;
        self.out.extend(std::iter::repeat_n(' ', self.column));
    }

    /// What stands between a token and the one before it.
    fn gap(&mut self, index: usize, tokens: &[Token], mark: &Mark, gap: &Gap, measures: &Measures) {
        let (base, is_broken) = self.top();
        let levels = base + mark.line_break.map_or(1, |it| usize::from(it.levels));
        let is_end = tokens[index].kind == TokenKind::End;
        if !gap.trailing.is_empty() {
            self.push(" ");
            self.comments(&gap.trailing);
        }
        if gap.ends_line() {
            let comment_levels = match mark.line_break {
                _ if is_end || index == 0 => 0,
                Some(Break { levels: 0, .. }) if is_closing(tokens[index].kind) => base + 1,
                _ => levels,
            };
            self.comment_lines(gap, comment_levels);
            if !is_end {
                self.new_line(if index == 0 { 0 } else { levels });
            }
        } else if mark.line_break.is_some_and(|it| is_broken && self.breaks(it, index, measures)) {
            self.new_line(levels);
        } else if measures.has_space(index) {
            self.push(" ");
        }
        if !gap.leading.is_empty() {
            self.comments(&gap.leading);
            if measures.has_space_behind_comment(index) {
                self.push(" ");
            }
        }
    }

    fn breaks(&self, place: Break, index: usize, measures: &Measures) -> bool {
        let fits = || self.column + 1 + measures.width_from(index) <= self.width;
        place.kind != BreakKind::Fill || !fits()
    }

    fn comment_lines(&mut self, gap: &Gap, levels: usize) {
        for line in &gap.lines {
            if line.blank_before {
                self.out.push_str(self.newline);
            }
            self.new_line(levels);
            self.comments(&line.comments);
        }
        if gap.blank_after {
            self.out.push_str(self.newline);
        }
    }
}
