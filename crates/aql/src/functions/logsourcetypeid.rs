//! `LOGSOURCETYPEID`: the id of the log source type.

use schema::Type;

use crate::{ANY, Category, Example, Function, Lower, Parameter, Returns, Standing};

/// `LOGSOURCETYPEID([logsourceid])`
pub(super) static LOGSOURCETYPEID: Function = Function {
    name: "LOGSOURCETYPEID",
    category: Category::Lookup,
    parameters: &[Parameter::new("logsourceid", ANY).optional()],
    variadic: false,
    returns: Returns::Type(Type::Integer),
    summary: "The id of the log source type of the event, whatever the argument: published queries call it, QRadar has only the field `devicetype`. Null where that is null.",
    examples: &[Example { call: "LOGSOURCETYPEID(62)", value: "12" }],
    standing: Standing::Extension(Some("devicetype")),
    lower: Lower::Field("devicetype"),
};
