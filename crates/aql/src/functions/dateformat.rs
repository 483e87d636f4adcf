//! `DATEFORMAT`: a time as text, as Java's `SimpleDateFormat` writes it in English.

pub(super) mod calendar;
mod format;
pub(super) mod parse;
mod resolve;

pub(super) mod pattern;
#[cfg(test)]
mod tests;
pub(super) mod zone;

use std::borrow::Cow;

use pattern::DatePattern;
use schema::Type;
use zone::Zone;

use super::row::RowFunction;
use crate::{Argument, Category, Example, Function, Lower, NUMBER, Parameter, Returns, Standing, TEXT};

/// `DATEFORMAT(time, pattern)`
pub(super) static DATEFORMAT: Function = Function {
    name: "DATEFORMAT",
    category: Category::Time,
    parameters: &[Parameter::new("time", NUMBER), Parameter::new("pattern", TEXT).literal()],
    variadic: false,
    returns: Returns::Type(Type::Text),
    summary: "The time, in milliseconds since 1970 UTC, as text in the time zone of the query. The pattern is a literal \
              of Java's SimpleDateFormat: `yyyy` year, `MM` month, `dd` day, `HH` hour from 0 to 23, `hh` hour from 1 to \
              12, `mm` minute, `ss` second, `SSS` millisecond, `a` AM or PM, `EEE` day of the week, `z`, `Z` and `X` time \
              zone, text between single quotes. `YYYY` is the year of the week, which is not that of the day around New \
              Year. Null gives null; a bad pattern is an error.",
    examples: &[
        Example { call: "DATEFORMAT(starttime, 'yyyy-MM-dd HH:mm:ss')", value: "'2024-05-01 12:00:00'" },
        Example { call: "DATEFORMAT(1735603200000, 'yyyy YYYY')", value: "'2024 2025'" },
        Example { call: "DATEFORMAT(starttime, 'EEEE, d MMMM, h a')", value: "'Wednesday, 1 May, 12 PM'" },
        Example { call: "DATEFORMAT(NULL, 'yyyy')", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|environment, arguments| {
        let Some(text) = arguments.get(1).and_then(Argument::literal_text) else {
            return Err("the pattern of a date must be a literal".to_owned());
        };
        let pattern = DatePattern::parse(text)?;
        let zone = Zone::find(&environment.time_zone)?;
        let date =
            RowFunction::text("DATEFORMAT", move |cells| Some(Cow::Owned(pattern.format(cells[0].integer()?, &zone))));
        Ok(date.call(arguments))
    }),
};
