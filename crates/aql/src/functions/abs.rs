//! `ABS`: the size of a number without its sign.

use schema::Type;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing};

/// `ABS(number)`
pub(super) static ABS: Function = Function {
    name: "ABS",
    category: Category::Math,
    parameters: &[Parameter::new("number", NUMBER)],
    variadic: false,
    returns: Returns::Argument(0),
    summary: "The number without its sign, of the same type. Null gives null.",
    examples: &[
        Example { call: "ABS(-5)", value: "5" },
        Example { call: "ABS(-2.5)", value: "2.5" },
        Example { call: "ABS(NULL)", value: "null" },
    ],
    standing: Standing::Extension(Some("IF number < 0 THEN -number ELSE number")),
    lower: Lower::Scalar(|_, arguments| {
        let is_double = arguments.iter().any(|it| it.value_type == Type::Double);
        Ok(if is_double {
            RowFunction::double("ABS", |cells| Some(cells[0].double()?.abs()))
        } else {
            RowFunction::integer("ABS", |cells| cells[0].integer()?.checked_abs())
        }
        .call(arguments))
    }),
};
