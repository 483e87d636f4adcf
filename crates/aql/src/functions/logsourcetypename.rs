//! `LOGSOURCETYPENAME`: the name of a log source type.

use std::borrow::Cow;

use schema::Type;
use schema::tables::log_source_types;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `LOGSOURCETYPENAME(devicetype)`
pub(super) static LOGSOURCETYPENAME: Function = Function {
    name: "LOGSOURCETYPENAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("devicetype", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the log source type with this id. Null and an unknown id give null.",
    examples: &[
        Example { call: "LOGSOURCETYPENAME(12)", value: "'Microsoft Windows Security Event Log'" },
        Example { call: "LOGSOURCETYPENAME(NULL)", value: "null" },
        Example { call: "LOGSOURCETYPENAME(-1)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("LOGSOURCETYPENAME", |cells| {
            Some(Cow::Borrowed(log_source_types::by_id(cells[0].integer()?)?.name()))
        })
        .call(arguments))
    }),
};
