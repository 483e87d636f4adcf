//! Text tests as DataFusion expressions.

use std::any::Any;
use std::fmt;
use std::hash::Hash;
use std::sync::Arc;

use datafusion_common::arrow::datatypes::DataType;
use datafusion_common::{Result, ScalarValue, plan_err};
use datafusion_expr::{ColumnarValue, Expr, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility};

use super::TextMatcher;
use super::array::{TextTest, test_array};

/// The expression that tests a text, or any text of a list, with the matcher. Null gives null.
pub fn text_test(value: Expr, matcher: TextMatcher) -> Expr {
    TextTestFunction::new("text_test", matcher).call(value)
}

/// A test with its compiled form inside; named after what it looks for.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct TextTestFunction<T> {
    name: String,
    test: T,
    signature: Signature,
}

impl<T> TextTestFunction<T>
where
    T: TextTest + fmt::Display + fmt::Debug + Eq + Hash + Send + Sync + 'static,
{
    pub(super) fn new(name: &str, test: T) -> Self {
        Self { name: format!("{name}[{test}]"), test, signature: Signature::user_defined(Volatility::Immutable) }
    }

    pub(super) fn call(self, value: Expr) -> Expr {
        ScalarUDF::new_from_impl(self).call(vec![value])
    }
}

impl<T> ScalarUDFImpl for TextTestFunction<T>
where
    T: TextTest + fmt::Display + fmt::Debug + Eq + Hash + Send + Sync + 'static,
{
    fn name(&self) -> &str {
        &self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, types: &[DataType]) -> Result<Vec<DataType>> {
        match types {
            [value] if is_text_or_texts(value) => Ok(types.to_vec()),
            _ => plan_err!("{} takes one text or list of texts", self.name),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        match arguments.args.as_slice() {
            [ColumnarValue::Array(array)] => Ok(ColumnarValue::Array(Arc::new(test_array(array, &self.test)?))),
            [ColumnarValue::Scalar(scalar)] => {
                let tested = test_array(&scalar.to_array()?, &self.test)?;
                Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&tested, 0)?))
            }
            _ => plan_err!("{} takes one argument", self.name),
        }
    }
}

fn is_text_or_texts(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8View | DataType::Utf8 | DataType::LargeUtf8 | DataType::Null => true,
        DataType::List(item) | DataType::LargeList(item) => is_text_or_texts(item.data_type()),
        DataType::Dictionary(_, value) => is_text_or_texts(value),
        _ => false,
    }
}

/// The matcher of a function that [`text_test`] made; none for any other function.
pub fn matcher_of(function: &ScalarUDF) -> Option<&TextMatcher> {
    let function: &dyn Any = function.inner().as_ref();
    function.downcast_ref::<TextTestFunction<TextMatcher>>().map(|it| &it.test)
}
