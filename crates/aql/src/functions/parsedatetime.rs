//! `PARSEDATETIME`: a time in words, such as `1 hour ago`.

use datafusion_expr::lit;
use schema::Type;

use super::dateformat::zone::Zone;
use crate::{Argument, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `PARSEDATETIME(reference)`
pub(super) static PARSEDATETIME: Function = Function {
    name: "PARSEDATETIME",
    category: Category::Time,
    parameters: &[Parameter::new("reference", TEXT).literal()],
    variadic: false,
    returns: Returns::Type(Type::Time),
    summary: "The time that the words name, in milliseconds since 1970 UTC, counted from the start of the query: `now`, \
              `today` (the same), `yesterday` (a day earlier), `5 minutes ago`, `last week`, with seconds, minutes, hours, \
              days, weeks, months and years. Other words are an error. Its usual place is after START and STOP.",
    examples: &[
        Example { call: "PARSEDATETIME('now')", value: "1714564800000" },
        Example { call: "PARSEDATETIME('1 hour ago')", value: "1714561200000" },
        Example { call: "PARSEDATETIME('yesterday')", value: "1714478400000" },
        Example { call: "PARSEDATETIME('2 weeks ago')", value: "1713355200000" },
        Example { call: "PARSEDATETIME('a month ago')", value: "1711972800000" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|environment, arguments| {
        let Some(text) = arguments.first().and_then(Argument::literal_text) else {
            return Err("the words of a time must be a literal".to_owned());
        };
        parse_date_time(text, environment.now, &environment.time_zone).map(lit)
    }),
};

/// The time that the words name, in milliseconds since 1970 UTC, counted from `now`. Days and longer units are those
/// of the calendar in the time zone. The error is a reason, as in a diagnostic.
pub fn parse_date_time(text: &str, now: i64, time_zone: &str) -> Result<i64, String> {
    let refused = || format!("`{text}` is not a time in words such as `now`, `yesterday` or `5 minutes ago`");
    let lowered = text.to_lowercase();
    let words: Vec<&str> = lowered.split_whitespace().collect();
    let (count, unit) = match words.as_slice() {
        ["now" | "today"] => return Ok(now),
        ["yesterday"] => (1, "day"),
        ["last", unit] => (1, *unit),
        [count, unit, "ago"] => (number(count).ok_or_else(refused)?, *unit),
        _ => return Err(refused()),
    };
    let zone = Zone::find(time_zone)?;
    let span = match unit.strip_suffix('s').unwrap_or(unit) {
        "second" | "sec" => return before(now, count, 1000).ok_or_else(refused),
        "minute" | "min" => return before(now, count, 60_000).ok_or_else(refused),
        "hour" => return before(now, count, 3_600_000).ok_or_else(refused),
        "day" => jiff::Span::new().try_days(count),
        "week" => jiff::Span::new().try_weeks(count),
        "month" => jiff::Span::new().try_months(count),
        "year" => jiff::Span::new().try_years(count),
        _ => return Err(refused()),
    };
    span.ok().and_then(|it| zone.minus(now, it)).ok_or_else(refused)
}

fn before(now: i64, count: i64, unit: i64) -> Option<i64> {
    now.checked_sub(count.checked_mul(unit)?)
}

/// A number in digits, or `a`, `an` and `one` to `ten`.
fn number(word: &str) -> Option<i64> {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    match word {
        "a" | "an" => Some(1),
        _ => match WORDS.iter().position(|it| *it == word) {
            Some(position) => Some(position as i64 + 1),
            None => word.parse().ok().filter(|it| *it >= 0),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::parse_date_time;

    #[test]
    fn days_are_those_of_the_calendar() {
        // 2024-04-01 12:00 in Berlin, the day after the clocks went forward.
        let now = 1_711_965_600_000;
        assert_eq!(parse_date_time("2 days ago", now, "Europe/Berlin"), Ok(now - 47 * 3_600_000));
        assert_eq!(parse_date_time("48 hours ago", now, "Europe/Berlin"), Ok(now - 48 * 3_600_000));
    }

    #[test]
    fn other_words_are_refused() {
        for text in ["", "soon", "1 fortnight ago", "-1 days ago", "99999999999999999 hours ago", "1 day"] {
            assert!(parse_date_time(text, 0, "UTC").is_err_and(|it| it.contains("not a time in words")), "{text}");
        }
    }
}
