//! `UNIQUECOUNT`: how many different values.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::count_distinct;
use schema::Type;

use super::row::expressions;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `UNIQUECOUNT(value)`
pub(super) static UNIQUECOUNT: Function = Function {
    name: "UNIQUECOUNT",
    category: Category::Aggregate,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The exact number of different values that are not null. A double; 0.0 without rows.",
    examples: &[
        Example { call: "UNIQUECOUNT(username)", value: "2.0" },
        Example { call: "UNIQUECOUNT(sourceip)", value: "3.0" },
    ],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let [value] = expressions(arguments)?;
        Ok(cast(count_distinct(value), DataType::Float64))
    }),
};
