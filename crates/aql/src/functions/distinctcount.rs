//! `DISTINCTCOUNT`: about how many different values, in constant memory.

use datafusion_common::arrow::datatypes::DataType;
use datafusion_expr::cast;
use datafusion_functions_aggregate::expr_fn::{approx_distinct, count_distinct};
use schema::Type;

use super::row::expressions;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `DISTINCTCOUNT(value)`
pub(super) static DISTINCTCOUNT: Function = Function {
    name: "DISTINCTCOUNT",
    category: Category::Aggregate,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The number of different values that are not null, estimated by HyperLogLog in a constant 16 KiB per group (error below 2 %; small counts are exact). Doubles, booleans and lists are counted exactly. A double; 0.0 without rows.",
    examples: &[
        Example { call: "DISTINCTCOUNT(username)", value: "2.0" },
        Example { call: "DISTINCTCOUNT(isunparsed)", value: "2.0" },
    ],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let is_estimated = arguments.iter().all(|it| !EXACT.contains(&it.value_type));
        let [value] = expressions(arguments)?;
        Ok(cast(if is_estimated { approx_distinct(value) } else { count_distinct(value) }, DataType::Float64))
    }),
};

/// Types that the estimate does not know.
const EXACT: &[Type] = &[Type::Double, Type::Boolean, Type::Integers, Type::Texts, Type::Null];
