//! Moments as text and text as moments.

use anyhow::{Result, bail};
use jiff::tz::TimeZone;

/// RFC 3339 in UTC with milliseconds, such as `2026-11-21T10:00:01.000Z`.
pub(crate) fn rfc3339(milliseconds: i64) -> String {
    match jiff::Timestamp::from_millisecond(milliseconds) {
        Ok(moment) => format!("{moment:.3}"),
        Err(_) => milliseconds.to_string(),
    }
}

/// The day of a moment in a time zone, such as `2026-11-21`.
pub(crate) fn day(milliseconds: i64, zone: &TimeZone) -> String {
    let moment = jiff::Timestamp::from_millisecond(milliseconds);
    moment.map_or_else(|_| String::new(), |it| it.to_zoned(zone.clone()).date().to_string())
}

/// A time zone by its IANA name or its offset, such as `+02:00`.
pub(crate) fn zone(name: &str) -> Result<TimeZone> {
    if let Ok(zone) = TimeZone::get(name) {
        return Ok(zone);
    }
    match format!("2000-01-01T00:00:00{name}[{name}]").parse::<jiff::Zoned>() {
        Ok(moment) => Ok(moment.time_zone().clone()),
        Err(_) => bail!("no time zone `{name}`; write `Europe/Rome` or `+02:00`"),
    }
}

/// Milliseconds since 1970 UTC of what a user wrote: RFC 3339, `2026-11-21`, `2026-11-21 10:00[:01]` (UTC) or
/// milliseconds.
pub(crate) fn parse(text: &str) -> Result<i64> {
    if let Ok(milliseconds) = text.parse::<i64>() {
        return Ok(milliseconds);
    }
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return Ok(moment.as_millisecond());
    }
    if let Ok(moment) = text.parse::<jiff::civil::DateTime>()
        && let Ok(moment) = moment.to_zoned(jiff::tz::TimeZone::UTC)
    {
        return Ok(moment.timestamp().as_millisecond());
    }
    bail!("`{text}` is no moment; write `2026-11-21T10:00:00Z`, `2026-11-21 10:00`, `2026-11-21` or milliseconds")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_each_form() {
        for text in ["2026-11-21T10:00:00Z", "2026-11-21 10:00", "2026-11-21T11:00:00+01:00", "1795255200000"] {
            assert_eq!(parse(text).expect(text), 1_795_255_200_000, "{text}");
        }
        assert_eq!(parse("2026-11-21").expect("a date"), 1_795_219_200_000);
        assert!(parse("yesterday").is_err());
        let days = ["UTC", "+14:00", "Pacific/Honolulu"].map(|it| day(1_795_255_200_000, &zone(it).expect(it)));
        assert_eq!(days, ["2026-11-21", "2026-11-22", "2026-11-21"]);
        assert!(zone("Rome").is_err());
        assert_eq!(rfc3339(1_795_255_200_000), "2026-11-21T10:00:00.000Z");
    }
}
