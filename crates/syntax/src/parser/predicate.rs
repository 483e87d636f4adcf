//! Comparisons, IN, BETWEEN, text tests, IS NULL.

use crate::ast::{CompareOperator, Expr, ExprKind, InList, TextOperator, TextPattern};
use crate::precedence;
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Safety, Span};

use super::cursor::Parser;

impl Parser<'_> {
    /// Whether a predicate goes on here, after its first operand.
    pub(super) fn at_predicate(&self) -> bool {
        if compare_operator(self.peek().kind).is_some() {
            return true;
        }
        let keyword = match self.keyword_at(0) {
            Some(Keyword::Is) => return true,
            Some(Keyword::Not) => self.keyword_at(1),
            keyword => keyword,
        };
        let is_named =
            keyword.is_some_and(|it| matches!(it, Keyword::In | Keyword::Between) || text_operator(it).is_some());
        is_named || self.foreign_operator().is_some()
    }

    /// Whether a comparison sign stands `ahead`.
    pub(super) fn at_comparison(&self, ahead: usize) -> bool {
        compare_operator(self.peek_at(ahead).kind).is_some()
    }

    /// The rest of a predicate.
    pub(super) fn predicate(&mut self, operand: Expr, start: usize) -> Expr {
        let operand = Box::new(operand);
        let first = self.advance();
        if let Some(operator) = compare_operator(first.kind) {
            let right = Box::new(self.expression_at(precedence::VALUE));
            return Expr::new(ExprKind::Compare(operator, operand, right), self.span_from(start));
        }
        if first.kind == TokenKind::Word(Some(Keyword::Is)) {
            return self.is_null(operand, start);
        }
        let negated = first.kind == TokenKind::Word(Some(Keyword::Not));
        let operator = if negated { self.advance() } else { first };
        let kind = match operator.kind {
            TokenKind::Word(Some(Keyword::In)) => ExprKind::In { operand, list: self.in_list(), negated },
            TokenKind::Word(Some(Keyword::Between)) => return self.between(operand, start, negated),
            TokenKind::Word(Some(keyword)) if text_operator(keyword).is_some() => {
                let operator = text_operator(keyword).unwrap_or(TextOperator::Like);
                ExprKind::Text { operand, operator, pattern: self.text_pattern(), negated }
            }
            _ => return self.foreign_predicate(operator.span, start),
        };
        Expr::new(kind, self.span_from(start))
    }

    fn is_null(&mut self, operand: Box<Expr>, start: usize) -> Expr {
        let negated = self.accept_keyword(Keyword::Not);
        if !self.accept_keyword(Keyword::Null) {
            let is = self.previous_end();
            self.expected_with("`NULL`", |it| it.with_help("IS tests for NULL only; compare values with `=` or `!=`"));
            // What was meant as a value is read, so that the rest of the filter still makes sense.
            if self.peek().span.start > is || self.peek().kind == TokenKind::Text {
                self.expression_at(precedence::VALUE);
            }
            return self.error_expression(start);
        }
        Expr::new(ExprKind::IsNull { operand, negated }, self.span_from(start))
    }

    fn between(&mut self, operand: Box<Expr>, start: usize, negated: bool) -> Expr {
        let low = Box::new(self.expression_at(precedence::VALUE));
        if !self.accept_keyword(Keyword::And) {
            self.expected_with("`AND`", |it| it.with_help("write `BETWEEN low AND high`"));
            return self.error_expression(start);
        }
        let high = Box::new(self.expression_at(precedence::VALUE));
        Expr::new(ExprKind::Between { operand, low, high, negated }, self.span_from(start))
    }

    fn in_list(&mut self) -> InList {
        let opening = self.peek().span;
        if !self.at(TokenKind::OpenParen) {
            return self.in_without_parentheses();
        }
        self.advance();
        let list = if self.at_keyword(Keyword::Select) {
            InList::Query(Box::new(self.subselect()))
        } else {
            InList::Values(self.list_in_parentheses(opening))
        };
        self.close(opening);
        list
    }

    /// The elements of a list whose `(` has been read.
    fn list_in_parentheses(&mut self, opening: Span) -> Vec<Expr> {
        if self.at(TokenKind::CloseParen) {
            let span = opening.to(self.peek().span);
            self.report(
                Diagnostic::error("empty-list", span, "this list is empty").with_help("name at least one value"),
            );
            return Vec::new();
        }
        let in_select_list = std::mem::replace(&mut self.in_select_list, false);
        let list = self.expression_list();
        self.in_select_list = in_select_list;
        list
    }

    fn in_without_parentheses(&mut self) -> InList {
        let start = self.peek().span.start;
        let is_reference_set = self.word_is(0, "REFERENCE_SET") || self.word_is(0, "REFERENCESET");
        let at = self.peek().span;
        let reported = self.has_error_here();
        let value = self.expression_at(precedence::VALUE);
        if !reported && !matches!(value.value, ExprKind::Error) {
            let span = self.span_from(start).to(at);
            let diagnostic = Diagnostic::error("in-without-parentheses", span, "IN needs a list in parentheses");
            self.report(if is_reference_set {
                diagnostic.with_help("test a reference set with `REFERENCESETCONTAINS('set name', value)`")
            } else {
                let edits =
                    vec![(Span::new(start, start), "(".to_owned()), (Span::new(span.end, span.end), ")".to_owned())];
                diagnostic.with_help("put the values in parentheses").with_fix(Safety::Unsafe, edits)
            });
        }
        InList::Values(vec![value])
    }

    /// One pattern, or a list after ANY.
    fn text_pattern(&mut self) -> TextPattern {
        if self.word_is(0, "REGEX") && matches!(self.peek_at(1).kind, TokenKind::Text | TokenKind::QuotedName) {
            let regex = self.peek().span;
            self.report(
                Diagnostic::error("matches-regex", regex, "there is no `MATCHES REGEX`")
                    .with_note("MATCHES always takes a regular expression")
                    .with_help("leave out `REGEX`")
                    .with_fix(Safety::Safe, vec![(Span::new(regex.start, self.peek_at(1).span.start), String::new())]),
            );
            self.advance();
        }
        if self.at_keyword(Keyword::Any) && self.peek_at(1).kind == TokenKind::OpenParen {
            self.advance();
            let opening = self.advance().span;
            let list = self.list_in_parentheses(opening);
            self.close(opening);
            return TextPattern::Any(list);
        }
        let pattern = self.expression_at(precedence::VALUE);
        if self.word_is(0, "ESCAPE") && self.peek_at(1).kind == TokenKind::Text {
            self.report_escape_clause();
        }
        TextPattern::One(Box::new(pattern))
    }
}

const fn compare_operator(kind: TokenKind) -> Option<CompareOperator> {
    Some(match kind {
        TokenKind::Equal => CompareOperator::Equal,
        TokenKind::NotEqual => CompareOperator::NotEqual,
        TokenKind::Less => CompareOperator::Less,
        TokenKind::LessOrEqual => CompareOperator::LessOrEqual,
        TokenKind::Greater => CompareOperator::Greater,
        TokenKind::GreaterOrEqual => CompareOperator::GreaterOrEqual,
        _ => return None,
    })
}

const fn text_operator(keyword: Keyword) -> Option<TextOperator> {
    Some(match keyword {
        Keyword::Like => TextOperator::Like,
        Keyword::ILike => TextOperator::ILike,
        Keyword::Matches => TextOperator::Matches,
        Keyword::IMatches => TextOperator::IMatches,
        _ => return None,
    })
}
