//! Binding of one expression: every kind has its own small rule, most of them in a module of their own.

use schema::Type;
use syntax::Diagnostic;
use syntax::ast::{self, ExprKind as Ast, Literal as AstLiteral, UnaryOperator};

use super::Binder;
use crate::bound::{Expr, ExprKind, Literal};

impl<'q> Binder<'_, '_, 'q> {
    /// The bound form of an expression. What has no meaning is null, and a diagnostic says why.
    pub(super) fn expr(&mut self, expr: &'q ast::Expr) -> Expr {
        let span = expr.span;
        if !self.context.spend(1, span) {
            return Expr::null(span);
        }
        match &expr.value {
            Ast::Literal(literal) => Expr::literal(self.literal(literal), span),
            Ast::Name(name) => self.name(name, span),
            Ast::Call(call) => self.call(call, span),
            Ast::Unary(operator, operand) => self.unary(*operator, operand, span),
            Ast::Binary(operator, left, right) => self.binary(*operator, left, right, span),
            Ast::And(operands) => self.connected(operands, true, span),
            Ast::Or(operands) => self.connected(operands, false, span),
            Ast::Not(operand) => {
                let operand = self.condition(operand);
                Self::not(operand, span)
            }
            Ast::Compare(operator, left, right) => self.comparison(*operator, left, right, span),
            Ast::In { operand, list, negated } => self.in_list(operand, list, *negated, span),
            Ast::Between { operand, low, high, negated } => self.between(operand, (low, high), *negated, span),
            Ast::Text { operand, operator, pattern, negated } => {
                let test = self.text_test(operand, *operator, pattern, span);
                if *negated { Self::not(test, span) } else { test }
            }
            Ast::IsNull { operand, negated } => {
                let operand = Box::new(self.expr(operand));
                Expr::new(ExprKind::IsNull { operand, negated: *negated }, Type::Boolean, span)
            }
            Ast::TextSearch(text) => self.text_search(text, span),
            Ast::Case { operand, arms, otherwise } => self.case(operand.as_deref(), arms, otherwise.as_deref(), span),
            Ast::If { condition, then, otherwise } => self.if_else(condition, then, otherwise, span),
            Ast::Error => Expr::null(span),
        }
    }

    /// The constant for a literal of the text.
    pub(super) fn literal(&self, literal: &AstLiteral) -> Literal {
        match literal {
            AstLiteral::Text(text) => Literal::Text(self.context.options.escapes.read(text).into_owned()),
            AstLiteral::Integer { value, .. } => Literal::Integer(*value),
            AstLiteral::Decimal(value) => Literal::Double(*value),
            AstLiteral::Boolean(value) => Literal::Boolean(*value),
            AstLiteral::Null => Literal::Null,
        }
    }

    /// An expression that must be true or false.
    pub(super) fn condition(&mut self, expr: &'q ast::Expr) -> Expr {
        let bound = self.expr(expr);
        match bound.value_type {
            Type::Boolean | Type::Null => bound,
            Type::Text if self.is_property(&bound) => bound.converted(Type::Boolean),
            other if other.is_numeric() => {
                let message = format!("a `{}` stands where a condition is needed", super::type_name(other));
                let diagnostic = crate::lints::NUMBER_AS_CONDITION
                    .at(bound.span, message)
                    .with_label("read as: not 0")
                    .with_help("write the comparison, such as `> 0`");
                self.context.say(diagnostic);
                let span = bound.span;
                let zero = Expr::literal(Literal::Integer(0), span);
                Expr::new(
                    ExprKind::Compare(ast::CompareOperator::NotEqual, Box::new(bound), Box::new(zero)),
                    Type::Boolean,
                    span,
                )
            }
            other => {
                let message = format!("a condition is needed, this is a `{}`", super::type_name(other));
                self.context.say(Diagnostic::error("not-a-condition", bound.span, message));
                Expr::null(bound.span)
            }
        }
    }

    /// AND or OR of conditions, flat.
    fn connected(&mut self, operands: &'q [ast::Expr], is_and: bool, span: syntax::Span) -> Expr {
        let mut flat = Vec::with_capacity(operands.len());
        for operand in operands {
            let bound = self.condition(operand);
            match (bound.kind, is_and) {
                (ExprKind::And(inner), true) | (ExprKind::Or(inner), false) => flat.extend(inner),
                (kind, _) => flat.push(Expr { kind, ..bound }),
            }
        }
        Self::connect(flat, is_and, span)
    }

    /// AND or OR of bound conditions, of which none is of the same kind.
    pub(super) fn connect(mut operands: Vec<Expr>, is_and: bool, span: syntax::Span) -> Expr {
        match operands.len() {
            0 => Expr::literal(Literal::Boolean(is_and), span),
            1 => operands.remove(0),
            _ if is_and => Expr::new(ExprKind::And(operands), Type::Boolean, span),
            _ => Expr::new(ExprKind::Or(operands), Type::Boolean, span),
        }
    }

    /// The negation of a condition; it goes into the tests that can carry it. Unknown stays unknown.
    pub(super) fn not(operand: Expr, span: syntax::Span) -> Expr {
        use syntax::ast::CompareOperator as Compare;
        let kind = match operand.kind {
            ExprKind::Not(inner) => return *inner,
            ExprKind::Text(mut test) => {
                test.negated = !test.negated;
                ExprKind::Text(test)
            }
            ExprKind::In { operand, list, negated } => ExprKind::In { operand, list, negated: !negated },
            ExprKind::InQuery { operand, query, negated } => ExprKind::InQuery { operand, query, negated: !negated },
            ExprKind::IsNull { operand, negated } => ExprKind::IsNull { operand, negated: !negated },
            ExprKind::Compare(operator, left, right) => {
                let turned = match operator {
                    Compare::Equal => Compare::NotEqual,
                    Compare::NotEqual => Compare::Equal,
                    Compare::Less => Compare::GreaterOrEqual,
                    Compare::LessOrEqual => Compare::Greater,
                    Compare::Greater => Compare::LessOrEqual,
                    Compare::GreaterOrEqual => Compare::Less,
                };
                ExprKind::Compare(turned, left, right)
            }
            kind => ExprKind::Not(Box::new(Expr { kind, ..operand })),
        };
        Expr::new(kind, Type::Boolean, span)
    }

    fn unary(&mut self, operator: UnaryOperator, operand: &'q ast::Expr, span: syntax::Span) -> Expr {
        let operand = self.expr(operand);
        self.unary_number(operator, operand, span)
    }
}
