//! Marks of expressions.

use crate::Span;
use crate::ast::{BinaryOperator, Call, Expr, ExprKind, InList, Literal, TextPattern, UnaryOperator};
use crate::precedence;
use crate::token::{Keyword, TokenKind};

use super::marks::{BreakKind, Marker, Spelling};

impl Marker<'_> {
    pub(super) fn expression(&mut self, expression: &Expr) {
        match &expression.value {
            ExprKind::Literal(Literal::Boolean(_) | Literal::Null) | ExprKind::TextSearch(_) | ExprKind::Error => {}
            ExprKind::Literal(_) | ExprKind::Name(_) => self.keep(expression.span),
            ExprKind::Call(call) => self.call(call, expression.span),
            ExprKind::Unary(operator, operand) => self.unary(*operator, operand, expression.span),
            ExprKind::Binary(..) => self.binary(expression),
            ExprKind::And(operands) | ExprKind::Or(operands) => self.chain(operands, expression.span),
            ExprKind::Not(operand) | ExprKind::IsNull { operand, .. } => self.expression(operand),
            ExprKind::Compare(_, left, right) => {
                self.tested(left);
                self.expression(right);
            }
            ExprKind::In { operand, list, .. } => {
                self.tested(operand);
                let opening = self.list_of(operand.span, Keyword::In);
                match list {
                    InList::Values(values) => self.list(values, opening),
                    InList::Query(query) => self.subselect(query, opening),
                }
            }
            ExprKind::Between { operand, low, high, .. } => {
                self.tested(operand);
                self.expression(low);
                self.expression(high);
            }
            ExprKind::Text { operand, pattern, .. } => {
                self.tested(operand);
                match pattern {
                    TextPattern::One(pattern) => self.expression(pattern),
                    TextPattern::Any(patterns) => {
                        let opening = self.list_of(operand.span, Keyword::Any);
                        self.list(patterns, opening);
                    }
                }
            }
            ExprKind::Case { operand, arms, otherwise } => {
                self.case(operand.as_deref(), arms, otherwise.as_deref(), expression.span);
            }
            ExprKind::If { condition, then, otherwise } => {
                self.if_expression([condition, then, otherwise], expression.span);
            }
        }
    }

    /// What a predicate tests: a call is not torn apart because its pattern is long.
    fn tested(&mut self, operand: &Expr) {
        self.expression(operand);
        if let ExprKind::Call(call) = &operand.value
            && !call.args.is_empty()
        {
            self.stay(self.at(operand.span.start));
        }
    }

    /// Operands of AND or OR: a line each, or all on one.
    fn chain(&mut self, operands: &[Expr], span: Span) {
        self.row(span);
        for (position, operand) in operands.iter().enumerate() {
            if position > 0 {
                self.line_break(self.word_before(operand.span), BreakKind::Soft, 0);
            }
            self.expression(operand);
        }
    }

    fn row(&mut self, span: Span) {
        let (first, last) = (self.at(span.start), self.before(span.end));
        self.group(first, last, self.levels_of_row(first, last));
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &Expr, span: Span) {
        let next = self.at(span.start) + 1;
        // Two signs together would begin a comment.
        if operator != UnaryOperator::Minus || self.kind(next) != TokenKind::Minus {
            self.tight(next);
        }
        self.expression(operand);
    }

    /// Operators of one precedence in a row: a line each, or all on one.
    fn binary(&mut self, expression: &Expr) {
        let mut operators = Vec::new();
        let mut leftmost = expression;
        let mut own = None;
        while let ExprKind::Binary(operator, left, right) = &leftmost.value {
            let level = precedence::of_binary(*operator);
            let begins_together = leftmost.span.start == expression.span.start;
            if own.is_some_and(|it| it != level) || !begins_together {
                break;
            }
            own = Some(level);
            operators.push((*operator, right));
            leftmost = left;
        }
        self.row(expression.span);
        self.expression(leftmost);
        for (operator, right) in operators.into_iter().rev() {
            let sign = self.word_before(right.span);
            match operator {
                BinaryOperator::Hyphen => {
                    self.tight(sign);
                    self.tight(sign + 1);
                }
                BinaryOperator::Power => {}
                _ => self.line_break(sign, BreakKind::Soft, 0),
            }
            self.expression(right);
        }
    }

    /// The parenthesis behind a keyword that follows an operand.
    fn list_of(&mut self, operand: Span, keyword: Keyword) -> usize {
        let mut index = self.word_after(operand);
        while !self.is_keyword(index, keyword) && self.kind(index) != TokenKind::End {
            index += 1;
        }
        index + 1
    }

    /// Values in parentheses. Simple ones fill the lines, others have a line each.
    fn list(&mut self, values: &[Expr], opening: usize) {
        let closing = self.partner(opening);
        self.list_parenthesis(opening);
        let before = self.breaks;
        self.group(opening, closing, 0);
        let starts = self.values(values, opening, closing);
        let kind = if self.breaks == before { BreakKind::Fill } else { BreakKind::Soft };
        if values.len() > 1 || self.breaks > before {
            self.break_list(&starts, closing, kind);
        }
    }

    /// Marks values between commas as groups; gives the token with which each begins.
    fn values(&mut self, values: &[Expr], opening: usize, closing: usize) -> Vec<usize> {
        let mut start = opening + 1;
        let mut starts = Vec::with_capacity(values.len());
        for (position, value) in values.iter().enumerate() {
            let is_last = position + 1 == values.len();
            let end = if is_last { closing.saturating_sub(1) } else { self.word_after(value.span) };
            starts.push(start);
            self.group(start, end, 1);
            self.expression(value);
            start = end + 1;
        }
        starts
    }

    fn break_list(&mut self, starts: &[usize], closing: usize, kind: BreakKind) {
        for (position, start) in starts.iter().enumerate() {
            self.line_break(*start, if position == 0 { BreakKind::Soft } else { kind }, 1);
        }
        self.line_break(closing, BreakKind::Soft, 0);
    }

    fn call(&mut self, call: &Call, span: Span) {
        let (first, last) = (self.at(call.name.span.start), self.before(call.name.span.end));
        self.keep(call.name.span);
        self.function_name(first, last, &call.name.value);
        let (opening, closing) = (last + 1, self.before(span.end));
        self.call_parenthesis(opening);
        if call.args.is_empty() {
            return;
        }
        let before = self.breaks;
        self.group(first, closing, 0);
        let starts = self.values(&call.args, opening, closing);
        if call.args.len() > 1 || self.breaks > before {
            self.break_list(&starts, closing, BreakKind::Soft);
        }
    }

    /// The usual spelling of a function, where its name stands without quotes.
    fn function_name(&mut self, first: usize, last: usize, name: &str) {
        let Some(name) = (self.function_name)(name) else { return };
        let words: Vec<_> = (first..=last).step_by(2).collect();
        let parts: Vec<_> = name.split("::").collect();
        let is_same = |(word, part): (&usize, &&str)| self.source(*word).eq_ignore_ascii_case(part);
        if words.len() == parts.len() && words.iter().zip(&parts).all(is_same) {
            for (word, part) in words.into_iter().zip(parts) {
                self.spell(word, Spelling::As(part));
            }
        }
    }

    fn case(&mut self, operand: Option<&Expr>, arms: &[(Expr, Expr)], otherwise: Option<&Expr>, span: Span) {
        let (first, end) = (self.at(span.start), self.before(span.end));
        let kind = if arms.len() > 1 { BreakKind::Hard } else { BreakKind::Soft };
        self.group(first, end, 0);
        if let Some(operand) = operand {
            self.expression(operand);
        }
        let starts: Vec<_> = arms.iter().map(|(condition, _)| self.word_before(condition.span)).collect();
        let otherwise_start = otherwise.map_or(end, |it| self.word_before(it.span));
        for (position, (condition, value)) in arms.iter().enumerate() {
            let (when, then) = (starts[position], self.word_before(value.span));
            let last = starts.get(position + 1).copied().unwrap_or(otherwise_start).saturating_sub(1);
            self.line_break(when, kind, 1);
            self.group(when, last, 1);
            self.expression(condition);
            self.line_break(then, BreakKind::Soft, 1);
            self.group(then, last, 1);
            self.expression(value);
        }
        if let Some(otherwise) = otherwise {
            self.line_break(otherwise_start, kind, 1);
            self.group(otherwise_start, end.saturating_sub(1), 1);
            self.expression(otherwise);
        }
        self.line_break(end, kind, 0);
    }

    fn if_expression(&mut self, parts: [&Expr; 3], span: Span) {
        let (first, last) = (self.at(span.start), self.before(span.end));
        let [condition, then, otherwise] = parts;
        let (then_word, else_word) = (self.word_before(then.span), self.word_before(otherwise.span));
        self.group(first, last, 0);
        self.expression(condition);
        self.line_break(then_word, BreakKind::Soft, 1);
        self.group(then_word, else_word.saturating_sub(1), 1);
        self.expression(then);
        self.line_break(else_word, BreakKind::Soft, 1);
        self.group(else_word, last, 1);
        self.expression(otherwise);
    }
}
