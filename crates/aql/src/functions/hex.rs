//! `HEX`: hexadecimal digits.

use std::borrow::Cow;

use schema::Type;

use super::row::{Cell, RowFunction};
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `HEX(value)`
pub(super) static HEX: Function = Function {
    name: "HEX",
    category: Category::Conversion,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The whole number, or the bytes of the text or payload, in hexadecimal digits of lower case. Null gives null.",
    examples: &[
        Example { call: "HEX(255)", value: "'ff'" },
        Example { call: "HEX('AB')", value: "'4142'" },
        Example { call: "HEX(NULL)", value: "null" },
    ],
    standing: Standing::Extension(None),
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("HEX", |cells| Some(Cow::Owned(hex(&cells[0])?))).call(arguments))
    }),
};

fn hex(cell: &Cell<'_>) -> Option<String> {
    match cell.text() {
        Some(text) => Some(text.bytes().flat_map(|it| [it >> 4, it & 15]).map(hex_digit).collect()),
        None => Some(format!("{:x}", cell.integer()?)),
    }
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(value)])
}
