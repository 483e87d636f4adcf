//! Expressions by precedence: operators and what stands before them.

use crate::ast::{BinaryOperator, Expr, ExprKind, Literal, UnaryOperator};
use crate::precedence;
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Span};

use super::cursor::Parser;

/// An operator between two operands.
#[derive(Clone, Copy)]
enum Infix {
    Or,
    And,
    /// A comparison or its kin, read by `predicate`.
    Predicate,
    Binary(BinaryOperator),
}

impl Infix {
    const fn precedence(self) -> u8 {
        match self {
            Self::Or => precedence::OR,
            Self::And => precedence::AND,
            Self::Predicate => precedence::PREDICATE,
            Self::Binary(operator) => precedence::of_binary(operator),
        }
    }
}

impl Parser<'_> {
    /// A full expression, boolean or not.
    pub(super) fn expression(&mut self) -> Expr {
        self.expression_at(precedence::OR)
    }

    /// An expression whose outermost operator binds at least as tightly as `minimum`.
    pub(super) fn expression_at(&mut self, minimum: u8) -> Expr {
        let start = self.peek().span.start;
        if !self.enter(1) {
            return self.error_expression(start);
        }
        let outer_height = std::mem::take(&mut self.height);
        let first = self.prefix();
        if !matches!(first.value, ExprKind::Literal(_) | ExprKind::Name(_)) {
            self.grow();
        }
        let expression = self.operators(first, start, minimum);
        self.height = outer_height.max(self.height);
        self.leave(1);
        expression
    }

    fn operators(&mut self, first: Expr, start: usize, minimum: u8) -> Expr {
        let mut left = first;
        let mut has_predicate = false;
        while let Some(infix) = self.next_infix().filter(|it| it.precedence() >= minimum) {
            left = match infix {
                Infix::Or => self.chain(left, start, Keyword::Or),
                Infix::And => self.chain(left, start, Keyword::And),
                Infix::Predicate => {
                    if has_predicate {
                        self.report_chained_comparison();
                    }
                    self.predicate(left, start)
                }
                Infix::Binary(operator) => self.binary(left, start, operator),
            };
            has_predicate = matches!(infix, Infix::Predicate);
            if !self.grow() {
                self.skip_balanced(false);
                return self.error_expression(start);
            }
        }
        left
    }

    /// The operator here; a misspelt one is reported and read as what was meant.
    fn next_infix(&mut self) -> Option<Infix> {
        if !self.in_select_list && self.foreign_operator().is_none() {
            self.correct_operator();
        }
        self.infix()
    }

    fn infix(&self) -> Option<Infix> {
        let operator = match self.peek().kind {
            TokenKind::Word(Some(Keyword::Or)) => return Some(Infix::Or),
            TokenKind::Word(Some(Keyword::And)) => return Some(Infix::And),
            TokenKind::Pipe => BinaryOperator::BitOr,
            TokenKind::Hash => BinaryOperator::BitXor,
            TokenKind::Ampersand => BinaryOperator::BitAnd,
            TokenKind::ShiftLeft => BinaryOperator::ShiftLeft,
            TokenKind::ShiftRight => BinaryOperator::ShiftRight,
            TokenKind::ShiftRightUnsigned => BinaryOperator::ShiftRightUnsigned,
            TokenKind::Plus => BinaryOperator::Add,
            TokenKind::Minus if self.joins_names() => BinaryOperator::Hyphen,
            TokenKind::Minus => BinaryOperator::Subtract,
            TokenKind::Star => BinaryOperator::Multiply,
            TokenKind::Slash => BinaryOperator::Divide,
            TokenKind::Percent => BinaryOperator::Modulo,
            TokenKind::Caret => BinaryOperator::Power,
            _ => return self.at_predicate().then_some(Infix::Predicate),
        };
        Some(Infix::Binary(operator))
    }

    /// Whether the sign here touches a bare name on either side: `Bluecoat-cs-host`.
    fn joins_names(&self) -> bool {
        let sign = self.peek().span;
        let next = self.peek_at(1);
        let is_name =
            |kind| matches!(kind, TokenKind::Word(keyword) if keyword.is_none_or(|it: Keyword| !it.is_reserved()));
        let touches_left = self.previous().is_some_and(|it| it.span.end == sign.start && is_name(it.kind));
        let touches_right = next.span.start == sign.end && is_name(next.kind);
        let is_call = matches!(self.peek_at(2).kind, TokenKind::OpenParen | TokenKind::DoubleColon);
        touches_left && touches_right && !is_call
    }

    fn binary(&mut self, left: Expr, start: usize, operator: BinaryOperator) -> Expr {
        self.advance();
        let own = precedence::of_binary(operator);
        let right = if operator == BinaryOperator::Power { own } else { own + 1 };
        let right = self.expression_at(right);
        Expr::new(ExprKind::Binary(operator, Box::new(left), Box::new(right)), self.span_from(start))
    }

    /// The rest of a chain of AND or OR, as one flat list.
    fn chain(&mut self, first: Expr, start: usize, keyword: Keyword) -> Expr {
        let (own, build): (u8, fn(Vec<Expr>) -> ExprKind) = match keyword {
            Keyword::And => (precedence::AND, ExprKind::And),
            _ => (precedence::OR, ExprKind::Or),
        };
        let mut operands = vec![first];
        while self.accept_keyword(keyword) {
            operands.push(self.expression_at(own + 1));
        }
        Expr::new(build(operands), self.span_from(start))
    }

    /// NOT, signs and what needs no operator.
    fn prefix(&mut self) -> Expr {
        let token = self.peek();
        let operator = match token.kind {
            TokenKind::Word(Some(Keyword::Not)) => return self.not(token.span),
            TokenKind::Minus if self.at_least_integer() => return self.least_integer(),
            TokenKind::Minus => UnaryOperator::Minus,
            TokenKind::Plus => UnaryOperator::Plus,
            TokenKind::Tilde => UnaryOperator::BitNot,
            _ => return self.primary(),
        };
        self.advance();
        let operand = self.expression_at(precedence::UNARY);
        Expr::new(ExprKind::Unary(operator, Box::new(operand)), self.span_from(token.span.start))
    }

    /// Whether the least integer stands here, whose digits without the sign are too large.
    fn at_least_integer(&self) -> bool {
        let digits = self.peek_at(1);
        let is_least = digits.kind == TokenKind::Integer
            && self.source(digits.span).parse().is_ok_and(|it: u64| it == i64::MIN.unsigned_abs());
        is_least && self.peek_at(2).kind != TokenKind::Caret
    }

    fn least_integer(&mut self) -> Expr {
        let start = self.advance().span;
        let span = start.to(self.advance().span);
        Expr::new(ExprKind::Literal(Literal::Integer { value: i64::MIN, hex: false }), span)
    }

    /// `a = b = c`
    fn report_chained_comparison(&mut self) {
        let span = self.peek().span;
        self.report(
            Diagnostic::error("chained-comparison", span, "comparisons cannot be chained")
                .with_help("join two comparisons with AND, or put one of them in parentheses"),
        );
    }

    fn not(&mut self, not: Span) -> Expr {
        self.advance();
        let operand = self.expression_at(precedence::NOT);
        Expr::new(ExprKind::Not(Box::new(operand)), self.span_from(not.start))
    }

    /// One or more expressions between commas. An element that is missing is reported.
    pub(super) fn expression_list(&mut self) -> Vec<Expr> {
        let start = self.peek().span.start;
        if !self.enter(1) {
            return vec![self.error_expression(start)];
        }
        let mut list = vec![self.expression()];
        while self.at(TokenKind::Comma) {
            let comma = self.advance().span;
            if self.at(TokenKind::CloseParen) || self.clause_start().is_some() {
                self.report_trailing_comma(comma);
                break;
            }
            list.push(self.expression());
        }
        self.leave(1);
        list
    }
}
