//! From the text of a log to the value of a field.

use schema::Type;

use super::address;
use crate::Value;

/// The value that a text stands for, or nothing if it stands for none of this type. A lone `-` stands for nothing.
pub(crate) fn value(value_type: Type, text: &str) -> Option<Value> {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed == "-" {
        return None;
    }
    match value_type {
        Type::Text | Type::Bytes | Type::Structure => Some(Value::Text(text.into())),
        Type::Integer => integer(trimmed).map(Value::Integer),
        Type::Port => integer(trimmed).filter(|it| (0..=65535).contains(it)).map(Value::Integer),
        Type::Time => time(trimmed).map(Value::Integer),
        Type::Double => trimmed.parse().ok().map(Value::Double),
        Type::Boolean => boolean(trimmed).map(Value::Boolean),
        Type::Host => address::host(trimmed).map(|it| Value::Text(it.into())),
        Type::Mac => address::hardware(trimmed).map(|it| Value::Text(it.into())),
        Type::Integers => trimmed.split(',').map(|it| integer(it.trim())).collect::<Option<_>>().map(Value::Integers),
        Type::Texts | Type::Null => None,
    }
}

/// A whole number in decimal, or in hexadecimal behind `0x`.
pub(super) fn integer(text: &str) -> Option<i64> {
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(|it| it as i64),
        None => text.parse().ok(),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Some(true),
        "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Milliseconds since 1970 UTC, of a date in RFC 3339 (a blank may stand for the `T`, no zone means UTC), or of a
/// number of seconds, milliseconds, microseconds or nanoseconds: which of them, its size says.
pub(super) fn time(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<f64>() {
        return time_of_number(number);
    }
    if let Ok(it) = text.parse::<jiff::Timestamp>() {
        return Some(it.as_millisecond());
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|it| it.timestamp().as_millisecond())
}

fn time_of_number(number: f64) -> Option<i64> {
    let size = number.abs();
    let milliseconds = match size {
        _ if !number.is_finite() => return None,
        _ if size < 1e11 => number * 1e3,
        _ if size < 1e14 => number,
        _ if size < 1e17 => number / 1e3,
        _ => number / 1e6,
    };
    Some(milliseconds.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_values_of_their_type() {
        let text = |it: &str| Some(Value::Text(it.into()));
        let cases = [
            (Type::Integer, "0x1f4", Some(Value::Integer(500))),
            (Type::Integer, "abc", None),
            (Type::Integer, "-", None),
            (Type::Port, "70000", None),
            (Type::Port, "445", Some(Value::Integer(445))),
            (Type::Host, "::ffff:192.0.2.7", text("192.0.2.7")),
            (Type::Host, "LOCAL", None),
            (Type::Mac, "00-11-22-AA-BB-CC", text("00:11:22:AA:BB:CC")),
            (Type::Boolean, "True", Some(Value::Boolean(true))),
            (Type::Text, " kept as it is ", text(" kept as it is ")),
            (Type::Text, "", None),
            (Type::Integers, "1, 2", Some(Value::Integers(vec![1, 2]))),
        ];
        for (value_type, input, expected) in cases {
            assert_eq!(value(value_type, input), expected, "{value_type:?} {input}");
        }
    }

    #[test]
    fn times_are_told_by_form_and_size() {
        for (input, expected) in [
            ("2026-11-21T10:00:01.250Z", Some(1_795_255_201_250)),
            ("2026-11-21T12:00:01.25+02:00", Some(1_795_255_201_250)),
            ("2026-11-21 10:00:01", Some(1_795_255_201_000)),
            ("1795255201", Some(1_795_255_201_000)),
            ("1795255201.25", Some(1_795_255_201_250)),
            ("1795255201250", Some(1_795_255_201_250)),
            ("1795255201250000", Some(1_795_255_201_250)),
            ("1795255201250000000", Some(1_795_255_201_250)),
            ("yesterday", None),
            ("inf", None),
        ] {
            assert_eq!(time(input), expected, "{input}");
        }
    }
}
