//! `INOFFENSE`: whether an event belongs to an offense.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `INOFFENSE(offense_id)`
pub(super) static INOFFENSE: Function = Function {
    name: "INOFFENSE",
    category: Category::Offense,
    parameters: &[Parameter::new("offense_id", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Boolean),
    summary: "Whether the event contributes to the offense with this id. Null: there are no offenses yet.",
    examples: &[Example { call: "INOFFENSE(42)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("offenses"),
};
