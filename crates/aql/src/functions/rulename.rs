//! `RULENAME`: the names of rules.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `RULENAME(rule)`
pub(super) static RULENAME: Function = Function {
    name: "RULENAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("rule", &[Type::Integer, Type::Integers])],
    variadic: false,
    returns: Returns::TextOrTexts(0),
    summary: "The name of the rule with this id, or the names of all rules of a list such as `creeventlist`; a text test over a list asks for any of them. Null: there are no names of rules yet.",
    examples: &[
        Example { call: "RULENAME(100205)", value: "null" },
        Example { call: "RULENAME(creeventlist)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Missing("names of rules"),
};
