//! `GEO::LOOKUP_TEXT`: where an address is, as text.

use std::borrow::Cow;

use datafusion_expr::Expr;
use schema::Type;

use super::row::RowFunction;
use crate::{
    ADDRESS, Argument, Category, Environment, Example, Function, Lower, Parameter, Provider, Returns, Standing, TEXT,
};

/// `GEO::LOOKUP_TEXT(address, part)`
pub(super) static GEO_LOOKUP_TEXT: Function = Function {
    name: "GEO::LOOKUP_TEXT",
    category: Category::Geography,
    parameters: &[Parameter::new("address", ADDRESS), Parameter::new("part", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "One part (`city`, `country`, `continent`, ...) of what the geographic data has on the address. Null for null, for a private or unknown address, for a part that is not there and without geographic data.",
    examples: &[
        Example { call: "GEO::LOOKUP_TEXT('192.0.2.7', 'city')", value: "'Berlin'" },
        Example { call: "GEO::LOOKUP_TEXT(sourceip, 'city')", value: "null" },
        Example { call: "GEO::LOOKUP_TEXT(NULL, 'city')", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::Geography, |environment, arguments| {
        Ok(part("GEO::LOOKUP_TEXT", 1, environment, arguments))
    }),
};

/// The call of a lookup as text, with the part in the argument `part_at`.
pub(super) fn part(name: &'static str, part_at: usize, environment: &Environment, arguments: Vec<Argument>) -> Expr {
    let geography = environment.geography.clone();
    let part = RowFunction::text(name, move |cells| {
        geography.as_ref()?.part(cells[0].address()?, cells[part_at].text()?).map(Cow::Owned)
    });
    part.call(arguments)
}
