//! `NETWORKNAME`: the network of an address.

use std::borrow::Cow;

use schema::Type;

use super::row::RowFunction;
use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `NETWORKNAME(address[, domain])`
pub(super) static NETWORKNAME: Function = Function {
    name: "NETWORKNAME",
    category: Category::Network,
    parameters: &[Parameter::new("address", ADDRESS), Parameter::new("domain", WHOLE).optional()],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the network that holds the address: `other`, as for every address outside of the hierarchy, because none is defined yet. Null and what is not an address give null.",
    examples: &[
        Example { call: "NETWORKNAME(sourceip)", value: "'other'" },
        Example { call: "NETWORKNAME('10.0.0.5', 0)", value: "'other'" },
        Example { call: "NETWORKNAME('dc01')", value: "null" },
        Example { call: "NETWORKNAME(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("NETWORKNAME", |cells| cells[0].address().map(|_| Cow::Borrowed(OUTSIDE))).call(arguments))
    }),
};

/// The name for every address that no network of the hierarchy holds.
pub(super) const OUTSIDE: &str = "other";
