//! `COUNT`: how many rows.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::{cast, lit};
use datafusion_functions::core::expr_fn::nullif;
use datafusion_functions_aggregate::count::{count, count_all};
use schema::Type;

use crate::{ANY, Argument, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `COUNT([value])`
pub(super) static COUNT: Function = Function {
    name: "COUNT",
    category: Category::Aggregate,
    parameters: &[Parameter::new("value", ANY).optional()],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "COUNT(*) is the number of rows; COUNT(value) the number of rows in which the value is not null, or, for a boolean, true. A double; 0.0 without rows.",
    examples: &[
        Example { call: "COUNT(*)", value: "4.0" },
        Example { call: "COUNT(magnitude)", value: "3.0" },
        Example { call: "COUNT(isunparsed)", value: "2.0" },
    ],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|mut arguments| {
        let counted = match arguments.pop() {
            None => count_all(),
            Some(Argument { expr, value_type: Type::Boolean }) => count(nullif(expr, lit(false))),
            Some(argument) => count(argument.expr),
        };
        Ok(cast(counted, DataType::Float64))
    }),
};
