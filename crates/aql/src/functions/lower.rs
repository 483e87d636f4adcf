//! `LOWER`: lower case.

use schema::Type;

use super::row::expressions;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT_OR_ADDRESS};

/// `LOWER(text)`
pub(super) static LOWER: Function = Function {
    name: "LOWER",
    category: Category::Text,
    parameters: &[Parameter::new("text", TEXT_OR_ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The text in lower case. Null gives null.",
    examples: &[
        Example { call: "LOWER('C:\\Windows\\SC.EXE')", value: "'c:\\windows\\sc.exe'" },
        Example { call: "LOWER('ÅNGSTRÖM')", value: "'ångström'" },
        Example { call: "LOWER(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let [value] = expressions(arguments)?;
        Ok(datafusion_functions::string::expr_fn::lower(value))
    }),
};
