//! Tests of text: each becomes one function call that holds its compiled patterns.

use datafusion_expr::Expr;
use schema::Type;

use super::LowerError;
use super::expr::{Lowered, unknown};
use crate::bound::TextTest;
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
