//! What the syntax tree says about the tokens: where lines may break, what belongs together, how words are spelt.

use crate::Span;
use crate::ast::Query;
use crate::token::{Keyword, Token, TokenKind};

use super::Format;

/// What is known of a token and of the gap before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Mark {
    /// How many groups end with the token before.
    pub(super) closes: u32,
    /// Whether the line may break before the token.
    pub(super) line_break: Option<Break>,
    /// The groups that begin with the token, from the outermost.
    pub(super) opens: Vec<Opened>,
    /// Whether the token stands directly behind the one before.
    pub(super) is_tight: bool,
    /// How the token is spelt.
    pub(super) spelling: Spelling,
}

/// Tokens that stand on one line when they fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opened {
    /// The last token of the group.
    pub(super) last: usize,
    /// By how many levels it is indented in the group around it.
    pub(super) levels: u8,
    /// Whether it stays on one line when it fits there, though what clings to its end does not.
    pub(super) stays: bool,
}

/// A place where a line may end. A group that does not fit on one line is broken at all of its places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    pub(super) kind: BreakKind,
    /// By how many levels the new line is indented in its group.
    pub(super) levels: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BreakKind {
    /// When the group does not fit on a line.
    Soft,
    /// When the group does not fit on a line, and what follows does not fit on this one.
    Fill,
    /// Always.
    Hard,
}

/// How a token is spelt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Keywords in capitals, but `true` and `false`; all else as written.
    #[default]
    Usual,
    /// As written.
    Kept,
    /// In capitals.
    Capitals,
    /// So.
    As(&'static str),
}

/// Reads the marks from the tree of a text without error.
pub(super) fn mark(text: &str, tokens: &[Token], query: &Query, format: &Format) -> Vec<Mark> {
    let mut marker = Marker {
        text,
        tokens,
        marks: vec![Mark::default(); tokens.len() + 1],
        partners: partners(tokens),
        is_list: vec![false; tokens.len()],
        breaks: 0,
        function_name: format.function_name,
    };
    let last = tokens.iter().rposition(|it| !matches!(it.kind, TokenKind::End | TokenKind::Semicolon));
    marker.query(query, 0, last.unwrap_or_default(), BreakKind::Hard);
    marker.parentheses();
    marker.marks
}

/// For each opening parenthesis the closing one.
fn partners(tokens: &[Token]) -> Vec<usize> {
    let mut partners = vec![0; tokens.len()];
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::OpenParen => open.push(index),
            TokenKind::CloseParen => {
                if let Some(opening) = open.pop() {
                    partners[opening] = index;
                }
            }
            _ => {}
        }
    }
    partners
}

/// Walks the tree and marks the tokens.
pub(super) struct Marker<'a> {
    text: &'a str,
    pub(super) tokens: &'a [Token],
    marks: Vec<Mark>,
    partners: Vec<usize>,
    /// Parentheses that belong to a call, a list or a sub-select, not to an expression.
    is_list: Vec<bool>,
    /// How many places for breaks have been marked.
    pub(super) breaks: usize,
    pub(super) function_name: fn(&str) -> Option<&'static str>,
}

