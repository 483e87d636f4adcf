//! `FULLNETWORKNAME`: the network of an address.

use std::borrow::Cow;

use schema::Type;

use super::networkname::OUTSIDE;
use super::row::RowFunction;
use crate::{ADDRESS, Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `FULLNETWORKNAME(address[, domain])`
pub(super) static FULLNETWORKNAME: Function = Function {
    name: "FULLNETWORKNAME",
    category: Category::Network,
    parameters: &[Parameter::new("address", ADDRESS), Parameter::new("domain", WHOLE).optional()],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The path, from the top of the network hierarchy, of the network that holds the address: `other`, as for every address outside of the hierarchy, because none is defined yet. Null and what is not an address give null.",
    examples: &[
        Example { call: "FULLNETWORKNAME(sourceip)", value: "'other'" },
        Example { call: "FULLNETWORKNAME('10.0.0.5', 0)", value: "'other'" },
        Example { call: "FULLNETWORKNAME('dc01')", value: "null" },
        Example { call: "FULLNETWORKNAME(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("FULLNETWORKNAME", |cells| cells[0].address().map(|_| Cow::Borrowed(OUTSIDE)))
            .call(arguments))
    }),
};
