//! `ASSETPROPERTY`: a property of an asset.

use schema::Type;

use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT, WHOLE};

/// `ASSETPROPERTY(property, address[, domain])`
pub(super) static ASSETPROPERTY: Function = Function {
    name: "ASSETPROPERTY",
    category: Category::Asset,
    parameters: &[
        Parameter::new("property", TEXT),
        Parameter::new("address", ADDRESS),
        Parameter::new("domain", WHOLE).optional(),
    ],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The property with this name of the asset that has the address. Null: there are no assets yet.",
    examples: &[Example { call: "ASSETPROPERTY('Unified Name', sourceip)", value: "null" }],
    standing: Standing::Documented,
    lower: Lower::Missing("assets"),
};
