//! `LOGSOURCEGROUPNAME`: the names of log source groups.

use std::borrow::Cow;

use schema::Type;

use super::row::list_cells;
use super::row::{Cell, RowFunction};
use crate::{Category, Example, Function, Lower, Parameter, Provider, Returns, Standing};

/// `LOGSOURCEGROUPNAME(devicegrouplist)`
pub(super) static LOGSOURCEGROUPNAME: Function = Function {
    name: "LOGSOURCEGROUPNAME",
    category: Category::Lookup,
    parameters: &[Parameter::new("devicegrouplist", &[Type::Integer, Type::Integers])],
    variadic: false,
    returns: Returns::TextOrTexts(0),
    summary: "The names of the groups in a list of group ids (`devicegrouplist`), or the name of the group of one log source (`logsourceid`). Null and an unknown id give null; unknown ids of a list are left out.",
    examples: &[
        Example { call: "LOGSOURCEGROUPNAME(62)", value: "'Servers'" },
        Example { call: "LOGSOURCEGROUPNAME(devicegrouplist)", value: "['Servers', 'Domain controllers']" },
        Example { call: "LOGSOURCEGROUPNAME(-1)", value: "null" },
        Example { call: "LOGSOURCEGROUPNAME(NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Provided(Provider::LogSources, |environment, arguments| {
        let log_sources = environment.log_sources.clone();
        let is_list = arguments.iter().any(|it| it.value_type == Type::Integers);
        let names = if is_list {
            RowFunction::texts("LOGSOURCEGROUPNAMES", move |cells| {
                let Cell::List(groups) = &cells[0] else { return None };
                let log_sources = log_sources.as_ref()?;
                Some(list_cells(groups).iter().filter_map(|it| log_sources.group_name(it.integer()?)).collect())
            })
        } else {
            RowFunction::text("LOGSOURCEGROUPNAME", move |cells| {
                Some(Cow::Owned(log_sources.as_ref()?.group_of(cells[0].integer()?)?))
            })
        };
        Ok(names.call(arguments))
    }),
};
