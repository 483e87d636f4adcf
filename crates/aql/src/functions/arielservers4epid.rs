//! `ARIELSERVERS4EPID`: the servers of an event processor, by id.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `ARIELSERVERS4EPID(processor_id)`
pub(super) static ARIELSERVERS4EPID: Function = Function {
    name: "ARIELSERVERS4EPID",
    category: Category::Server,
    parameters: &[Parameter::new("processor_id", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The Ariel servers that are attached to the event processor with this id; for PARAMETERS REMOTESERVERS and EXCLUDESERVERS. Null: there are no servers of a deployment yet.",
    examples: &[Example { call: "ARIELSERVERS4EPID(8)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("servers of a deployment"),
};
