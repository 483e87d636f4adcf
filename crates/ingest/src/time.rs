//! Times as logs spell them, to milliseconds since 1970 UTC.

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Reads a time in RFC 3339, with a blank for the `T`, with ` UTC` or without a zone (then UTC), as `/Date(ms)/`,
/// or as a number since 1970 (seconds, milliseconds, microseconds or nanoseconds by its size).
pub(crate) fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(time) = has_zone(text).and_then(|time| time.parse::<Timestamp>().ok()) {
        return Some(time.as_millisecond());
    }
    if let Some(number) = text.strip_prefix("/Date(").and_then(|rest| rest.split(['+', '-', ')']).next()) {
        return number.parse().ok();
    }
    if let Ok(number) = text.parse::<f64>() {
        return epoch(number);
    }
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    let time = text.parse::<DateTime>().ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

/// Whether the text says its zone, as far as [`parse`] reads it.
pub(crate) fn has_zone(text: &str) -> Option<&str> {
    let text = text.trim();
    let clock = text.get(10..)?;
    (clock.ends_with(['Z', 'z']) || clock.contains(['+', '-'])).then_some(text)
}

/// Reads a number since 1970: seconds below 10^11 (the year 5138), then milliseconds, microseconds, nanoseconds.
pub(crate) fn epoch(number: f64) -> Option<i64> {
    let milliseconds = match number.abs() {
        it if it < 1e11 => number * 1e3,
        it if it < 1e14 => number,
        it if it < 1e17 => number / 1e3,
        it if it < 1e20 => number / 1e6,
        _ => return None,
    };
    milliseconds.is_finite().then(|| milliseconds.round() as i64)
}

#[cfg(test)]
mod tests {
    #[test]
    fn reads_every_spelling() {
        let expected = Some(1_795_255_201_000);
        for text in [
            "2026-11-21T10:00:01Z",
            "2026-11-21T10:00:01.0000000Z",
            "2026-11-21T11:00:01+01:00",
            "2026-11-21T10:00:01+0000",
            "2026-11-21 10:00:01",
            "2026-11-21 10:00:01 UTC",
            "2026-11-21T10:00:01",
            "2026-11-21 10:00:01.000Z",
            "1795255201",
            "1795255201.000",
            "1795255201000",
            "1795255201000000",
            "1795255201000000000",
            "/Date(1795255201000)/",
            "/Date(1795255201000+0100)/",
        ] {
            assert_eq!(super::parse(text), expected, "{text}");
        }
        for text in ["", "soon", "2026-13-01T00:00:00Z", "NaN", "inf", "1e300"] {
            assert_eq!(super::parse(text), None, "{text}");
        }
    }
}
