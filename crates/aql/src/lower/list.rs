//! Whether a list of numbers holds one of some numbers.

use std::sync::Arc;

use datafusion_common::arrow::array::{Array, AsArray, BooleanArray};
use datafusion_common::arrow::datatypes::{DataType, Int64Type};
use datafusion_common::{Result, ScalarValue, plan_err};
use datafusion_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use crate::bound::{self, Literal};

/// The test; null for a missing list.
pub(super) fn contains(list: Expr, values: &[bound::Expr]) -> Expr {
    let number = |it: &bound::Expr| match it.as_literal() {
        Some(Literal::Integer(value)) => Some(*value),
        Some(Literal::Double(value)) if value.fract() == 0.0 => Some(*value as i64),
        _ => None,
    };
    let mut numbers: Vec<i64> = values.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let signature = Signature::any(1, Volatility::Immutable);
    ScalarUDF::new_from_impl(ListContains { name: format!("list_contains{numbers:?}"), numbers, signature })
        .call(vec![list])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct ListContains {
    name: String,
    /// Ascending.
    numbers: Vec<i64>,
    signature: Signature,
}

impl ScalarUDFImpl for ListContains {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match arguments.args.as_slice() {
            [ColumnarValue::Array(array)] => Ok(ColumnarValue::Array(Arc::new(self.test(array)?))),
            [ColumnarValue::Scalar(scalar)] => {
                let tested = self.test(&scalar.to_array()?)?;
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&tested, 0)?))
            }
            _ => plan_err!("{} takes one list", self.name),
        }
    }
}

impl ListContains {
    fn test(&self, array: &dyn Array) -> Result<BooleanArray> {
        let Some(lists) = array.as_list_opt::<i32>() else { return plan_err!("{} takes a list", self.name) };
        let holds = |list: Option<Arc<dyn Array>>| {
            let list = list?;
            let values = list.as_primitive_opt::<Int64Type>()?;
            Some(values.iter().flatten().any(|it| self.numbers.binary_search(&it).is_ok()))
        };
        Ok(lists.iter().map(holds).collect())
    }
}
