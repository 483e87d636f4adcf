//! `GLOBALVIEW`: the collected results of a saved search, after FROM.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `GLOBALVIEW(search, range)`
pub(super) static GLOBALVIEW: Function = Function {
    name: "GLOBALVIEW",
    category: Category::Server,
    parameters: &[Parameter::new("search", TEXT).literal(), Parameter::new("range", TEXT).literal()],
    variadic: false,
    returns: Returns::Type(Type::Structure),
    summary: "The results that a saved search has collected over time, for a range such as NORMAL, HOURLY or DAILY. Not a value: it stands after FROM. Without saved searches it is an empty table, with a note.",
    examples: &[Example { call: "FROM GLOBALVIEW('Top Log Sources', 'NORMAL')", value: "" }],
    standing: Standing::Documented,
    lower: Lower::Clause,
};
