//! `XFORCE_URL_CATEGORY`: the categories of a URL.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `XFORCE_URL_CATEGORY(url)`
pub(super) static XFORCE_URL_CATEGORY: Function = Function {
    name: "XFORCE_URL_CATEGORY",
    category: Category::ThreatIntelligence,
    parameters: &[Parameter::new("url", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The categories to which X-Force counts the URL. Null: there are no X-Force data yet.",
    examples: &[Example { call: "XFORCE_URL_CATEGORY('http://example.com/')", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("X-Force data"),
};
