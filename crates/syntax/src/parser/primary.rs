//! Literals, names, parentheses, CASE and IF.

use crate::ast::{Expr, ExprKind, Literal, Name, Quote};
use crate::token::{Keyword, Token, TokenKind};
use crate::{Diagnostic, Node, Safety, Span};

use super::cursor::Parser;

/// What stands behind the dot of a file name that somebody forgot to quote.
const FILE_EXTENSIONS: [&str; 8] = ["exe", "dll", "sys", "bat", "cmd", "ps1", "vbs", "msi"];

impl Parser<'_> {
    /// What needs no operator.
    pub(super) fn primary(&mut self) -> Expr {
        let token = self.peek();
        match token.kind {
            TokenKind::Text | TokenKind::Address => {
                self.advance();
                Expr::new(ExprKind::Literal(Literal::Text(self.unquoted(token))), token.span)
            }
            TokenKind::Integer | TokenKind::Hex | TokenKind::Decimal => self.number(),
            TokenKind::OpenParen => self.parentheses(),
            TokenKind::Word(Some(Keyword::Case)) => self.case(),
            TokenKind::Word(Some(Keyword::If)) => self.if_expression(),
            TokenKind::Word(Some(Keyword::True)) => self.constant(Literal::Boolean(true)),
            TokenKind::Word(Some(Keyword::False)) => self.constant(Literal::Boolean(false)),
            TokenKind::Word(Some(Keyword::Null)) => self.constant(Literal::Null),
            TokenKind::Word(Some(Keyword::Text)) if self.at_text_search() => self.text_search(),
            TokenKind::Macro => self.macro_in_expression(),
            TokenKind::Word(Some(Keyword::Select)) => self.misplaced_query(),
            TokenKind::Less if self.at_placeholder() => self.placeholder(),
            _ if self.clause_start().is_some() => self.missing_expression(),
            _ => self.name_or_call(),
        }
    }

    fn constant(&mut self, literal: Literal) -> Expr {
        let span = self.advance().span;
        Expr::new(ExprKind::Literal(literal), span)
    }

    /// Reports a missing operand and leaves the token for those who can use it.
    pub(super) fn missing_expression(&mut self) -> Expr {
        let start = self.peek().span.start;
        self.expected("an expression");
        let end = self.previous_end();
        let place = if end <= start { end } else { start };
        Expr::new(ExprKind::Error, Span::new(place, place))
    }

    fn number(&mut self) -> Expr {
        let token = self.advance();
        let source = self.source(token.span);
        let literal = match token.kind {
            TokenKind::Decimal => source.parse().ok().filter(|it: &f64| it.is_finite()).map(Literal::Decimal),
            TokenKind::Hex => {
                i64::from_str_radix(&source[2..], 16).ok().map(|value| Literal::Integer { value, hex: true })
            }
            _ => source.parse().ok().map(|value| Literal::Integer { value, hex: false }),
        };
        if let Some(diagnostic) = self.interval_unit(token) {
            self.report(diagnostic);
            self.advance();
            return self.error_expression(token.span.start);
        }
        if let Some(literal) = literal {
            return Expr::new(ExprKind::Literal(literal), token.span);
        }
        self.report_number(token);
        Expr::new(ExprKind::Error, token.span)
    }

    fn report_number(&mut self, token: Token) {
        let source = self.excerpt(token.span);
        let digits = self.source(token.span).get(2..).unwrap_or_default();
        let malformed =
            token.kind == TokenKind::Hex && (digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_hexdigit()));
        self.report(if malformed {
            Diagnostic::error("malformed-number", token.span, format!("`{source}` is not a hexadecimal number"))
                .with_help("write `0x` and digits from 0 to 9 and a to f")
        } else {
            Diagnostic::error("number-too-large", token.span, format!("`{source}` is too large for a number"))
                .with_note(format!("the largest integer is {}", i64::MAX))
        });
    }

    /// The integer at this token, for clauses; the token is taken if it is one.
    pub(super) fn unsigned(&mut self, wanted: &str) -> Option<Node<u64>> {
        let token = self.peek();
        if token.kind != TokenKind::Integer {
            self.expected(wanted);
            return None;
        }
        self.advance();
        let Ok(value) = self.source(token.span).parse() else {
            self.report_number(token);
            return None;
        };
        Some(Node::new(value, token.span))
    }

    fn parentheses(&mut self) -> Expr {
        let opening = self.advance().span;
        let in_select_list = std::mem::replace(&mut self.in_select_list, false);
        let expression = self.expression();
        self.in_select_list = in_select_list;
        if self.at(TokenKind::Comma) && !self.has_error_here() {
            let comma = self.peek().span;
            self.report(
                Diagnostic::error("misplaced-list", comma, "a list stands only after IN, ANY or a function name")
                    .with_label("unexpected `,`"),
            );
            self.skip_balanced(true);
        }
        self.close(opening);
        expression
    }

    fn case(&mut self) -> Expr {
        let case = self.advance().span;
        let in_select_list = std::mem::replace(&mut self.in_select_list, false);
        let operand = (!self.at_keyword(Keyword::When)).then(|| Box::new(self.expression()));
        let mut arms = Vec::new();
        while self.accept_keyword(Keyword::When) {
            let condition = self.expression();
            self.expect_keyword(Keyword::Then, "`THEN`");
            arms.push((condition, self.expression()));
        }
        if arms.is_empty() {
            self.expected("`WHEN`");
        }
        let otherwise = self.accept_keyword(Keyword::Else).then(|| Box::new(self.expression()));
        self.in_select_list = in_select_list;
        if !self.accept_keyword(Keyword::End) {
            let label = crate::Label { span: case, message: "this CASE has no END".to_owned() };
            self.expected_with("`END`", |mut it| {
                it.labels.push(label);
                it
            });
        }
        Expr::new(ExprKind::Case { operand, arms, otherwise }, self.span_from(case.start))
    }

    fn if_expression(&mut self) -> Expr {
        let start = self.advance().span.start;
        let condition = Box::new(self.expression());
        self.expect_keyword(Keyword::Then, "`THEN`");
        let then = Box::new(self.expression());
        if !self.accept_keyword(Keyword::Else) {
            self.expected_with("`ELSE`", |it| it.with_help("an IF always has an ELSE: `IF c THEN a ELSE b`"));
            return self.error_expression(start);
        }
        let otherwise = Box::new(self.expression());
        Expr::new(ExprKind::If { condition, then, otherwise }, self.span_from(start))
    }

    pub(super) fn expect_keyword(&mut self, keyword: Keyword, wanted: &str) {
        if !self.accept_keyword(keyword) {
            self.expected(wanted);
        }
    }

    fn at_text_search(&self) -> bool {
        let after = if self.peek_at(2).kind == TokenKind::Equal { 3 } else { 2 };
        self.keyword_at(1) == Some(Keyword::Search) && self.peek_at(after).kind == TokenKind::Text
    }

    fn text_search(&mut self) -> Expr {
        let start = self.advance().span.start;
        self.advance();
        self.accept(TokenKind::Equal);
        let token = self.advance();
        let text = Node::new(self.unquoted(token), token.span);
        Expr::new(ExprKind::TextSearch(text), self.span_from(start))
    }

    fn name_or_call(&mut self) -> Expr {
        let token = self.peek();
        let Some(name) = self.name_here() else { return self.unreadable_expression() };
        if let Some(expression) = self.foreign_expression() {
            return expression;
        }
        if matches!(self.peek_at(1).kind, TokenKind::OpenParen | TokenKind::DoubleColon) {
            return self.call(name);
        }
        if self.peek_at(1).kind == TokenKind::Dot {
            return self.qualified_name(name);
        }
        self.advance();
        Expr::new(ExprKind::Name(name), token.span)
    }

    /// What cannot begin an expression. Closing tokens stay for the parent; others are read over.
    fn unreadable_expression(&mut self) -> Expr {
        let token = self.peek();
        let expression = self.missing_expression();
        let stays = match token.kind {
            // A reserved word in the place of a name.
            TokenKind::Word(Some(_)) if self.at_comparison(1) => false,
            TokenKind::Word(_) | TokenKind::End | TokenKind::Comma | TokenKind::CloseParen | TokenKind::Semicolon => {
                true
            }
            _ => self.at_predicate(),
        };
        if !stays {
            self.advance();
        }
        expression
    }

    /// `events.sourceip`, `p."Process Name"`: AQL has one table, and no qualified names.
    fn qualified_name(&mut self, qualifier: Name) -> Expr {
        if let Some(file_name) = self.file_name() {
            return file_name;
        }
        let start = self.advance().span;
        let dot = self.advance().span;
        let span = Span::new(start.start, dot.end);
        let text = qualifier.text;
        if self.at(TokenKind::Star) && self.in_select_list {
            self.advance();
        }
        self.report(
            Diagnostic::error("qualified-name", span, format!("names are not qualified: there is no `{text}.`"))
                .with_note("a query reads one table, and its fields are named alone")
                .with_help(format!("leave out `{text}.`"))
                .with_fix(Safety::Unsafe, vec![(span, String::new())]),
        );
        let token = self.peek();
        match self.name_here() {
            Some(name) if matches!(self.peek_at(1).kind, TokenKind::OpenParen | TokenKind::DoubleColon) => {
                self.call(name)
            }
            Some(name) if self.peek_at(1).kind != TokenKind::Dot => {
                self.advance();
                Expr::new(ExprKind::Name(name), token.span)
            }
            _ => {
                self.skip_dots();
                Expr::new(ExprKind::Name(Name { text, quote: Quote::Double }), self.span_from(start.start))
            }
        }
    }

    /// `conhost.exe` without quotes: can only be a text.
    fn file_name(&mut self) -> Option<Expr> {
        let (first, dot, last) = (self.peek().span, self.peek_at(1).span, self.peek_at(2).span);
        let touches = first.end == dot.start && dot.end == last.start;
        if !touches || !FILE_EXTENSIONS.iter().any(|it| self.word_is(2, it)) {
            return None;
        }
        let span = first.to(last);
        let text = self.source(span).to_owned();
        for _ in 0..3 {
            self.advance();
        }
        let fix = format!("'{text}'");
        self.report(
            Diagnostic::warning("unquoted-text", span, format!("`{text}` stands without quotes"))
                .with_note("it is read as a text; QRadar may refuse it")
                .with_help("put it in single quotes")
                .with_fix(Safety::Safe, vec![(span, fix)]),
        );
        Some(Expr::new(ExprKind::Literal(Literal::Text(text)), span))
    }

    fn skip_dots(&mut self) {
        while self.name_here().is_some() && self.peek_at(1).kind == TokenKind::Dot {
            self.advance();
            self.advance();
        }
        if self.name_here().is_some() && self.clause_start().is_none() {
            self.advance();
        }
    }
}
