//! `STR`: the text of any value.

use std::borrow::Cow;

use schema::Type;

use super::row::list_cells;
use super::row::{Cell, RowFunction};
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `STR(value)`
pub(super) static STR: Function = Function {
    name: "STR",
    category: Category::Conversion,
    parameters: &[Parameter::new("value", ANY)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The value as text: whole numbers plain, doubles as Java prints them (`1.0`, `1.5E10`), addresses in canonical form, lists as `[a, b]`. Null gives null.",
    examples: &[
        Example { call: "STR(42)", value: "'42'" },
        Example { call: "STR(6.0)", value: "'6.0'" },
        Example { call: "STR(15000000000.0)", value: "'1.5E10'" },
        Example { call: "STR(sourceip)", value: "'10.0.0.5'" },
        Example { call: "STR(true)", value: "'true'" },
        Example { call: "STR(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let text = RowFunction::text("STR", |cells| Some(text_form(&cells[0])));
        Ok(text.call(arguments))
    }),
};

/// The text of a value; empty for null.
pub(super) fn text_form<'a>(cell: &Cell<'a>) -> Cow<'a, str> {
    match cell {
        Cell::Null => Cow::Borrowed(""),
        Cell::Boolean(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Cell::Integer(value) => Cow::Owned(value.to_string()),
        Cell::Double(value) => Cow::Owned(java_double(*value)),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::List(values) => {
            let texts: Vec<String> = list_cells(values).iter().map(|it| text_form(it).into_owned()).collect();
            Cow::Owned(format!("[{}]", texts.join(", ")))
        }
    }
}

/// A double as `Double.toString` of Java prints it: plain from 0.001 up to 10,000,000, else with an exponent.
fn java_double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let size = value.abs();
    if size == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{value:?}");
    }
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::java_double;

    #[test]
    fn doubles_are_printed_as_java_prints_them() {
        let expected = [
            (0.001, "0.001"),
            (0.0001, "1.0E-4"),
            (9_999_999.0, "9999999.0"),
            (1.79e12, "1.79E12"),
            (-2.5, "-2.5"),
            (-0.0, "-0.0"),
            (123_456_789.125, "1.23456789125E8"),
        ];
        for (value, text) in expected {
            assert_eq!(java_double(value), text);
        }
    }
}
