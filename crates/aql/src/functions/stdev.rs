//! `STDEV`: the standard deviation of a sample.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::stddev;
use schema::Type;

use super::row::expressions;
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing};

/// `STDEV(number)`
pub(super) static STDEV: Function = Function {
    name: "STDEV",
    category: Category::Aggregate,
    parameters: &[Parameter::new("number", NUMBER)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The standard deviation of the values that are not null, as of a sample; null if there are none or only one. Text is refused.",
    examples: &[Example { call: "STDEV(magnitude)", value: "2.0" }],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let [value] = expressions(arguments)?;
        Ok(stddev(cast(value, DataType::Float64)))
    }),
};
