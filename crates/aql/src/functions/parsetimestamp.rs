//! `PARSETIMESTAMP`: the time that a text names.

use schema::Type;

use super::dateformat::pattern::DatePattern;
use super::dateformat::zone::Zone;
use super::row::RowFunction;
use crate::{Argument, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `PARSETIMESTAMP(pattern, text)`
pub(super) static PARSETIMESTAMP: Function = Function {
    name: "PARSETIMESTAMP",
    category: Category::Time,
    parameters: &[Parameter::new("pattern", TEXT), Parameter::new("text", TEXT)],
    variadic: false,
    returns: Returns::Type(Type::Time),
    summary: "The time that the text names, in milliseconds since 1970 UTC. The pattern is a literal, as for DATEFORMAT, \
              and is read as leniently as Java does: text after the date is left alone, the 32nd of a month is the 1st of \
              the next, a two-digit year lies from 80 years before to 20 years after the query. Without a time zone in the \
              text that of the query counts. The arguments may stand in the other order: the literal that is a pattern is \
              the pattern. Null and a text that does not follow the pattern give null; a bad pattern is an error.",
    examples: &[
        Example { call: "PARSETIMESTAMP('yyyy-MM-dd', '2024-05-06')", value: "1714953600000" },
        Example {
            call: "PARSETIMESTAMP('yyyy-MM-dd HH:mm:ssXXX', '2024-05-06 02:00:00+02:00')",
            value: "1714953600000",
        },
        Example { call: "PARSETIMESTAMP('6.5.24', 'd.M.yy')", value: "1714953600000" },
        Example { call: "PARSETIMESTAMP('yyyy-MM-dd', 'yesterday')", value: "null" },
        Example { call: "PARSETIMESTAMP('yyyy-MM-dd', NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|environment, arguments| {
        let position = pattern_position(&arguments);
        let Some(text) = arguments.get(position).and_then(Argument::literal_text) else {
            return Err("the pattern of a date must be a literal".to_owned());
        };
        let pattern = DatePattern::parse(text)?;
        let (zone, now) = (Zone::find(&environment.time_zone)?, environment.now);
        let time =
            RowFunction::integer("PARSETIMESTAMP", move |cells| pattern.read(cells[1 - position].text()?, &zone, now));
        Ok(time.call(arguments))
    }),
};

/// Which of the two arguments is the pattern: the first, unless only the second is a literal that can be one. The
/// order is disputed (`reference/aql.md` section 4).
fn pattern_position(arguments: &[Argument]) -> usize {
    let is_pattern = |position: usize| {
        let literal = arguments.get(position).and_then(Argument::literal_text);
        literal.is_some_and(|it| DatePattern::parse(it).is_ok_and(|it| it.has_fields()))
    };
    usize::from(!is_pattern(0) && is_pattern(1))
}
