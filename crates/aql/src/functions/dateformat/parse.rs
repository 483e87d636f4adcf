//! Reads dates as Java's `SimpleDateFormat` does when it is lenient, which is its default: blanks before a field are
//! passed over, text after the date is left alone, 25:61 is 02:01 of the next day.

use super::calendar::Fields;
use super::format::{DAYS, MONTHS};
use super::pattern::{DatePattern, Piece};
use super::resolve::{Field, Found};
use super::zone::{Zone, named_at};

/// Two-digit years are those from 80 years before to 20 years after the query.
const CENTURY_YEARS_BACK: i64 = 80;

impl DatePattern {
    /// The time that the text names, in milliseconds since 1970 UTC; none if the text does not follow the pattern.
    /// What the pattern does not name is as in 1970-01-01 00:00 in the zone. `now`, in milliseconds, places two-digit
    /// years.
    pub(in super::super) fn read(&self, text: &str, zone: &Zone, now: i64) -> Option<i64> {
        let mut reader = Reader { text, position: 0, zone, now, found: Found::default(), is_year_ambiguous: false };
        for (index, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Literal(literal) if reader.rest().starts_with(literal) => reader.position += literal.len(),
                Piece::Literal(_) => return None,
                Piece::Field(letter, count) => {
                    let is_bounded = self.pieces.get(index + 1).is_some_and(is_number);
                    reader.field(*letter, *count, is_bounded)?;
                }
            }
        }
        let time = reader.found.time(zone)?;
        if reader.is_year_ambiguous && time < century_start(now, zone)? {
            reader.found.add_years(100);
            return reader.found.time(zone);
        }
        Some(time)
    }
}

/// Whether the field before this piece must not take more digits than it has letters.
fn is_number(piece: &Piece) -> bool {
    match piece {
        Piece::Field('M' | 'L', count) => *count <= 2,
        Piece::Field(letter, _) => !"GEazZX".contains(*letter),
        Piece::Literal(_) => false,
    }
}

/// The year in which two-digit years begin.
fn century_start_year(now: i64, zone: &Zone) -> i64 {
    Fields::of(now.saturating_add(zone.offset(now).0 * 1000)).year - CENTURY_YEARS_BACK
}

