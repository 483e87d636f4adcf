//! `QIDNAME`: the name of a kind of event.

use std::borrow::Cow;

use schema::Type;
use schema::tables::qids;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `QIDNAME(qid)`
pub(super) static QIDNAME: Function = Function {
    name: "QIDNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("qid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The name of the event with this QID. Null and an unknown QID give null.",
    examples: &[
        Example { call: "QIDNAME(5000863)", value: "'A process has exited'" },
        Example { call: "QIDNAME(NULL)", value: "null" },
        Example { call: "QIDNAME(-1)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("QIDNAME", |cells| qids::by_id(cells[0].integer()?)?.name.map(Cow::Borrowed))
            .call(arguments))
    }),
};
