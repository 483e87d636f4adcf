//! `MATCHESASSETSEARCH`: whether a saved search for assets finds an address.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `MATCHESASSETSEARCH(search, address)`
pub(super) static MATCHESASSETSEARCH: Function = Function {
    name: "MATCHESASSETSEARCH",
    category: Category::Asset,
    parameters: &[Parameter::new("search", TEXT), Parameter::new("address", ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Boolean),
    summary: "Whether the address belongs to an asset that the saved asset search finds. Null: there are no assets yet.",
    examples: &[Example { call: "MATCHESASSETSEARCH('Domain controllers', sourceip)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("assets"),
};
