//! `UTF8`: the text of raw bytes.

use schema::Type;

use super::row::expressions;
use crate::{BYTES, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `UTF8(bytes)`
pub(super) static UTF8: Function = Function {
    name: "UTF8",
    category: Category::Conversion,
    parameters: &[Parameter::new("bytes", BYTES)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The bytes, such as the payload, as text. Only bytes are taken: the payload itself cannot be compared with text. Null gives null.",
    examples: &[Example { call: "UTF8(payload)", value: "'sshd: failed password for alice'" }],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let [value] = expressions(arguments)?;
        Ok(value)
    }),
};
