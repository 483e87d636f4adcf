//! How tightly operators bind, shared by parser and printer (`reference/aql.md` sections 2 and 3.3).

use crate::ast::{BinaryOperator, ExprKind, Literal};

/// `IF` reaches to the end of what follows it, so it stands in parentheses beside any operator.
pub(crate) const LOWEST: u8 = 0;
pub(crate) const OR: u8 = 1;
pub(crate) const AND: u8 = 2;
pub(crate) const NOT: u8 = 3;
/// Comparisons and their kin; they do not chain.
pub(crate) const PREDICATE: u8 = 4;
/// The loosest operator on values: operands of predicates.
pub(crate) const VALUE: u8 = 5;
pub(crate) const UNARY: u8 = 12;
pub(crate) const PRIMARY: u8 = 13;

/// How tightly an operator on values binds.
pub(crate) const fn of_binary(operator: BinaryOperator) -> u8 {
    match operator {
        BinaryOperator::BitOr => VALUE,
        BinaryOperator::BitXor => 6,
        BinaryOperator::BitAnd => 7,
        BinaryOperator::ShiftLeft | BinaryOperator::ShiftRight | BinaryOperator::ShiftRightUnsigned => 8,
        BinaryOperator::Add | BinaryOperator::Subtract | BinaryOperator::Hyphen => 9,
        BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Modulo => 10,
        BinaryOperator::Power => 11,
    }
}

/// How tightly the outermost operator of an expression binds.
pub(crate) fn of(kind: &ExprKind) -> u8 {
    match kind {
        ExprKind::If { .. } => LOWEST,
        ExprKind::Or(_) => OR,
        ExprKind::And(_) => AND,
        ExprKind::Not(_) => NOT,
        ExprKind::Compare(..)
        | ExprKind::In { .. }
        | ExprKind::Between { .. }
        | ExprKind::Text { .. }
        | ExprKind::IsNull { .. }
        | ExprKind::TextSearch(_) => PREDICATE,
        ExprKind::Binary(operator, ..) => of_binary(*operator),
        ExprKind::Unary(..) => UNARY,
        ExprKind::Literal(Literal::Integer { value, .. }) if *value < 0 => UNARY,
        ExprKind::Literal(Literal::Decimal(value)) if *value < 0.0 => UNARY,
        ExprKind::Literal(_) | ExprKind::Name(_) | ExprKind::Call(_) | ExprKind::Case { .. } | ExprKind::Error => {
            PRIMARY
        }
    }
}
