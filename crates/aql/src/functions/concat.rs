//! `CONCAT`: texts in a row.

use std::borrow::Cow;

use schema::Type;

use super::row::RowFunction;
use super::str::text_form;
use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `CONCAT(value, ...)`
pub(super) static CONCAT: Function = Function {
    name: "CONCAT",
    category: Category::Text,
    parameters: &[Parameter::new("value", ANY)],
    variadic: true,
    returns: Returns::Type(Type::Text),
    summary: "The text of every argument, one after the other, without a separator. Numbers and addresses are taken as STR gives them. Null counts as empty text.",
    examples: &[
        Example { call: "CONCAT('alice', '@', sourceip)", value: "'alice@10.0.0.5'" },
        Example { call: "CONCAT('event ', 7045)", value: "'event 7045'" },
        Example { call: "CONCAT('a', NULL, 'b')", value: "'ab'" },
        Example { call: "CONCAT(NULL)", value: "''" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let concat = RowFunction::text("CONCAT", |cells| Some(Cow::Owned(cells.iter().map(text_form).collect())));
        Ok(concat.seeing_nulls().call(arguments))
    }),
};
