//! `AVG`: the mean.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::avg;
use schema::Type;

use super::row::expressions;
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing};

/// `AVG(number)`
pub(super) static AVG: Function = Function {
    name: "AVG",
    category: Category::Aggregate,
    parameters: &[Parameter::new("number", NUMBER)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The mean of the values that are not null; null if there are none. Text is refused.",
    examples: &[Example { call: "AVG(magnitude)", value: "5.0" }, Example { call: "AVG(eventcount)", value: "2.0" }],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let [value] = expressions(arguments)?;
        Ok(avg(cast(value, DataType::Float64)))
    }),
};
