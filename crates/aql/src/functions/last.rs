//! `LAST`: the last value met.

use datafusion_expr::ExprFunctionExt;
use datafusion_expr::expr::NullTreatment;
use datafusion_functions_aggregate::first_last::last_value_udaf;

use super::row::expressions;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `LAST(value)`
pub(super) static LAST: Function = Function {
    name: "LAST",
    category: Category::Aggregate,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Argument(0),
    summary: "The last value that is not null, in the order in which the rows are read; null if there is none.",
    examples: &[Example { call: "LAST(magnitude)", value: "5" }, Example { call: "LAST(username)", value: "'bob'" }],
    standing: Standing::Documented,
    lower: Lower::Aggregate(|arguments| {
        let [value] = expressions(arguments)?;
        let last = last_value_udaf().call(vec![value]).null_treatment(NullTreatment::IgnoreNulls);
        last.build().map_err(|it| it.to_string())
    }),
};
