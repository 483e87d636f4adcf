//! `STRLEN`: how long a text is.

use datafusion_expr::Expr;
use schema::Type;

use super::row::RowFunction;
use crate::{Argument, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT_OR_ADDRESS};

/// `STRLEN(text)`
pub(super) static STRLEN: Function = Function {
    name: "STRLEN",
    category: Category::Text,
    parameters: &[Parameter::new("text", TEXT_OR_ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Integer),
    summary: "The number of characters of the text. Null gives null.",
    examples: &[
        Example { call: "STRLEN('sc.exe')", value: "6" },
        Example { call: "STRLEN('größe')", value: "5" },
        Example { call: "STRLEN('')", value: "0" },
        Example { call: "STRLEN(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| Ok(length(arguments))),
};

/// The call for `STRLEN` and `LENGTH`.
pub(super) fn length(arguments: Vec<Argument>) -> Expr {
    RowFunction::integer("STRLEN", |cells| Some(cells[0].text()?.chars().count() as i64)).call(arguments)
}
