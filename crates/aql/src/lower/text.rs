//! Tests of text: each becomes one function call that holds its compiled patterns.

use std::borrow::Cow;

use datafusion_expr::Expr;
use schema::Type;

use super::LowerError;
use super::expr::{Lowered, unknown};
use crate::bound::{self, ExprKind, TextTest};
use crate::text::text_test;

/// The test of a lowered operand.
pub(super) fn test(operand: Expr, test: &TextTest) -> Lowered {
    if test.operand.value_type == Type::Null {
        return Ok(unknown());
    }
    let matcher = test.matcher().map_err(|error| LowerError::Refused {
        span: test.patterns.get(error.pattern).map_or(test.operand.span, |it| it.span),
        reason: error.reason,
    })?;
    let expr = text_test(operand, matcher);
    Ok(if test.negated { Expr::Not(Box::new(expr)) } else { expr })
}

/// The operands of an OR, where tests of the same text and case that are not negated have become one with all their
/// patterns; of an AND, those that are negated. The result is the same, unknown included: all are null together.
pub(super) fn fused(operands: &[bound::Expr], is_and: bool) -> Cow<'_, [bound::Expr]> {
    let fuses = |it: &bound::Expr| matches!(&it.kind, ExprKind::Text(test) if test.negated == is_and);
    if operands.iter().filter(|it| fuses(it)).count() < 2 {
        return Cow::Borrowed(operands);
    }
    let mut kept: Vec<bound::Expr> = Vec::with_capacity(operands.len());
    let mut tests: Vec<usize> = Vec::new();
    for operand in operands {
        let ExprKind::Text(test) = &operand.kind else {
            kept.push(operand.clone());
            continue;
        };
        let same = tests.iter().copied().find(|it| match &kept[*it].kind {
            ExprKind::Text(first) => first.case == test.case && first.operand == test.operand,
            _ => false,
        });
        if let Some(position) = same.filter(|_| test.negated == is_and) {
            if let ExprKind::Text(first) = &mut kept[position].kind {
                first.patterns.extend(test.patterns.iter().cloned());
            }
        } else {
            if test.negated == is_and {
                tests.push(kept.len());
            }
            kept.push(operand.clone());
        }
    }
    Cow::Owned(kept)
}
