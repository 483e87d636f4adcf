//! From the fields that a date names to a time, as Java's lenient `GregorianCalendar` does it: fields that contradict
//! each other are settled by which stood last, and none has a largest value.

use super::calendar::{CUTOVER, DAY, Rule, first_of_month, on_or_before};
use super::zone::Zone;

/// A field of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// 0 before our era, 1 after.
    Era,
    Year,
    WeekYear,
    /// From 0.
    Month,
    WeekOfYear,
    WeekOfMonth,
    Day,
    DayOfYear,
    /// From 0, Sunday.
    DayOfWeek,
    DayOfWeekInMonth,
    /// 0 before noon, 1 after.
    Half,
    /// Of twelve.
    Hour,
    HourOfDay,
    Minute,
    Second,
    Millisecond,
}

const FIELDS: usize = Field::Millisecond as usize + 1;

/// The fields that were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    values: [Option<i64>; FIELDS],
    /// When each was set, from 1; 0 is never.
    stamps: [u32; FIELDS],
    last: u32,
    /// The offset from UTC that the text names, in milliseconds.
    pub(super) offset: Option<i64>,
}

/// By what the day is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Day,
    WeekOfMonth,
    DayOfWeekInMonth,
    DayOfYear,
    WeekOfYear,
}

impl Found {
    /// Sets a field, overriding what stood for it.
    pub(super) fn set(&mut self, field: Field, value: i64) {
        self.last += 1;
        self.values[field as usize] = Some(value);
        self.stamps[field as usize] = self.last;
    }

    /// Moves the year.
    pub(super) fn add_years(&mut self, years: i64) {
        for field in [Field::Year, Field::WeekYear] {
            if let Some(value) = &mut self.values[field as usize] {
                *value += years;
            }
        }
    }

    /// The time, in milliseconds since 1970 UTC; none when it is too far away for 64 bits.
    pub(super) fn time(&self, zone: &Zone) -> Option<i64> {
        let time = self.time_of_day();
        let days = self.day(time.div_euclid(DAY));
        let local = days.checked_mul(DAY)?.checked_add(time.rem_euclid(DAY))?;
        match self.offset {
            Some(offset) => local.checked_sub(offset),
            None => Some(zone.instant(local)),
        }
    }

    fn get(&self, field: Field) -> Option<i64> {
        self.values[field as usize]
    }

    fn stamp(&self, field: Field) -> u32 {
        self.stamps[field as usize]
    }

    /// The later of two stamps; 0 unless both are set.
    fn both(&self, field: Field, other: Field) -> u32 {
        let (one, two) = (self.stamp(field), self.stamp(other));
        if one == 0 || two == 0 { 0 } else { one.max(two) }
    }

    fn time_of_day(&self) -> i64 {
        let by_half = match self.both(Field::Hour, Field::Half) {
            0 if self.stamp(Field::HourOfDay) == 0 => self.stamp(Field::Hour).max(self.stamp(Field::Half)),
            stamp => stamp,
        };
        let hours = if by_half > self.stamp(Field::HourOfDay) {
            self.get(Field::Hour).unwrap_or(0) + 12 * self.get(Field::Half).unwrap_or(0)
        } else {
            self.get(Field::HourOfDay).unwrap_or(0)
        };
        let minutes = hours * 60 + self.get(Field::Minute).unwrap_or(0);
        let seconds = minutes * 60 + self.get(Field::Second).unwrap_or(0);
        seconds * 1000 + self.get(Field::Millisecond).unwrap_or(0)
    }

