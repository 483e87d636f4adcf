//! The time at the start of a syslog line.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::time;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Clocks may be ahead of the reference time by so much.
const AHEAD_MAX_MS: i64 = 24 * 3600 * 1000;
/// Years that are tried for the 29th of February.
const YEARS_BACK_MAX: i16 = 8;

/// A time as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stamp {
    /// Milliseconds since 1970 UTC.
    Full(i64),
    /// Month, day, and the clock in milliseconds.
    WithoutYear(i8, i8, i64),
}

impl Stamp {
    /// The time; one without year is the last such before the reference time and a day.
    pub(super) fn time(self, reference: Option<i64>) -> Option<i64> {
        let (month, day, clock) = match self {
            Self::Full(time) => return Some(time),
            Self::WithoutYear(month, day, clock) => (month, day, clock),
        };
        let reference = reference?;
        let year = jiff::Timestamp::from_millisecond(reference).ok()?.to_zoned(TimeZone::UTC).year();
        // A reference at the end of December and a clock that is ahead: the next year comes first.
        let years = (0..=YEARS_BACK_MAX).map(|it| year + 1 - it);
        years.filter_map(|it| midnight(it, month, day)).map(|it| it + clock).find(|it| *it <= reference + AHEAD_MAX_MS)
    }
}

fn midnight(year: i16, month: i8, day: i8) -> Option<i64> {
    let date = DateTime::new(year, month, day, 0, 0, 0, 0).ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// Reads `Nov 21 10:00:01`, also with year (`Nov 21 2026 10:00:01`) and fraction, or RFC 3339; then what follows it.
pub(super) fn read(text: &str) -> Option<(Stamp, &str)> {
    let first = *text.as_bytes().first()?;
    if first.is_ascii_digit() { iso(text) } else { named_month(text) }
}

fn iso(text: &str) -> Option<(Stamp, &str)> {
    let (word, rest) = text.split_once(' ')?;
    if word.len() >= 19 && word.as_bytes()[10] == b'T' {
        return Some((Stamp::Full(time::parse(word)?), rest));
    }
    // `2026-11-21 10:00:01.000000+0100`, as the log of macOS has it.
    let length = word.len() + 1 + rest.find(' ')?;
    let is_date = word.len() == 10 && word.as_bytes()[4] == b'-';
    let found = is_date.then(|| time::parse(&text[..length])).flatten()?;
    Some((Stamp::Full(found), &text[length + 1..]))
}

fn named_month(text: &str) -> Option<(Stamp, &str)> {
    let month = MONTHS.iter().position(|it| text.starts_with(it))? + 1;
    let (day, rest) = number(text[3..].strip_prefix(' ')?.trim_start())?;
    let rest = rest.strip_prefix(' ')?;
    let (year, rest) = match number(rest) {
        Some((year @ 1970..=9999, behind)) => (Some(year), behind.strip_prefix(' ')?),
        _ => (None, rest),
    };
    let (clock, rest) = clock(rest)?;
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    (1..=31).contains(&day).then_some(())?;
    let stamp = match year {
        Some(year) => Stamp::Full(midnight(i16::try_from(year).ok()?, month, day)? + clock),
        None => Stamp::WithoutYear(month, day, clock),
    };
    Some((stamp, rest.strip_prefix(' ')?))
}

/// `10:00:01` or `10:00:01.250`, in milliseconds.
fn clock(text: &str) -> Option<(i64, &str)> {
    let (hours, rest) = number(text)?;
    let (minutes, rest) = number(rest.strip_prefix(':')?)?;
    let (seconds, rest) = number(rest.strip_prefix(':')?)?;
    (hours < 24 && minutes < 60 && seconds <= 60).then_some(())?;
    let clock = i64::from((hours * 60 + minutes) * 60 + seconds) * 1000;
    let Some(fraction) = rest.strip_prefix('.') else { return Some((clock, rest)) };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    let three: String = fraction[..digits].chars().chain("000".chars()).take(3).collect();
    Some((clock + three.parse::<i64>().ok()?, &fraction[digits..]))
}

fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&digits).then(|| Some((text[..digits].parse().ok()?, &text[digits..]))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_year_are_not_in_the_future() {
        let reference = time::parse("2027-01-02T00:00:00Z");
        for (text, expected) in [
            ("Jan  1 23:00:00 x", "2027-01-01T23:00:00Z"),
            ("Jan  2 23:59:59.5 x", "2027-01-02T23:59:59.500Z"),
            ("Jan 03 00:00:01 x", "2026-01-03T00:00:01Z"),
            ("Dec 31 23:59:59 x", "2026-12-31T23:59:59Z"),
            ("Feb 29 12:00:00 x", "2024-02-29T12:00:00Z"),
            ("Nov 21 2020 10:00:01 x", "2020-11-21T10:00:01Z"),
            ("2026-11-21T11:00:01+01:00 x", "2026-11-21T10:00:01Z"),
            ("2026-11-21 11:00:01.000000+0100 x", "2026-11-21T10:00:01Z"),
        ] {
            let (stamp, rest) = read(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((stamp.time(reference), rest), (time::parse(expected), "x"), "{text}");
        }
        let end = time::parse("2026-12-31T20:00:00Z");
        assert_eq!(read("Jan  1 01:00:00 x").and_then(|it| it.0.time(end)), time::parse("2027-01-01T01:00:00Z"));
        assert_eq!(read("Jan  1 01:00:00 x").and_then(|it| it.0.time(None)), None);
        for text in ["", "Nov", "Nov 21", "Nov 41 10:00:01 x", "Nov 21 25:00:01 x", "November 21 10:00:01 x", "12 x"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