/// The moment with which two-digit years begin.
fn century_start(now: i64, zone: &Zone) -> Option<i64> {
    let mut found = Found::default();
    let today = Fields::of(now.saturating_add(zone.offset(now).0 * 1000));
    found.set(Field::Year, today.year - CENTURY_YEARS_BACK);
    found.set(Field::Month, today.month - 1);
    found.set(Field::Day, today.day);
    found.set(Field::HourOfDay, today.hour);
    found.set(Field::Minute, today.minute);
    found.set(Field::Second, today.second);
    found.set(Field::Millisecond, today.millisecond);
    found.time(zone)
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
    zone: &'a Zone,
    now: i64,
    found: Found,
    is_year_ambiguous: bool,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn field(&mut self, letter: char, count: usize, is_bounded: bool) -> Option<()> {
        let limit = if is_bounded { self.position.checked_add(count)? } else { self.text.len() };
        self.position += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        if self.rest().is_empty() {
            return None;
        }
        match letter {
            'G' => self.name(Field::Era, &["BC", "AD"], 2),
            'a' => self.name(Field::Half, &["AM", "PM"], 2),
            'E' => self.name(Field::DayOfWeek, &DAYS, 3),
            'M' | 'L' if count > 2 => self.name(Field::Month, &MONTHS, 3),
            'z' | 'Z' => self.zone(),
            'X' => self.iso_offset(count),
            _ => {
                let start = self.position;
                let value = self.number(limit)?;
                self.set_number(letter, count, value, start);
                Some(())
            }
        }
    }

    fn set_number(&mut self, letter: char, count: usize, value: i64, start: usize) {
        let (field, value) = match letter {
            'y' => (Field::Year, self.year(count, value, start)),
            'Y' => (Field::WeekYear, self.year(count, value, start)),
            'M' | 'L' => (Field::Month, value - 1),
            'd' => (Field::Day, value),
            'k' => (Field::HourOfDay, if value == 24 { 0 } else { value }),
            'H' => (Field::HourOfDay, value),
            'h' => (Field::Hour, if value == 12 { 0 } else { value }),
            'K' => (Field::Hour, value),
            'm' => (Field::Minute, value),
            's' => (Field::Second, value),
            'S' => (Field::Millisecond, value),
            'D' => (Field::DayOfYear, value),
            'F' => (Field::DayOfWeekInMonth, value),
            'w' => (Field::WeekOfYear, value),
            'W' => (Field::WeekOfMonth, value),
            _ => (Field::DayOfWeek, if value == 7 { 0 } else { value }),
        };
        self.found.set(field, value);
    }

    /// A whole number with a sign before it, as far as `limit`.
    fn number(&mut self, limit: usize) -> Option<i64> {
        let text = self.text.get(self.position..limit)?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let length = digits.find(|it: char| !it.is_ascii_digit()).unwrap_or(digits.len());
        let value: i32 = digits[..length].parse().ok()?;
        self.position += text.len() - digits.len() + length;
        Some(i64::from(if text.len() == digits.len() { value } else { -value }))
    }

    /// The year; exactly two digits are a year near to now.
    fn year(&mut self, count: usize, value: i64, start: usize) -> i64 {
        if count > 2 || self.position - start != 2 || value < 0 {
            return value;
        }
        let first = century_start_year(self.now, self.zone);
        self.is_year_ambiguous |= value == first % 100;
        first - first % 100 + value + if value < first % 100 { 100 } else { 0 }
    }

    /// One of the names, whole or its first letters, in any case. The value is the position in the list.
    fn name(&mut self, field: Field, names: &[&str], short: usize) -> Option<()> {
        let rest = self.rest();
        let starts = |name: &str| rest.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
        let whole = names.iter().position(|it| starts(it)).map(|it| (it, names[it].len()));
        let shortened = || names.iter().position(|it| starts(&it[..short])).map(|it| (it, short));
        let (value, length) = whole.or_else(shortened)?;
        self.position += length;
        self.found.set(field, value as i64);
        Some(())
    }

    /// `GMT`, `GMT+2:00`, `+0200` or the name of a zone.
    fn zone(&mut self) -> Option<()> {
        let rest = self.rest();
        if rest.starts_with(['+', '-']) {
            return self.offset(true, false, true);
        }
        if rest.get(..3).is_some_and(|it| it.eq_ignore_ascii_case("GMT")) {
            self.position += 3;
            if self.rest().starts_with(['+', '-']) {
                return self.offset(true, true, false);
            }
            self.found.offset = Some(0);
            return Some(());
        }
        let (length, offset, is_certain) = named_at(rest, self.zone)?;
        self.position += length;
        self.found.offset = if is_certain || offset != self.zone.standard { Some(offset * 1000) } else { None };
        Some(())
    }

    /// `Z`, `+02`, `+0200` or `+02:00`, as the number of letters asks for.
    fn iso_offset(&mut self, count: usize) -> Option<()> {
        if self.rest().starts_with('Z') {
            self.position += 1;
            self.found.offset = Some(0);
            return Some(());
        }
        self.offset(count > 1, count == 3, true)
    }

    /// A sign, hours of one or two digits and, perhaps, minutes.
    fn offset(&mut self, has_minutes: bool, has_colon: bool, needs_two_digits: bool) -> Option<()> {
        let bytes = self.rest().as_bytes();
        let digit = |at: usize| bytes.get(at).filter(|it| it.is_ascii_digit()).map(|it| i64::from(it - b'0'));
        let sign = match bytes.first()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, mut at) = match (digit(1)?, digit(2)) {
            (tens, Some(ones)) => (tens * 10 + ones, 3),
            (ones, None) if !needs_two_digits => (ones, 2),
            _ => return None,
        };
        let mut minutes = 0;
        if has_minutes {
            if has_colon {
                at += usize::from(bytes.get(at) == Some(&b':'));
                if bytes.get(at - 1) != Some(&b':') {
                    return None;
                }
            }
            minutes = digit(at)? * 10 + digit(at + 1)?;
            at += 2;
        }
        if hours > 23 || minutes > 59 {
            return None;
        }
        self.position += at;
        self.found.offset = Some(sign * (hours * 60 + minutes) * 60_000);
        Some(())
    }
}
