//! `STRPOS`: where a text stands in another.

use schema::Type;

use super::row::{Cell, RowFunction};
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT, TEXT_OR_ADDRESS, WHOLE};

/// `STRPOS(text, part[, from])`
pub(super) static STRPOS: Function = Function {
    name: "STRPOS",
    category: Category::Text,
    parameters: &[
        Parameter::new("text", TEXT_OR_ADDRESS),
        Parameter::new("part", TEXT),
        Parameter::new("from", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Integer),
    summary: "The position of the first occurrence of the part, counted in characters from 0, at or after the position `from`; -1 if there is none. Case matters. Null gives null.",
    examples: &[
        Example { call: "STRPOS('DOMAIN\\user', '\\')", value: "6" },
        Example { call: "STRPOS('abcabc', 'c', 3)", value: "5" },
        Example { call: "STRPOS('abc', 'x')", value: "-1" },
        Example { call: "STRPOS('abc', '', 9)", value: "-1" },
        Example { call: "STRPOS(NULL, 'a')", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let position = RowFunction::integer("STRPOS", |cells| {
            let from = cells.get(2).map_or(Some(0), Cell::integer)?;
            Some(position(cells[0].text()?, cells[1].text()?, from))
        });
        Ok(position.call(arguments))
    }),
};

fn position(text: &str, part: &str, from: i64) -> i64 {
    let from = usize::try_from(from).unwrap_or(0);
    let mut starts = text.char_indices().map(|(byte, _)| byte).chain([text.len()]);
    let Some(start) = starts.nth(from) else { return -1 };
    match text[start..].find(part) {
        Some(byte) => (from + text[start..start + byte].chars().count()) as i64,
        None => -1,
    }
}
