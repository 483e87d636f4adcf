//! `DOMAINNAME`: the name of a domain.

use std::borrow::Cow;

use schema::Type;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `DOMAINNAME(domainid)`
pub(super) static DOMAINNAME: Function = Function {
    name: "DOMAINNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("domainid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the domain with this id: 0 is the default domain, the only one of a system without domains. Null and another id give null.",
    examples: &[
        Example { call: "DOMAINNAME(0)", value: "'Default Domain'" },
        Example { call: "DOMAINNAME(7)", value: "null" },
        Example { call: "DOMAINNAME(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("DOMAINNAME", |cells| {
            (cells[0].integer()? == 0).then_some(Cow::Borrowed("Default Domain"))
        })
        .call(arguments))
    }),
};
