//! `DOUBLE`: a number with a fraction.

use schema::Type;

use super::row::RowFunction;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `DOUBLE(value)`
pub(super) static DOUBLE: Function = Function {
    name: "DOUBLE",
    category: Category::Conversion,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Type(Type::Double),
    summary: "The value as a double. A text must be a number; another text, a boolean and null give null.",
    examples: &[
        Example { call: "DOUBLE(5)", value: "5.0" },
        Example { call: "DOUBLE('2.5')", value: "2.5" },
        Example { call: "DOUBLE('five')", value: "null" },
        Example { call: "DOUBLE(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| Ok(RowFunction::double("DOUBLE", |cells| cells[0].double()).call(arguments))),
};
