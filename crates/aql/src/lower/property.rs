//! A property that no field describes: the value under its name in the column of properties.

use std::sync::Arc;

use datafusion_common::arrow::array::{Array, ArrayRef, AsArray, StringViewArray, UInt32Builder};
use datafusion_common::arrow::compute::take;
use datafusion_common::arrow::datatypes::DataType;
use datafusion_common::{Result, ScalarValue, plan_err};
use datafusion_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

/// The value of the first property with this name, ignoring case and blanks; null if there is none.
pub(super) fn property(properties: Expr, name: &str) -> Expr {
    let function = PropertyFunction {
        name: format!("property[{name}]"),
        key: schema::key(name),
        signature: Signature::any(1, Volatility::Immutable),
    };
    ScalarUDF::new_from_impl(function).call(vec![properties])
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct PropertyFunction {
    name: String,
    key: String,
    signature: Signature,
}

impl ScalarUDFImpl for PropertyFunction {
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match arguments.args.as_slice() {
            [ColumnarValue::Array(array)] => Ok(ColumnarValue::Array(self.values(array)?)),
            [ColumnarValue::Scalar(scalar)] => {
                let values = self.values(&scalar.to_array()?)?;
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&values, 0)?))
            }
            _ => plan_err!("{} takes the column of properties", self.name),
        }
    }
}

impl PropertyFunction {
    fn values(&self, array: &ArrayRef) -> Result<ArrayRef> {
        let Some(properties) = array.as_map_opt() else {
            return Ok(Arc::new(StringViewArray::new_null(array.len())));
        };
        let (Some(names), offsets) = (properties.keys().as_string_view_opt(), properties.value_offsets()) else {
            return plan_err!("the names of properties are not text views");
        };
        let mut places = UInt32Builder::with_capacity(properties.len());
        for row in 0..properties.len() {
            let entries = offsets[row] as usize..offsets[row + 1] as usize;
            let found = if properties.is_null(row) { None } else { self.find(names, entries) };
            places.append_option(found);
        }
        Ok(take(properties.values(), &places.finish(), None)?)
    }

    fn find(&self, names: &StringViewArray, mut entries: std::ops::Range<usize>) -> Option<u32> {
        entries.find(|it| schema::has_key(names.value(*it), &self.key)).map(|it| it as u32)
    }
}
