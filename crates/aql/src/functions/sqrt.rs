//! `SQRT`: the square root.

use schema::Type;

use super::row::{Cell, RowFunction};
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing};

/// `SQRT(number)`
pub(super) static SQRT: Function = Function {
    name: "SQRT",
    category: Category::Math,
    parameters: &[Parameter::new("number", NUMBER)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The square root. Null and a negative number give null.",
    examples: &[
        Example { call: "SQRT(16)", value: "4.0" },
        Example { call: "SQRT(2.25)", value: "1.5" },
        Example { call: "SQRT(-1)", value: "null" },
        Example { call: "SQRT(NULL)", value: "null" },
    ],
    standing: Standing::Extension(Some("number ^ 0.5, for numbers from 0 on")),
    lower: Lower::Scalar(|_, arguments| {
        let root = |cells: &[Cell<'_>]| cells[0].double().filter(|it| *it >= 0.0).map(f64::sqrt);
        Ok(RowFunction::double("SQRT", root).call(arguments))
    }),
};
