//! Calls of functions.

use crate::ast::{Call, Expr, ExprKind, Name};
use crate::token::{Keyword, TokenKind};
use crate::{Diagnostic, Node, Safety, Span};

use super::cursor::Parser;

impl Parser<'_> {
    /// `name(args)`, `NS::name(args)`, `COUNT(*)`; the first part of the name stands here.
    pub(super) fn call(&mut self, first: Name) -> Expr {
        let start = self.advance().span;
        let mut name = first.text;
        while self.accept(TokenKind::DoubleColon) {
            let Some(part) = self.name_here() else {
                self.expected("the name of a function");
                return self.error_expression(start.start);
            };
            self.advance();
            name.push_str("::");
            name.push_str(&part.text);
        }
        let name = Node::new(name, self.span_from(start.start));
        let opening = self.peek().span;
        if !self.open("`(`") {
            return self.error_expression(start.start);
        }
        let in_select_list = std::mem::replace(&mut self.in_select_list, false);
        let (args, star) = self.arguments(&name, opening);
        self.in_select_list = in_select_list;
        let call = ExprKind::Call(Call { name, args, star });
        let expression = Expr::new(call, self.span_from(start.start));
        if self.word_is(0, "OVER") && self.peek_at(1).kind == TokenKind::OpenParen {
            self.report_window();
        }
        expression
    }

    /// The arguments and the closing parenthesis; whether they are a single star.
    fn arguments(&mut self, name: &Node<String>, opening: Span) -> (Vec<Expr>, bool) {
        if self.accept(TokenKind::CloseParen) {
            return (Vec::new(), false);
        }
        if self.at(TokenKind::Star) && self.peek_at(1).kind == TokenKind::CloseParen {
            self.advance();
            self.advance();
            return (Vec::new(), true);
        }
        let distinct = self.word_is(0, "DISTINCT") && self.begins_operand(1);
        let distinct = distinct.then(|| self.advance().span);
        let args = self.expression_list();
        self.foreign_argument_end();
        self.close(opening);
        if let Some(distinct) = distinct {
            self.report_distinct_argument(name, distinct, args.first());
        }
        (args, false)
    }

    /// Whether the token `ahead` can only begin an operand, not go on with one.
    pub(super) fn begins_operand(&self, ahead: usize) -> bool {
        match self.peek_at(ahead).kind {
            TokenKind::Word(Some(keyword)) => matches!(keyword, Keyword::Case | Keyword::If) || !keyword.is_reserved(),
            TokenKind::Word(None)
            | TokenKind::ForeignWord
            | TokenKind::QuotedName
            | TokenKind::Text
            | TokenKind::Integer
            | TokenKind::Hex
            | TokenKind::Decimal => true,
            _ => false,
        }
    }

    fn report_distinct_argument(&mut self, name: &Node<String>, distinct: Span, argument: Option<&Expr>) {
        let is_count = name.value.eq_ignore_ascii_case("COUNT");
        let message = format!("`{}` takes no `DISTINCT`", name.value);
        let diagnostic = Diagnostic::error("distinct-argument", distinct, message);
        let Some(argument) = argument.filter(|_| is_count) else {
            return self.report(diagnostic.with_note("only UNIQUECOUNT and DISTINCTCOUNT count distinct values"));
        };
        let edits = vec![
            (name.span, "UNIQUECOUNT".to_owned()),
            (Span::new(distinct.start, argument.span.start.max(distinct.end)), String::new()),
        ];
        self.report(diagnostic.with_help("use `UNIQUECOUNT(x)`").with_fix(Safety::Safe, edits));
    }
}
