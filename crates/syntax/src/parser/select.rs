//! The SELECT list.

use crate::ast::{Alias, Item, Quote};
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Node, Safety, Span};

use super::cursor::Parser;

impl Parser<'_> {
    /// What stands between SELECT and FROM.
    pub(super) fn select_list(&mut self) -> Vec<Node<Item>> {
        self.in_select_list = true;
        self.select_modifier();
        let mut items = vec![self.item()];
        loop {
            if self.at(TokenKind::Comma) {
                let comma = self.advance().span;
                if self.clause_start().is_some() {
                    self.report_trailing_comma(comma);
                    break;
                }
            } else if !self.item_is_followed_by_junk() {
                break;
            } else if !self.at(TokenKind::Comma) {
                continue;
            } else {
                self.advance();
            }
            items.push(self.item());
        }
        self.in_select_list = false;
        items
    }

    /// Reports what stands between an item and the next comma or clause, and reads over it.
    fn item_is_followed_by_junk(&mut self) -> bool {
        let is_end = matches!(self.peek().kind, TokenKind::End | TokenKind::CloseParen | TokenKind::Semicolon);
        if is_end || self.clause_start().is_some() {
            return false;
        }
        if !self.has_error_here() && !self.report_unsupported() {
            self.expected("`,` or `FROM`");
        }
        let before = self.peek().span;
        self.skip_balanced(false);
        if self.peek().span == before && !self.at(TokenKind::Comma) {
            return false;
        }
        self.at(TokenKind::Comma)
    }

    fn item(&mut self) -> Node<Item> {
        let start = self.peek().span.start;
        if self.accept(TokenKind::Star) {
            self.correct_from();
            return Node::new(Item::Star, self.span_from(start));
        }
        let expr = self.expression();
        let alias = self.alias();
        Node::new(Item::Expr { expr, alias }, self.span_from(start))
    }

    fn alias(&mut self) -> Option<Node<Alias>> {
        if self.correct_from() {
            return None;
        }
        let start = self.peek().span.start;
        let has_as = self.accept_keyword(Keyword::As);
        let token = self.peek();
        let (name, quote) = match token.kind {
            TokenKind::Text => (self.unquoted(token), Quote::Single),
            TokenKind::QuotedName | TokenKind::ForeignWord => (self.name_here()?.text, Quote::Double),
            TokenKind::Word(keyword) if self.can_be_alias(keyword, has_as) => {
                (self.source(token.span).to_owned(), Quote::None)
            }
            _ if has_as => {
                self.expected("a name after `AS`");
                return None;
            }
            _ => return None,
        };
        self.advance();
        let alias = Node::new(Alias { name, quote, has_as }, self.span_from(start));
        self.hyphens_after_alias(token.span);
        Some(alias)
    }

    fn can_be_alias(&self, keyword: Option<Keyword>, has_as: bool) -> bool {
        let Some(keyword) = keyword else { return has_as || !self.is_unsupported_word() };
        !keyword.is_reserved() && (has_as || (keyword != Keyword::By && self.clause_start().is_none()))
    }

    /// `AS First-Name`: the hyphen needs quotes.
    fn hyphens_after_alias(&mut self, first: Span) {
        if !self.at(TokenKind::Minus) || self.peek().span.start != first.end {
            return;
        }
        while self.peek().span.start == self.previous_end()
            && matches!(self.peek().kind, TokenKind::Minus | TokenKind::Word(_))
        {
            self.advance();
        }
        let span = self.span_from(first.start);
        let fix = format!("\"{}\"", self.source(span));
        self.report(
            Diagnostic::error("unquoted-alias", span, "a new name with a hyphen needs quotes")
                .with_fix(Safety::Safe, vec![(span, fix)]),
        );
    }

    /// DISTINCT and TOP, which AQL does not have.
    fn select_modifier(&mut self) {
        let token = self.peek();
        let is_star = self.peek_at(1).kind == TokenKind::Star
            && (matches!(self.peek_at(2).kind, TokenKind::Comma) || self.keyword_at(2) == Some(Keyword::From));
        if self.word_is(0, "DISTINCT") && (self.begins_operand(1) || is_star) {
            self.report(
                Diagnostic::error("select-distinct", token.span, "there is no `SELECT DISTINCT`")
                    .with_note(
                        "QRadar takes DISTINCT for a field: `Field \"DISTINCT\" does not exist in catalog \"events\"`",
                    )
                    .with_help(
                        "group by the columns (`GROUP BY a, b`), or count distinct values with `UNIQUECOUNT(a)`",
                    ),
            );
            self.advance();
        } else if self.word_is(0, "TOP") && self.peek_at(1).kind == TokenKind::Integer {
            let count = self.peek_at(1).span;
            let help = format!("write `LIMIT {}` before the time clause", self.source(count));
            let span = token.span.to(count);
            self.report(Diagnostic::error("select-top", span, "there is no `SELECT TOP`").with_help(help));
            self.advance();
            self.advance();
        }
    }
}
