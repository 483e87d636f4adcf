//! `ROUND`: the nearest round number.

use schema::Type;

use super::row::{Cell, RowFunction};
use crate::{Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing, WHOLE};

/// `ROUND(number[, digits])`
pub(super) static ROUND: Function = Function {
    name: "ROUND",
    category: Category::Math,
    parameters: &[Parameter::new("number", NUMBER), Parameter::new("digits", WHOLE).optional()],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The number rounded to so many digits after the point (0 if not given; negative: before the point), halves away from zero. Null gives null.",
    examples: &[
        Example { call: "ROUND(2.5)", value: "3.0" },
        Example { call: "ROUND(-2.5)", value: "-3.0" },
        Example { call: "ROUND(3.14159, 2)", value: "3.14" },
        Example { call: "ROUND(1250, -2)", value: "1300.0" },
        Example { call: "ROUND(NULL)", value: "null" },
    ],
    standing: Standing::Extension(None),
    lower: Lower::Scalar(|_, arguments| {
        let round = RowFunction::double("ROUND", |cells| {
            let digits = cells.get(1).map_or(Some(0), Cell::integer)?;
            let factor = 10_f64.powi(digits.clamp(-DIGITS_MAX, DIGITS_MAX) as i32);
            Some((cells[0].double()? * factor).round() / factor)
        });
        Ok(round.call(arguments))
    }),
};

/// More digits than a double holds.
const DIGITS_MAX: i64 = 17;
