//! `ARIELSERVERS4EPNAME`: the servers of an event processor, by name.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `ARIELSERVERS4EPNAME(processor_name)`
pub(super) static ARIELSERVERS4EPNAME: Function = Function {
    name: "ARIELSERVERS4EPNAME",
    category: Category::Server,
    parameters: &[Parameter::new("processor_name", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The Ariel servers that are attached to the event processor with this name; for PARAMETERS REMOTESERVERS and EXCLUDESERVERS. Null: there are no servers of a deployment yet.",
    examples: &[Example { call: "ARIELSERVERS4EPNAME('eventprocessor0')", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("servers of a deployment"),
};
