//! Writes dates.

use std::fmt::Write;

use super::calendar::Fields;
use super::pattern::{DatePattern, Piece};
use super::zone::Zone;

/// The months, in English.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The days of the week, in English.
pub(super) const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A time, as fields of a zone.
struct Moment<'a> {
    fields: Fields,
    /// In minutes.
    offset: i64,
    is_daylight: bool,
    zone: &'a Zone,
}

impl DatePattern {
    /// The time, in milliseconds since 1970 UTC, as text.
    pub(in super::super) fn format(&self, millis: i64, zone: &Zone) -> String {
        let (offset, is_daylight) = zone.offset(millis);
        let fields = Fields::of(millis.saturating_add(offset * 1000));
        let moment = Moment { fields, offset: offset / 60, is_daylight, zone };
        let mut text = String::new();
        for piece in &self.pieces {
            let written = match piece {
                Piece::Literal(literal) => text.write_str(literal),
                Piece::Field(letter, count) => moment.write(&mut text, *letter, *count),
            };
            written.expect("writing to a string cannot fail");
        }
        text
    }
}

impl Moment<'_> {
    fn write(&self, text: &mut String, letter: char, count: usize) -> std::fmt::Result {
        let fields = &self.fields;
        match letter {
            'G' => text.write_str(if fields.year > 0 { "AD" } else { "BC" }),
            'y' => write_year(text, if fields.year > 0 { fields.year } else { 1 - fields.year }, count),
            'Y' => write_year(text, fields.week_year, count),
            'M' | 'L' if count > 2 => text.write_str(shortened(MONTHS[(fields.month - 1) as usize], count)),
            'E' => text.write_str(shortened(DAYS[fields.day_of_week as usize], count)),
            'a' => text.write_str(if fields.hour < 12 { "AM" } else { "PM" }),
            'z' => text.write_str(self.zone.display_name(self.is_daylight, count > 3)),
            'Z' => self.write_offset(text, 2, ""),
            'X' if self.offset == 0 => text.write_char('Z'),
            'X' => self.write_offset(text, count.min(2), if count == 3 { ":" } else { "" }),
            _ => write!(text, "{:0count$}", self.number(letter)),
        }
    }

    /// The value of a letter that stands for a number.
    fn number(&self, letter: char) -> i64 {
        let fields = &self.fields;
        match letter {
            'M' | 'L' => fields.month,
            'w' => fields.week_of_year,
            'W' => fields.week_of_month,
            'D' => fields.day_of_year,
            'd' => fields.day,
            'F' => fields.day_of_week_in_month,
            'u' => (fields.day_of_week + 6) % 7 + 1,
            'H' => fields.hour,
            'k' => (fields.hour + 23) % 24 + 1,
            'K' => fields.hour % 12,
            'h' => (fields.hour + 11) % 12 + 1,
            'm' => fields.minute,
            's' => fields.second,
            _ => fields.millisecond,
        }
    }

    /// `+02`, or with two parts `+0200`, `+02:00`.
    fn write_offset(&self, text: &mut String, parts: usize, separator: &str) -> std::fmt::Result {
        let minutes = self.offset.abs();
        write!(text, "{}{:02}", if self.offset < 0 { '-' } else { '+' }, minutes / 60)?;
        if parts == 1 { Ok(()) } else { write!(text, "{separator}{:02}", minutes % 60) }
    }
}

/// The year; its last two digits for `yy`.
fn write_year(text: &mut String, year: i64, count: usize) -> std::fmt::Result {
    if count == 2 {
        return write!(text, "{:02}", year % 100);
    }
    let sign = if year < 0 { "-" } else { "" };
    write!(text, "{sign}{:0count$}", year.abs())
}

/// The whole name for four letters, else its first three letters.
fn shortened(name: &'static str, count: usize) -> &'static str {
    if count > 3 { name } else { &name[..3] }
}
