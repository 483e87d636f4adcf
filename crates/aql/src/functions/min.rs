//! `MIN`: the smallest value.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::min;

use super::row::expressions;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `MIN(value)`
pub(super) static MIN: Function = Function {
    name: "MIN",
    category: Category::Aggregate,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::DoubleOrArgument(0),
    summary: "The smallest of the values that are not null; null if there are none. Numbers and times come back as doubles; text, compared byte by byte, stays text.",
    examples: &[
        Example { call: "MIN(magnitude)", value: "3.0" },
        Example { call: "MIN(username)", value: "'alice'" },
        Example { call: "MIN(starttime)", value: "1714564800000.0" },
    ],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let is_number = arguments.iter().all(|it| it.value_type.is_numeric());
        let [value] = expressions(arguments)?;
        Ok(min(if is_number { cast(value, DataType::Float64) } else { value }))
    }),
};
