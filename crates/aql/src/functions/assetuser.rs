//! `ASSETUSER`: the user of an asset.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing, WHOLE};

/// `ASSETUSER(address[, time][, domain])`
pub(super) static ASSETUSER: Function = Function {
    name: "ASSETUSER",
    category: Category::Asset,
    parameters: &[
        Parameter::new("address", ADDRESS),
        Parameter::new("time", NUMBER).optional(),
        Parameter::new("domain", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The user last seen on the asset that had the address at the time (now, if not given). Null: there are no assets yet.",
    examples: &[Example { call: "ASSETUSER(sourceip)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("assets"),
};
