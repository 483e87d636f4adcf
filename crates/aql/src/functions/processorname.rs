//! `PROCESSORNAME`: the name of an event processor.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `PROCESSORNAME(processorid)`
pub(super) static PROCESSORNAME: Function = Function {
    name: "PROCESSORNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("processorid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the event or flow processor with this id. Null: there are no names of processors yet.",
    examples: &[Example { call: "PROCESSORNAME(8)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("names of processors"),
};
