//! `COALESCE`: the first value that is there.

use datafusion_common::{Result, ScalarValue};
use datafusion_expr::{Expr, cast, when};
use schema::Type;

use super::str::STR;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `COALESCE(value, ...)`
pub(super) static COALESCE: Function = Function {
    name: "COALESCE",
    category: Category::Conversion,
    parameters: &[Parameter::new("value", ANY)],
    variadic: true,
    returns: Returns::Common,
    summary: "The first argument that is not null; null when all are. Arguments of different types are taken as doubles when all are numbers, else as text.",
    examples: &[
        Example { call: "COALESCE(NULL, 'b', 'c')", value: "'b'" },
        Example { call: "COALESCE(NULL, 5)", value: "5" },
        Example { call: "COALESCE(NULL, 5, 'x')", value: "'5'" },
        Example { call: "COALESCE(NULL, NULL)", value: "null" },
    ],
    standing: Standing::Extension(Some("IF a IS NULL THEN b ELSE a")),
    lower: Lower::Scalar(|environment, arguments| {
        let types: Vec<Type> = arguments.iter().map(|it| it.value_type).collect();
        let common = Returns::Common.resolve(&types);
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(match common {
                _ if argument.value_type == common => argument.expr,
                Type::Text => STR.lower(environment, vec![argument])?,
                _ => cast(argument.expr, common.arrow()),
            });
        }
        first_filled(values).map_err(|it| it.to_string())
    }),
};

/// `CASE WHEN a IS NOT NULL THEN a ... ELSE z END`
fn first_filled(mut values: Vec<Expr>) -> Result<Expr> {
    let Some(last) = values.pop() else { return Ok(Expr::Literal(ScalarValue::Null, None)) };
    let mut values = values.into_iter();
    let Some(first) = values.next() else { return Ok(last) };
    let mut case = when(first.clone().is_not_null(), first);
    for value in values {
        case = case.when(value.clone().is_not_null(), value);
    }
    case.otherwise(last)
}
