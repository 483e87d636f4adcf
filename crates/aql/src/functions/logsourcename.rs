//! `LOGSOURCENAME`: the name of a log source.

use std::borrow::Cow;

use schema::Type;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Provider, Returns, Standing, WHOLE};

/// `LOGSOURCENAME(logsourceid)`
pub(super) static LOGSOURCENAME: Function = Function {
    name: "LOGSOURCENAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("logsourceid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the log source with this id. Null and an unknown id give null.",
    examples: &[
        Example { call: "LOGSOURCENAME(62)", value: "'Windows @ dc01'" },
        Example { call: "LOGSOURCENAME(-1)", value: "null" },
        Example { call: "LOGSOURCENAME(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::LogSources, |environment, arguments| {
        let log_sources = environment.log_sources.clone();
        let name = RowFunction::text("LOGSOURCENAME", move |cells| {
            Some(Cow::Owned(log_sources.as_ref()?.name(cells[0].integer()?)?))
        });
        Ok(name.call(arguments))
    }),
};
