//! `PROTOCOLNAME`: the name of an IP protocol.

use std::borrow::Cow;

use schema::Type;
use schema::tables::protocols;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `PROTOCOLNAME(protocolid)`
pub(super) static PROTOCOLNAME: Function = Function {
    name: "PROTOCOLNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("protocolid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the IP protocol with this number. Null and an unassigned number give null.",
    examples: &[
        Example { call: "PROTOCOLNAME(6)", value: "'TCP'" },
        Example { call: "PROTOCOLNAME(NULL)", value: "null" },
        Example { call: "PROTOCOLNAME(-1)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("PROTOCOLNAME", |cells| protocols::by_id(cells[0].integer()?).map(Cow::Borrowed))
            .call(arguments))
    }),
};
