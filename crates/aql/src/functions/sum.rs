//! `SUM`: all values together.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::sum;
use schema::Type;

use super::row::expressions;
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing};

/// `SUM(number)`
pub(super) static SUM: Function = Function {
    name: "SUM",
    category: Category::Aggregate,
    parameters: &[Parameter::new("number", NUMBER)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The sum of the values that are not null, as a double; null if there are none. Text is refused.",
    examples: &[Example { call: "SUM(magnitude)", value: "15.0" }, Example { call: "SUM(eventcount)", value: "8.0" }],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let [value] = expressions(arguments)?;
        Ok(sum(cast(value, DataType::Float64)))
    }),
};
