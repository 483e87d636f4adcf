//! CASE and IF. The simple CASE becomes the searched one; the values take one type.

use schema::Type;
use syntax::ast::{self, CompareOperator};
use syntax::{Diagnostic, Span};

use super::{Binder, type_name};
use crate::bound::{Expr, ExprKind};

impl<'q> Binder<'_, '_, 'q> {
    pub(super) fn case(
        &mut self,
        operand: Option<&'q ast::Expr>,
        arms: &'q [(ast::Expr, ast::Expr)],
        otherwise: Option<&'q ast::Expr>,
        span: Span,
    ) -> Expr {
        let operand = operand.map(|it| self.expr(it));
        let mut bound = Vec::with_capacity(arms.len());
        for (when, then) in arms {
            let condition = match &operand {
                Some(operand) => {
                    let value = self.expr(when);
                    self.compare(CompareOperator::Equal, operand.clone(), value, when.span)
                }
                None => self.condition(when),
            };
            bound.push((condition, self.expr(then)));
        }
        let otherwise = otherwise.map(|it| self.expr(it));
        self.choice(bound, otherwise, span)
    }

    pub(super) fn if_else(
        &mut self,
        condition: &'q ast::Expr,
        then: &'q ast::Expr,
        otherwise: &'q ast::Expr,
        span: Span,
    ) -> Expr {
        let arm = (self.condition(condition), self.expr(then));
        let otherwise = self.expr(otherwise);
        self.choice(vec![arm], Some(otherwise), span)
    }

    /// The choice, its values in their common type.
    fn choice(&mut self, arms: Vec<(Expr, Expr)>, otherwise: Option<Expr>, span: Span) -> Expr {
        let mut value_type = Type::Null;
        for value in arms.iter().map(|(_, value)| value).chain(&otherwise) {
            let Some(common) = common_type(value_type, value.value_type) else {
                let (one, other) = (type_name(value_type), type_name(value.value_type));
                let message = format!("the values of one choice have the types `{one}` and `{other}`");
                self.context.say(Diagnostic::error("mixed-types", value.span, message));
                return Expr::null(span);
            };
            value_type = common;
        }
        let arms = arms.into_iter().map(|(condition, value)| (condition, value.converted(value_type))).collect();
        let otherwise = otherwise.map(|it| Box::new(it.converted(value_type)));
        Expr::new(ExprKind::Case { arms, otherwise }, value_type, span)
    }
}

/// The type that can hold values of both.
pub(super) fn common_type(one: Type, other: Type) -> Option<Type> {
    let is_listed = |it: Type| matches!(it, Type::Integers | Type::Texts | Type::Structure);
    match (one, other) {
        _ if one == other => Some(one),
        (Type::Null, other) | (other, Type::Null) => Some(other),
        _ if is_listed(one) || is_listed(other) => None,
        (Type::Double, other) | (other, Type::Double) if other.is_numeric() => Some(Type::Double),
        _ if one.is_numeric() && other.is_numeric() => Some(Type::Integer),
        _ => Some(Type::Text),
    }
}
