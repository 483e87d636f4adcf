//! `STDEVP`: the standard deviation of a population.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::stddev_pop;
use schema::Type;

use super::row::expressions;
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing};

/// `STDEVP(number)`
pub(super) static STDEVP: Function = Function {
    name: "STDEVP",
    category: Category::Aggregate,
    parameters: &[Parameter::new("number", NUMBER)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The standard deviation of the values that are not null, as of a population; null if there are none. Text is refused.",
    examples: &[Example { call: "STDEVP(magnitude)", value: "1.632993161855452" }],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let [value] = expressions(arguments)?;
        Ok(stddev_pop(cast(value, DataType::Float64)))
    }),
};