impl Marker<'_> {
    /// The token that begins at a place.
    pub(super) fn at(&self, offset: usize) -> usize {
        self.tokens.partition_point(|it| it.span.start < offset).min(self.tokens.len() - 1)
    }

    /// The last token that begins before a place: the last of a node that ends there.
    pub(super) fn before(&self, offset: usize) -> usize {
        self.tokens.partition_point(|it| it.span.start < offset).saturating_sub(1)
    }

    /// The token before an expression and the parentheses round it.
    pub(super) fn word_before(&self, span: Span) -> usize {
        let mut index = self.at(span.start).saturating_sub(1);
        while self.kind(index) == TokenKind::OpenParen && !self.is_list[index] {
            index = index.saturating_sub(1);
        }
        index
    }

    /// The token behind an expression and the parentheses round it.
    pub(super) fn word_after(&self, span: Span) -> usize {
        let mut index = self.before(span.end) + 1;
        while self.kind(index) == TokenKind::CloseParen {
            index += 1;
        }
        index
    }

    pub(super) fn kind(&self, index: usize) -> TokenKind {
        self.tokens.get(index).map_or(TokenKind::End, |it| it.kind)
    }

    pub(super) fn is_keyword(&self, index: usize, keyword: Keyword) -> bool {
        self.kind(index) == TokenKind::Word(Some(keyword))
    }

    pub(super) fn source(&self, index: usize) -> &str {
        let span = self.tokens[index].span;
        &self.text[span.start..span.end]
    }

    /// Where the parenthesis that opens here closes.
    pub(super) fn partner(&self, opening: usize) -> usize {
        self.partners.get(opening).copied().unwrap_or_default().max(opening)
    }

    /// A group of tokens that stand on one line when they fit.
    pub(super) fn group(&mut self, first: usize, last: usize, levels: u8) {
        if first <= last {
            self.marks[first].opens.push(Opened { last, levels, stays: false });
            self.marks[last + 1].closes += 1;
        }
    }

    /// A group round all others that begin with its first token, one level deeper.
    fn group_around(&mut self, first: usize, last: usize) {
        if first <= last {
            self.marks[first].opens.insert(0, Opened { last, levels: 1, stays: false });
            self.marks[last + 1].closes += 1;
        }
    }

    /// By how many levels operands in a row are indented: not at all where parentheses round them do that.
    pub(super) fn levels_of_row(&self, first: usize, last: usize) -> u8 {
        let opening = first.saturating_sub(1);
        let is_enclosed = self.kind(opening) == TokenKind::OpenParen && !self.is_list[opening];
        u8::from(!(is_enclosed && self.partner(opening) == last + 1))
    }

    /// The group opened last at a token stays on one line when it fits there.
    pub(super) fn stay(&mut self, first: usize) {
        if let Some(opened) = self.marks[first].opens.last_mut() {
            opened.stays = true;
        }
    }

    pub(super) fn line_break(&mut self, index: usize, kind: BreakKind, levels: u8) {
        self.breaks += 1;
        self.marks[index].line_break = Some(Break { kind, levels });
    }

    /// The token stands directly behind the one before.
    pub(super) fn tight(&mut self, index: usize) {
        self.marks[index].is_tight = true;
    }

    pub(super) fn spell(&mut self, index: usize, spelling: Spelling) {
        self.marks[index].spelling = spelling;
    }

    /// The tokens of a leaf of the tree: names and literals.
    pub(super) fn keep(&mut self, span: Span) {
        let (first, last) = (self.at(span.start), self.before(span.end));
        for index in first..=last {
            self.marks[index].spelling = Spelling::Kept;
            self.marks[index].is_tight |= index > first;
        }
    }

    /// Says that a parenthesis is no grouping one.
    pub(super) fn list_parenthesis(&mut self, opening: usize) {
        if let Some(is_list) = self.is_list.get_mut(opening) {
            *is_list = true;
        }
    }

    /// Parentheses round expressions that have places for breaks: then the content may stand on lines of its own.
    fn parentheses(&mut self) {
        let mut before = Vec::with_capacity(self.marks.len());
        let mut count = 0_usize;
        for mark in &self.marks {
            count += usize::from(mark.line_break.is_some());
            before.push(count);
        }
        for opening in 0..self.tokens.len() {
            let closing = self.partner(opening);
            if self.kind(opening) != TokenKind::OpenParen || self.is_list[opening] || before[closing] == before[opening]
            {
                continue;
            }
            self.group(opening, closing, 0);
            self.group_around(opening + 1, closing - 1);
            self.line_break(opening + 1, BreakKind::Soft, 1);
            self.line_break(closing, BreakKind::Soft, 0);
        }
    }
}
