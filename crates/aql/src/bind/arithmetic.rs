//! Arithmetic and bits (`reference/aql.md` section 3.3): `/` floats, `^` is power, bits need whole numbers.

use schema::Type;
use syntax::ast::{self, BinaryOperator, ExprKind as Ast, Name, Quote, UnaryOperator};
use syntax::{Diagnostic, Span};

use super::{Binder, type_name};
use crate::bound::{Expr, ExprKind, Literal};

impl<'q> Binder<'_, '_, 'q> {
    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &'q ast::Expr,
        right: &'q ast::Expr,
        span: Span,
    ) -> Expr {
        let operator = match operator {
            BinaryOperator::Hyphen => match self.hyphenated(left, right, span) {
                Some(name) => return name,
                None => BinaryOperator::Subtract,
            },
            other => other,
        };
        let (left, right) = (self.expr(left), self.expr(right));
        let needs_whole = matches!(
            operator,
            BinaryOperator::ShiftLeft
                | BinaryOperator::ShiftRight
                | BinaryOperator::ShiftRightUnsigned
                | BinaryOperator::BitAnd
                | BinaryOperator::BitXor
                | BinaryOperator::BitOr
        );
        let left = self.number(left, needs_whole);
        let right = self.number(right, needs_whole);
        let value_type = result_type(operator, left.value_type, right.value_type);
        Expr::new(ExprKind::Binary(operator, Box::new(left), Box::new(right)), value_type, span)
    }

    /// `Bluecoat-cs-host`: one name when a field, alias or declared property is called so, or when a piece of it means
    /// nothing by itself. Else it is a subtraction.
    fn hyphenated(&mut self, left: &ast::Expr, right: &ast::Expr, span: Span) -> Option<Expr> {
        let pieces = pieces(left)?.into_iter().chain(pieces(right)?).collect::<Vec<_>>();
        let text = pieces.join("-");
        let is_known = |it: &String| it.bytes().all(|it| it.is_ascii_digit()) || self.has_name(it);
        let is_one_name = self.has_name(&text) || !pieces.iter().all(is_known);
        is_one_name.then(|| self.name(&Name { text, quote: Quote::Double }, span))
    }

    pub(super) fn unary_number(&mut self, operator: UnaryOperator, operand: Expr, span: Span) -> Expr {
        let operand = self.number(operand, operator == UnaryOperator::BitNot);
        match (operator, &operand.kind) {
            (UnaryOperator::Plus, _) => operand,
            (UnaryOperator::Minus, ExprKind::Literal(Literal::Integer(value))) => {
                Expr::literal(Literal::Integer(value.wrapping_neg()), span)
            }
            (UnaryOperator::Minus, ExprKind::Literal(Literal::Double(value))) => {
                Expr::literal(Literal::Double(-value), span)
            }
            _ => {
                let value_type = if operand.value_type == Type::Double { Type::Double } else { Type::Integer };
                Expr::new(ExprKind::Unary(operator, Box::new(operand)), value_type, span)
            }
        }
    }

    /// The operand as a number.
    fn number(&mut self, operand: Expr, needs_whole: bool) -> Expr {
        let wanted = if needs_whole { Type::Integer } else { Type::Double };
        match operand.value_type {
            Type::Double if needs_whole => operand.converted(Type::Integer),
            Type::Integer | Type::Double | Type::Time | Type::Port | Type::Null => operand,
            Type::Boolean => operand.converted(Type::Integer),
            Type::Text if operand.as_text().is_some() => self.number_of_text(&operand),
            Type::Text if self.is_property(&operand) => operand.converted(wanted),
            other => {
                let message = format!("wrong argument type `{}`, a number is required", type_name(other));
                let diagnostic = Diagnostic::error("wrong-argument-type", operand.span, message);
                let written = self.context.source(operand.span);
                let help = match other {
                    Type::Host => format!("LONG({written}) is the number of an IPv4 address"),
                    _ => format!("DOUBLE({written}) reads a number from text"),
                };
                self.context.say(diagnostic.with_help(help));
                Expr::null(operand.span)
            }
        }
    }

    /// A quoted number.
    fn number_of_text(&mut self, operand: &Expr) -> Expr {
        if let Some(literal) = number_literal(operand.as_text().unwrap_or_default()) {
            return Expr::literal(literal, operand.span);
        }
        let message = format!("{} is not a number", self.context.source(operand.span));
        self.context.say(Diagnostic::error("wrong-argument-type", operand.span, message));
        Expr::null(operand.span)
    }
}

/// The number that a text says.
pub(super) fn number_literal(text: &str) -> Option<Literal> {
    let text = text.trim();
    let whole = text.parse::<i64>().ok().map(Literal::Integer);
    whole.or_else(|| text.parse::<f64>().ok().filter(|it| it.is_finite()).map(Literal::Double))
}

/// The names of a chain of hyphens; none when something else stands in it.
fn pieces(expr: &ast::Expr) -> Option<Vec<String>> {
    match &expr.value {
        Ast::Name(name) if name.quote == Quote::None => Some(vec![name.text.clone()]),
        Ast::Literal(ast::Literal::Integer { value, hex: false }) => Some(vec![value.to_string()]),
        Ast::Binary(BinaryOperator::Hyphen, left, right) => {
            Some(pieces(left)?.into_iter().chain(pieces(right)?).collect())
        }
        _ => None,
    }
}

/// The type of the result: whole numbers stay whole but for `/` and `^`; a moment moved by a number is a moment.
fn result_type(operator: BinaryOperator, left: Type, right: Type) -> Type {
    let is_double = left == Type::Double || right == Type::Double;
    match operator {
        BinaryOperator::Divide | BinaryOperator::Power => Type::Double,
        _ if is_double => Type::Double,
        BinaryOperator::Add | BinaryOperator::Subtract if (left == Type::Time) != (right == Type::Time) => Type::Time,
        _ => Type::Integer,
    }
}
