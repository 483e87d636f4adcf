//! `QIDDESCRIPTION`: what a kind of event means.

use std::borrow::Cow;

use schema::Type;
use schema::tables::qids;

use super::row::RowFunction;
use crate::{Category, Example, Function, Lower, Parameter, Returns, Standing, WHOLE};

/// `QIDDESCRIPTION(qid)`
pub(super) static QIDDESCRIPTION: Function = Function {
    name: "QIDDESCRIPTION",
    category: Category::Lookup,
    parameters: &[Parameter::new("qid", WHOLE)],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The description of the event with this QID: its name, as no longer text is public. Null and an unknown QID give null.",
    examples: &[
        Example { call: "QIDDESCRIPTION(5000863)", value: "'A process has exited'" },
        Example { call: "QIDDESCRIPTION(NULL)", value: "null" },
        Example { call: "QIDDESCRIPTION(-1)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        Ok(RowFunction::text("QIDDESCRIPTION", |cells| qids::by_id(cells[0].integer()?)?.name.map(Cow::Borrowed))
            .call(arguments))
    }),
};
