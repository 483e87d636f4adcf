//! `CATEGORYNAME`: the name of a category.

use std::borrow::Cow;

use schema::Type;
use schema::tables::categories;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `CATEGORYNAME(category)`
pub(super) static CATEGORYNAME: Function = Function {
    name: "CATEGORYNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("category", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the low-level or high-level category with this id. Null and an unknown id give null.",
    examples: &[
        Example { call: "CATEGORYNAME(3000)", value: "'Authentication'" },
        Example { call: "CATEGORYNAME(NULL)", value: "null" },
        Example { call: "CATEGORYNAME(-1)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("CATEGORYNAME", |cells| Some(Cow::Borrowed(categories::by_id(cells[0].integer()?)?.name)))
            .call(arguments))
    }),
};
