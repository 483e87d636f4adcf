//! `NOW`: the time of the query.

use datafusion_expr::lit;
use schema::Type;

use crate::{Category, Example, Function, Lower, Returns, Standing};

/// `NOW()`
pub(super) static NOW: Function = Function {
    name: "NOW",
    category: Category::Time,
    parameters: &[],
    variadic: false,
    returns: Returns::Type(Type::Time),
    summary: "The time at which the query started, in milliseconds since 1970 UTC; the same for every row.",
    examples: &[Example { call: "NOW()", value: "1714564800000" }],
    standing: Standing::Documented,
    lower: Lower::Scalar(|environment, _| Ok(lit(environment.now))),
};
