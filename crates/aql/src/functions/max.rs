//! `MAX`: the largest value.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::max;

use super::row::expressions;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `MAX(value)`
pub(super) static MAX: Function = Function {
    name: "MAX",
    category: Category::Aggregate,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::DoubleOrArgument(0),
    summary: "The largest of the values that are not null; null if there are none. Numbers and times come back as doubles; text, compared byte by byte, stays text.",
    examples: &[Example { call: "MAX(magnitude)", value: "7.0" }, Example { call: "MAX(username)", value: "'bob'" }],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let is_number = arguments.iter().all(|it| it.value_type.is_numeric());
        let [value] = expressions(arguments)?;
        Ok(max(if is_number { cast(value, DataType::Float64) } else { value }))
    }),
};
