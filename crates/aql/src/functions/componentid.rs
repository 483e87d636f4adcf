//! `COMPONENTID`: the id of a component.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `COMPONENTID(component)`
pub(super) static COMPONENTID: Function = Function {
    name: "COMPONENTID",
    category: Category::Server,
    parameters: &[Parameter::new("component", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Integer),
    summary: "The id of the component of the deployment with this name. Null: there are no components of a deployment yet.",
    examples: &[Example { call: "COMPONENTID('eventcollector0')", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("components of a deployment"),
};
