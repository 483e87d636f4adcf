//! `HOSTNAME`: the host name of an event processor.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `HOSTNAME(processorid)`
pub(super) static HOSTNAME: Function = Function {
    name: "HOSTNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("processorid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The host name of the event or flow processor with this id. Null: there are no names of processors yet.",
    examples: &[Example { call: "HOSTNAME(8)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("names of processors"),
};
