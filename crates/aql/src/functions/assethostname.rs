//! `ASSETHOSTNAME`: the host name of an asset.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing, WHOLE};

/// `ASSETHOSTNAME(address[, time][, domain])`
pub(super) static ASSETHOSTNAME: Function = Function {
    name: "ASSETHOSTNAME",
    category: Category::Asset,
    parameters: &[
        Parameter::new("address", ADDRESS),
        Parameter::new("time", NUMBER).optional(),
        Parameter::new("domain", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The host name of the asset that had the address at the time (now, if not given). Null: there are no assets yet.",
    examples: &[
        Example { call: "ASSETHOSTNAME(sourceip)", value: "null" },
        Example { call: "ASSETHOSTNAME('10.0.0.5', NOW())", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Missing("assets"),
};
