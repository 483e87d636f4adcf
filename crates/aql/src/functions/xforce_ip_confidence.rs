//! `XFORCE_IP_CONFIDENCE`: how surely an address belongs to a category.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `XFORCE_IP_CONFIDENCE(category, address)`
pub(super) static XFORCE_IP_CONFIDENCE: Function = Function {
    name: "XFORCE_IP_CONFIDENCE",
    category: Category::ThreatIntelligence,
    parameters: &[Parameter::new("category", TEXT), Parameter::new("address", ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Integer),
    summary: "How surely, from 0 to 100, X-Force counts the address to the category (`Malware`, `Spam`, ...). Null: there are no X-Force data yet.",
    examples: &[Example { call: "XFORCE_IP_CONFIDENCE('Malware', sourceip)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("X-Force data"),
};
