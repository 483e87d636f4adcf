//! `SUBSTRING`: a part of a text.

use std::borrow::Cow;

use schema::Type;

use super::row::{Cell, RowFunction};
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT_OR_ADDRESS, WHOLE};

/// `SUBSTRING(text, start[, length])`
pub(super) static SUBSTRING: Function = Function {
    name: "SUBSTRING",
    category: Category::Text,
    parameters: &[
        Parameter::new("text", TEXT_OR_ADDRESS),
        Parameter::new("start", WHOLE),
        Parameter::new("length", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The part of the text from the position `start`, counted in characters from 0, of at most `length` characters, or to the end. What lies outside of the text is left out. Null gives null.",
    examples: &[
        Example { call: "SUBSTRING('sc.exe create', 7)", value: "'create'" },
        Example { call: "SUBSTRING('sc.exe', 0, 2)", value: "'sc'" },
        Example { call: "SUBSTRING('abc', 2, 10)", value: "'c'" },
        Example { call: "SUBSTRING('abc', 5)", value: "''" },
        Example { call: "SUBSTRING('abc', -2, 3)", value: "'a'" },
        Example { call: "SUBSTRING(NULL, 0)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let substring = RowFunction::text("SUBSTRING", |cells| {
            let length = cells.get(2).map_or(Some(i64::MAX), Cell::integer)?;
            Some(Cow::Borrowed(substring(cells[0].text()?, cells[1].integer()?, length)))
        });
        Ok(substring.call(arguments))
    }),
};

/// The characters from `start` to `start + length`, as far as there are any.
fn substring(text: &str, start: i64, length: i64) -> &str {
    let end = start.saturating_add(length.max(0));
    let byte = |position: i64| {
        let position = usize::try_from(position).unwrap_or(0);
        text.char_indices().nth(position).map_or(text.len(), |(byte, _)| byte)
    };
    &text[byte(start)..byte(end)]
}
