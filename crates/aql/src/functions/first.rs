//! `FIRST`: the first value met.

use datafusion_expr::ExprFunctionExt;
use datafusion_expr::expr::NullTreatment;
use datafusion_functions_aggregate::first_last::first_value_udaf;

use super::row::expressions;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `FIRST(value)`
pub(super) static FIRST: Function = Function {
    name: "FIRST",
    category: Category::Aggregate,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Argument(0),
    summary: "The first value that is not null, in the order in which the rows are read; null if there is none. A bare field that is neither grouped nor aggregated means the same.",
    examples: &[
        Example { call: "FIRST(magnitude)", value: "3" },
        Example { call: "FIRST(username)", value: "'alice'" },
    ],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let [value] = expressions(arguments)?;
        let first = first_value_udaf().call(vec![value]).null_treatment(NullTreatment::IgnoreNulls);
        first.build().map_err(|it| it.to_string())
    }),
};
