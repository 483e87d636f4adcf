//! `UPPER`: upper case.

use schema::Type;

use super::row::expressions;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT_OR_ADDRESS};

/// `UPPER(text)`
pub(super) static UPPER: Function = Function {
    name: "UPPER",
    category: Category::Text,
    parameters: &[Parameter::new("text", TEXT_OR_ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The text in upper case. Null gives null.",
    examples: &[
        Example { call: "UPPER('sc.exe')", value: "'SC.EXE'" },
        Example { call: "UPPER('straße')", value: "'STRASSE'" },
        Example { call: "UPPER(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let [value] = expressions(arguments)?;
        Ok(datafusion_functions::string::expr_fn::upper(value))
    }),
};