    /// The day, in days since 1970; `carried` are those that the time of day has too many.
    fn day(&self, carried: i64) -> i64 {
        let is_week_date = self.stamp(Field::WeekYear) > self.stamp(Field::Year);
        let year = match (self.get(Field::Year).unwrap_or(1970), self.get(Field::Era)) {
            (year, Some(0)) => 1 - year,
            (year, _) => year,
        };
        let (year, by) = match self.get(Field::WeekYear) {
            Some(week_year) if is_week_date => (week_year, By::WeekOfYear),
            _ => (year, self.by()),
        };
        let gregorian = carried + self.day_by(by, year, Rule::Gregorian);
        let julian = carried + self.day_by(by, year, Rule::Julian);
        let is_gregorian = match by {
            By::DayOfYear | By::WeekOfYear if year == 1582 => false,
            _ => gregorian >= CUTOVER,
        };
        if is_gregorian { gregorian } else { julian }
    }

    /// Which combination of fields was completed last.
    fn by(&self) -> By {
        let mut stamps = [
            (self.stamp(Field::Day), By::Day),
            (self.both(Field::WeekOfMonth, Field::DayOfWeek), By::WeekOfMonth),
            (self.both(Field::DayOfWeekInMonth, Field::DayOfWeek), By::DayOfWeekInMonth),
            (self.stamp(Field::DayOfYear), By::DayOfYear),
            (self.both(Field::WeekOfYear, Field::DayOfWeek), By::WeekOfYear),
        ];
        if stamps.iter().all(|it| it.0 == 0) {
            let in_month = self.stamp(Field::DayOfWeekInMonth).max(self.stamp(Field::DayOfWeek));
            stamps[1].0 = self.stamp(Field::WeekOfMonth);
            stamps[2].0 = in_month;
            stamps[4].0 = self.stamp(Field::WeekOfYear);
        }
        let best = stamps.iter().map(|it| it.0).max().unwrap_or(0);
        let chosen: Vec<By> = stamps.iter().filter(|it| it.0 == best).map(|it| it.1).collect();
        match chosen.as_slice() {
            [By::WeekOfMonth, By::DayOfWeekInMonth, ..]
                if self.stamp(Field::WeekOfMonth) < self.stamp(Field::DayOfWeekInMonth) =>
            {
                By::DayOfWeekInMonth
            }
            [By::WeekOfMonth, .., By::WeekOfYear] if self.stamp(Field::WeekOfMonth) < self.stamp(Field::WeekOfYear) => {
                By::WeekOfYear
            }
            [By::DayOfWeekInMonth, By::WeekOfYear]
                if self.stamp(Field::DayOfWeekInMonth) < self.stamp(Field::WeekOfYear) =>
            {
                By::WeekOfYear
            }
            [first, ..] => *first,
            [] => By::Day,
        }
    }

    fn day_by(&self, by: By, year: i64, rule: Rule) -> i64 {
        let day_of_week = self.get(Field::DayOfWeek).unwrap_or(0);
        let month_1 = first_of_month(year, self.get(Field::Month).unwrap_or(0), rule);
        let january_1 = first_of_month(year, 0, rule);
        match by {
            By::Day => month_1 + self.get(Field::Day).unwrap_or(1) - 1,
            By::WeekOfMonth => week(month_1, self.get(Field::WeekOfMonth).unwrap_or(1), day_of_week),
            By::WeekOfYear => week(january_1, self.get(Field::WeekOfYear).unwrap_or(1), day_of_week),
            By::DayOfYear => january_1 + self.get(Field::DayOfYear).unwrap_or(1) - 1,
            By::DayOfWeekInMonth => match self.get(Field::DayOfWeekInMonth).unwrap_or(1) {
                count if count >= 0 => on_or_before(month_1 + 7 * count - 1, day_of_week),
                count => {
                    let next = first_of_month(year, self.get(Field::Month).unwrap_or(0) + 1, rule);
                    on_or_before(next - 1 + 7 * (count + 1), day_of_week)
                }
            },
        }
    }
}

/// A day of a week, counted from the week, beginning on Sunday, that holds `first`.
fn week(first: i64, number: i64, day_of_week: i64) -> i64 {
    on_or_before(first, 0) + 7 * (number - 1) + day_of_week
}
