//! `TRIM`: no blanks at the ends.

use std::borrow::Cow;

use schema::Type;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `TRIM(text)`
pub(super) static TRIM: Function = Function {
    name: "TRIM",
    category: Category::Text,
    parameters: &[Parameter::new("text", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The text without blanks and control characters at both ends. Null gives null.",
    examples: &[
        Example { call: "TRIM('  sc.exe ')", value: "'sc.exe'" },
        Example { call: "TRIM(NULL)", value: "null" },
    ],
    standing: Standing::Extension(Some("REPLACEALL('^\\s+|\\s+$', text, '')")),
    lower: Lower::Scalar(|_, arguments| {
        let trim =
            RowFunction::text("TRIM", |cells| Some(Cow::Borrowed(cells[0].text()?.trim_matches(|it| it <= ' '))));
        Ok(trim.call(arguments))
    }),
};
