//! `OFFENSE_TIME`: the time of an offense, after TIMES.

use schema::Type;

use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `OFFENSE_TIME(offense_id)`
pub(super) static OFFENSE_TIME: Function = Function {
    name: "OFFENSE_TIME",
    category: Category::Offense,
    parameters: &[Parameter::new("offense_id", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Time),
    summary: "The time from the first to the last event of the offense with this id. Not a value: it stands in the time clause, as in `TIMES OFFENSE_TIME(42)`. Without offenses the clause is left out, with a note.",
    examples: &[Example { call: "TIMES OFFENSE_TIME(42)", value: "" }],
    standing: Standing::Documented,
    lower: Lower::Clause,
};
