//! `POW`: a power.

use schema::Type;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing};

/// `POW(base, exponent)`
pub(super) static POW: Function = Function {
    name: "POW",
    category: Category::Math,
    parameters: &[Parameter::new("base", NUMBER), Parameter::new("exponent", NUMBER)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The base to the power of the exponent. Null and what is not a finite number give null.",
    examples: &[
        Example { call: "POW(2, 10)", value: "1024.0" },
        Example { call: "POW(2.25, 0.5)", value: "1.5" },
        Example { call: "POW(0, -1)", value: "null" },
        Example { call: "POW(NULL, 2)", value: "null" },
    ],
    standing: Standing::Extension(Some("base ^ exponent")),
    lower: Lower::Scalar(|_, arguments| {
        let power = RowFunction::double("POW", |cells| {
            Some(cells[0].double()?.powf(cells[1].double()?)).filter(|it| it.is_finite())
        });
        Ok(power.call(arguments))
    }),
};
