//! `XFORCE_IP_CATEGORY`: the categories of an address.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `XFORCE_IP_CATEGORY(address)`
pub(super) static XFORCE_IP_CATEGORY: Function = Function {
    name: "XFORCE_IP_CATEGORY",
    category: Category::ThreatIntelligence,
    parameters: &[Parameter::new("address", ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The categories to which X-Force counts the address. Null: there are no X-Force data yet.",
    examples: &[Example { call: "XFORCE_IP_CATEGORY(sourceip)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("X-Force data"),
};
