//! `APPLICATIONNAME`: the name of a flow application.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `APPLICATIONNAME(applicationid)`
pub(super) static APPLICATIONNAME: Function = Function {
    name: "APPLICATIONNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("applicationid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the application of a flow with this id. Null: there are no names of applications yet.",
    examples: &[Example { call: "APPLICATIONNAME(1001)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("names of applications"),
};
