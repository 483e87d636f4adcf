//! The place in the tokens, and the small steps that all productions use.

use crate::ast::{Expr, ExprKind, Name, Quote};
use crate::token::{Keyword, Token, TokenKind};
use crate::{Diagnostic, Span};

use super::{HEIGHT_MAX, NESTING_MAX};

/// The longest piece of the text that a message repeats, in characters.
const QUOTED_MAX: usize = 40;

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) diagnostics: Vec<Diagnostic>,
    tokens: Vec<Token>,
    position: usize,
    /// The token at which the last error was reported: one error a token is enough.
    error_at: Option<usize>,
    /// How deep the productions stand in one another.
    depth: u32,
    /// The height of the highest tree read since the innermost production began.
    pub(super) height: u32,
    /// Whether the nesting has been reported.
    too_deep: bool,
    /// Whether an element of the SELECT list is being read, outside any parentheses.
    pub(super) in_select_list: bool,
    /// How many sub-selects stand open round this place.
    pub(super) subselects: u32,
}

impl<'a> Parser<'a> {
    pub(super) fn over(text: &'a str, tokens: Vec<Token>, diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            text,
            diagnostics,
            tokens,
            position: 0,
            error_at: None,
            depth: 0,
            height: 0,
            too_deep: false,
            in_select_list: false,
            subselects: 0,
        }
    }

    pub(super) fn peek(&self) -> Token {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[(self.position + ahead).min(last)]
    }

    /// The token before this one.
    pub(super) fn previous(&self) -> Option<Token> {
        self.position.checked_sub(1).map(|it| self.tokens[it])
    }

    /// Where the last token that was read ends.
    pub(super) fn previous_end(&self) -> usize {
        self.previous().map_or(0, |it| it.span.end)
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.position += 1;
        }
        token
    }

    /// Takes the token here for another kind.
    pub(super) fn replace(&mut self, kind: TokenKind) {
        let last = self.tokens.len() - 1;
        self.tokens[self.position.min(last)].kind = kind;
    }

    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.peek().kind == kind
    }

    pub(super) fn keyword_at(&self, ahead: usize) -> Option<Keyword> {
        match self.peek_at(ahead).kind {
            TokenKind::Word(keyword) => keyword,
            _ => None,
        }
    }

    pub(super) fn at_keyword(&self, keyword: Keyword) -> bool {
        self.keyword_at(0) == Some(keyword)
    }

    pub(super) fn accept(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn accept_keyword(&mut self, keyword: Keyword) -> bool {
        self.accept(TokenKind::Word(Some(keyword)))
    }

    /// Whether a bare word of any kind stands `ahead`, spelled so in any case.
    pub(super) fn word_is(&self, ahead: usize, word: &str) -> bool {
        let token = self.peek_at(ahead);
        matches!(token.kind, TokenKind::Word(_)) && self.source(token.span).eq_ignore_ascii_case(word)
    }

    pub(super) fn source(&self, span: Span) -> &'a str {
        &self.text[span.start..span.end]
    }

    /// From a start to the end of what was read last.
    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.previous_end().max(start))
    }

    pub(super) fn error_expression(&self, start: usize) -> Expr {
        Expr::new(ExprKind::Error, self.span_from(start))
    }

    /// The text of a quoted token without its quotes.
    pub(super) fn unquoted(&self, token: Token) -> String {
        let source = self.source(token.span);
        let quote = if token.kind == TokenKind::QuotedName { '"' } else { '\'' };
        if token.kind == TokenKind::Address {
            return source.to_owned();
        }
        let mut characters = source.chars();
        characters.next();
        let inner = characters.as_str();
        let inner = inner.strip_suffix(is_quote).unwrap_or(inner);
        if inner.contains(quote) {
            inner.replace(&format!("{quote}{quote}"), &quote.to_string())
        } else {
            inner.to_owned()
        }
    }

    /// A name at this token: a word that is not reserved, or a quoted name.
    pub(super) fn name_here(&self) -> Option<Name> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word(keyword) if keyword.is_none_or(|it| !it.is_reserved()) => {
                Some(Name { text: self.source(token.span).to_owned(), quote: Quote::None })
            }
            TokenKind::ForeignWord => Some(Name { text: self.source(token.span).to_owned(), quote: Quote::Double }),
            TokenKind::QuotedName => Some(Name { text: self.unquoted(token), quote: Quote::Double }),
            _ => None,
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if diagnostic.is_error() {
            self.error_at = Some(self.position);
        }
        self.diagnostics.push(diagnostic);
    }

    /// Whether an error was reported at this very token.
    pub(super) fn has_error_here(&self) -> bool {
        self.error_at == Some(self.position)
    }

    /// Reports that something else was expected here, unless an error at this token was reported before.
    pub(super) fn expected(&mut self, wanted: &str) {
        let help = self.reserved_help();
        self.expected_with(wanted, |it| match help {
            Some(help) => it.with_help(help),
            None => it,
        });
    }

    pub(super) fn expected_with(&mut self, wanted: &str, finish: impl FnOnce(Diagnostic) -> Diagnostic) {
        if self.has_error_here() {
            return;
        }
        let token = self.peek();
        let message = format!("expected {wanted}, found {}", self.describe(token));
        let span = if token.kind == TokenKind::End { self.end_span() } else { token.span };
        let diagnostic = Diagnostic::error("unexpected-text", span, message).with_label(format!("expected {wanted}"));
        self.report(finish(diagnostic));
    }

    fn reserved_help(&self) -> Option<String> {
        let token = self.peek();
        let TokenKind::Word(Some(keyword)) = token.kind else { return None };
        if !keyword.is_reserved() || self.clause_start().is_some() || self.at_keyword(Keyword::Select) {
            return None;
        }
        if keyword == Keyword::Not {
            let help = "write `!=` for not equal, or put NOT before the whole comparison";
            return matches!(self.peek_at(1).kind, TokenKind::Equal).then(|| help.to_owned());
        }
        let word = self.source(token.span);
        Some(format!("`{word}` is a reserved word; as a name it stands in double quotes: `\"{word}\"`"))
    }

    /// Just behind the last token, for what is missing at the end.
    pub(super) fn end_span(&self) -> Span {
        let end = self.previous_end();
        Span::new(end, end)
    }

    pub(super) fn describe(&self, token: Token) -> String {
        match token.kind {
            TokenKind::End => "the end of the text".to_owned(),
            TokenKind::Text => format!("the string {}", self.excerpt(token.span)),
            _ => format!("`{}`", self.excerpt(token.span)),
        }
    }

    /// The text at a span, on one line and not too long.
    pub(super) fn excerpt(&self, span: Span) -> String {
        let source = self.source(span);
        let mut excerpt: String = source.chars().take(QUOTED_MAX).collect();
        if excerpt.len() < source.len() {
            excerpt.push('…');
        }
        excerpt.replace(|it: char| it.is_control(), " ")
    }

    /// Takes `(`, or reports that it is missing.
    pub(super) fn open(&mut self, wanted: &str) -> bool {
        let found = self.accept(TokenKind::OpenParen);
        if !found {
            self.expected(wanted);
        }
        found
    }

    /// Takes the `)` that closes `opening`; reads over what it cannot understand before it.
    pub(super) fn close(&mut self, opening: Span) {
        if self.accept(TokenKind::CloseParen) {
            return;
        }
        if self.at(TokenKind::End) || self.clause_start().is_some() || self.at(TokenKind::Semicolon) {
            if !self.has_error_here() {
                self.report(
                    Diagnostic::error("unclosed-parenthesis", opening, "this parenthesis is never closed")
                        .with_label("opened here"),
                );
            }
            return;
        }
        if !self.report_unsupported() {
            self.expected("an operator, `,` or `)`");
        }
        self.skip_balanced(false);
        if !self.accept(TokenKind::CloseParen) && self.at(TokenKind::Comma) {
            self.skip_balanced(true);
            self.accept(TokenKind::CloseParen);
        }
    }

    pub(super) fn unmatched_parenthesis(&mut self) {
        let token = self.peek();
        self.report(Diagnostic::error("unmatched-parenthesis", token.span, "this parenthesis closes nothing"));
        self.advance();
        // What follows is read over quietly up to the next clause.
        self.error_at = Some(self.position);
    }

    /// Reads over balanced text up to a clause, a closing parenthesis or, unless told to pass them, a comma.
    pub(super) fn skip_balanced(&mut self, pass_commas: bool) {
        let mut open = 0_usize;
        loop {
            match self.peek().kind {
                TokenKind::End | TokenKind::Semicolon => return,
                TokenKind::OpenParen => open += 1,
                TokenKind::CloseParen if open == 0 => return,
                TokenKind::CloseParen => open -= 1,
                TokenKind::Comma if open == 0 && !pass_commas => return,
                _ if open == 0 && self.clause_start().is_some() => return,
                _ => {}
            }
            self.advance();
        }
    }

    /// Enters a production that may hold itself. False when that goes too deep; the text of it is then skipped.
    /// A production that needs more of the stack counts as several levels.
    pub(super) fn enter(&mut self, levels: u32) -> bool {
        if self.depth + levels <= NESTING_MAX {
            self.depth += levels;
            return true;
        }
        self.report_depth();
        self.skip_balanced(false);
        false
    }

    pub(super) fn leave(&mut self, levels: u32) {
        self.depth -= levels;
    }

    /// Notes that the tree has grown by one level. False when it is too high.
    pub(super) fn grow(&mut self) -> bool {
        self.height += 1;
        let fits = self.height <= HEIGHT_MAX;
        if !fits {
            self.report_depth();
        }
        fits
    }

    fn report_depth(&mut self) {
        let span = self.peek().span;
        if !self.too_deep {
            self.report(
                Diagnostic::error("nesting-too-deep", span, "this nests too deep")
                    .with_note(
                        format!("at most {HEIGHT_MAX} levels of operators, calls and sub-selects; a chain of AND or OR is one level"),
                    )
                    .with_help("split the expression into parts with names in the SELECT list"),
            );
        }
        self.error_at = Some(self.position);
        self.too_deep = true;
    }
}

fn is_quote(character: char) -> bool {
    matches!(character, '\'' | '"' | '`') || crate::lexer::straight_quote(character).is_some()
}
