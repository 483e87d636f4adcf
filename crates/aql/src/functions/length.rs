//! `LENGTH`: the spelling of `STRLEN` that other languages have.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `LENGTH(text)`
pub(super) static LENGTH: Function = Function {
    name: "LENGTH",
    category: Category::Text,
    parameters: &[Parameter::new("text", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Integer),
    summary: "The number of characters of the text, as STRLEN. Null gives null.",
    examples: &[Example { call: "LENGTH('sc.exe')", value: "6" }, Example { call: "LENGTH(NULL)", value: "null" }],
    standing: Standing::Extension(Some("STRLEN(text)")),
    lower: Lower::Scalar(|_, arguments| Ok(super::strlen::length(arguments))),
};
