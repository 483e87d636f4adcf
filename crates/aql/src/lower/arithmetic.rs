//! Arithmetic and bits. Division and remainder by zero are null; whole numbers wrap as in Java.

use std::sync::Arc;

use datafusion_common::arrow::array::{ArrayRef, AsArray, Int64Array};
use datafusion_common::arrow::compute::kernels::arity::binary as binary_kernel;
use datafusion_common::arrow::datatypes::{DataType, Int64Type};
use datafusion_common::{Result, ScalarValue, plan_err};
use datafusion_expr::{
    ColumnarValue, Expr, Operator, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility, lit,
};
use datafusion_functions::core::expr_fn::nullif;
use datafusion_functions::math::expr_fn::power;
use schema::Type;
use syntax::ast::{BinaryOperator, UnaryOperator};

use super::expr::{Lowered, Lowerer, binary, converted, typed_null};
use crate::bound;

impl Lowerer<'_> {
    pub(super) fn unary(&mut self, operator: UnaryOperator, operand: &bound::Expr) -> Lowered {
        if operand.value_type == Type::Null {
            return Ok(typed_null(&DataType::Int64));
        }
        let lowered = self.expr(operand)?;
        Ok(match operator {
            UnaryOperator::Plus => lowered,
            UnaryOperator::Minus => Expr::Negative(Box::new(lowered)),
            UnaryOperator::BitNot => binary(lowered, Operator::BitwiseXor, lit(-1_i64)),
        })
    }

    /// The operation in the type of its result: doubles when that is a double, else whole numbers.
    pub(super) fn binary(
        &mut self,
        operator: BinaryOperator,
        left: &bound::Expr,
        right: &bound::Expr,
        value_type: Type,
    ) -> Lowered {
        let operand_type = if value_type == Type::Double { Type::Double } else { Type::Integer };
        let mut lower = |it: &bound::Expr| Ok(converted(self.expr(it)?, it.value_type, operand_type));
        let (left, right): (Expr, Expr) = match (lower(left), lower(right)) {
            (Ok(left), Ok(right)) => (left, right),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        let zero = if value_type == Type::Double { lit(0.0_f64) } else { lit(0_i64) };
        Ok(match operator {
            BinaryOperator::Power => power(left, right),
            BinaryOperator::Multiply => binary(left, Operator::Multiply, right),
            BinaryOperator::Divide => binary(left, Operator::Divide, nullif(right, zero)),
            BinaryOperator::Modulo => binary(left, Operator::Modulo, nullif(right, zero)),
            BinaryOperator::Add => binary(left, Operator::Plus, right),
            BinaryOperator::Subtract | BinaryOperator::Hyphen => binary(left, Operator::Minus, right),
            BinaryOperator::ShiftLeft => binary(left, Operator::BitwiseShiftLeft, right),
            BinaryOperator::ShiftRight => binary(left, Operator::BitwiseShiftRight, right),
            BinaryOperator::ShiftRightUnsigned => {
                ScalarUDF::new_from_impl(ShiftRightUnsigned::new()).call(vec![left, right])
            }
            BinaryOperator::BitAnd => binary(left, Operator::BitwiseAnd, right),
            BinaryOperator::BitXor => binary(left, Operator::BitwiseXor, right),
            BinaryOperator::BitOr => binary(left, Operator::BitwiseOr, right),
        })
    }
}

/// `a >>> n`: shifts right and fills with zeros; only the low six bits of `n` count.
#[derive(Debug, PartialEq, Eq, Hash)]
struct ShiftRightUnsigned {
    signature: Signature,
}

impl ShiftRightUnsigned {
    fn new() -> Self {
        Self { signature: Signature::exact(vec![DataType::Int64, DataType::Int64], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for ShiftRightUnsigned {
    fn name(&self) -> &'static str {
        "shift_right_unsigned"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Int64)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_scalar = arguments.args.iter().all(|it| matches!(it, ColumnarValue::Scalar(_)));
        let [left, right] = arguments.args.as_slice() else { return plan_err!(">>> takes two arguments") };
        let rows = if is_scalar { 1 } else { arguments.number_rows };
        let (left, right) = (left.to_array(rows)?, right.to_array(rows)?);
        let (left, right) = (left.as_primitive::<Int64Type>(), right.as_primitive::<Int64Type>());
        let shifted: Int64Array = binary_kernel(left, right, |it, bits| ((it as u64) >> (bits & 63)) as i64)?;
        let shifted: ArrayRef = Arc::new(shifted);
        if is_scalar {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&shifted, 0)?));
        }
        Ok(ColumnarValue::Array(shifted))
    }
}
