//! The calendar of Java's `GregorianCalendar` in the United States: Julian before 15 October 1582, weeks from Sunday,
//! the week of 1 January the first of its year.

/// Milliseconds of a day.
pub(in super::super) const DAY: i64 = 86_400_000;

/// The first day of the Gregorian calendar, in days since 1970.
pub(super) const CUTOVER: i64 = -141_427;

const CUTOVER_YEAR: i64 = 1582;

/// Which years are leap years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    Julian,
    Gregorian,
}

/// A local date and time, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    /// 1 is the year 1 of our era, 0 the year before.
    pub(super) year: i64,
    /// From 1.
    pub(super) month: i64,
    /// From 1.
    pub(super) day: i64,
    /// From 0, Sunday.
    pub(super) day_of_week: i64,
    /// From 1.
    pub(super) day_of_year: i64,
    /// From 1.
    pub(super) week_of_year: i64,
    /// The year that the week counts to.
    pub(super) week_year: i64,
    /// From 1.
    pub(super) week_of_month: i64,
    /// From 1: the how manieth Monday, Tuesday, ... of the month.
    pub(super) day_of_week_in_month: i64,
    /// From 0 to 23.
    pub(super) hour: i64,
    /// From 0.
    pub(super) minute: i64,
    /// From 0.
    pub(super) second: i64,
    /// From 0.
    pub(super) millisecond: i64,
}

impl Fields {
    /// The fields of a local time, in milliseconds since 1970-01-01 00:00 of the same clock.
    pub(super) fn of(local: i64) -> Self {
        let (days, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let rule = if days >= CUTOVER { Rule::Gregorian } else { Rule::Julian };
        let (year, month, day) = date(days, rule);
        let january_1 = first_of_year(year);
        let day_of_week = day_of_week(days);
        let day_of_year = days - january_1 + 1;
        let is_first_week_of_next = days + 6 - day_of_week >= first_of_year(year + 1);
        let week_of_year =
            if is_first_week_of_next { 1 } else { (day_of_year - 1 + self::day_of_week(january_1)) / 7 + 1 };
        let is_cutover_month = (year, month) == (CUTOVER_YEAR, 10);
        let month_1 = first_of_month(year, month - 1, if is_cutover_month { Rule::Julian } else { rule });
        let days_before = days - month_1;
        Self {
            year,
            month,
            day,
            day_of_week,
            day_of_year,
            week_of_year,
            week_year: year + i64::from(is_first_week_of_next),
            week_of_month: (days_before + self::day_of_week(month_1)) / 7 + 1,
            day_of_week_in_month: days_before / 7 + 1,
            hour: time / 3_600_000,
            minute: time / 60_000 % 60,
            second: time / 1000 % 60,
            millisecond: time % 1000,
        }
    }
}

/// The day of the week, from 0, Sunday.
pub(super) fn day_of_week(days: i64) -> i64 {
    (days + 4).rem_euclid(7)
}

/// The last day not after `days` on that day of the week.
pub(super) fn on_or_before(days: i64, wanted: i64) -> i64 {
    days - (day_of_week(days) - wanted).rem_euclid(7)
}

/// 1 January, in days since 1970.
fn first_of_year(year: i64) -> i64 {
    first_of_month(year, 0, if year > CUTOVER_YEAR { Rule::Gregorian } else { Rule::Julian })
}

/// The first day of a month, counted from 0 and beyond 11 into other years, in days since 1970.
pub(super) fn first_of_month(year: i64, month: i64, rule: Rule) -> i64 {
    let (year, month) = (year + month.div_euclid(12), month.rem_euclid(12));
    // Years from March, so that a leap day is the last of its year.
    let (year, month) = if month < 2 { (year - 1, month + 10) } else { (year, month - 2) };
    let days = 365 * year + year.div_euclid(4) + (153 * month + 2) / 5;
    match rule {
        Rule::Julian => days - 719_470,
        Rule::Gregorian => days - year.div_euclid(100) + year.div_euclid(400) - 719_468,
    }
}

/// Year, month from 1 and day from 1.
fn date(days: i64, rule: Rule) -> (i64, i64, i64) {
    let (base, days) = match rule {
        Rule::Julian => (0, days + 719_470),
        Rule::Gregorian => {
            // The same number of days in a calendar where every fourth year is a leap year.
            let days = days + 719_468;
            let (cycles, rest) = (days.div_euclid(146_097), days.rem_euclid(146_097));
            let centuries = (rest / 36_524).min(3);
            (400 * cycles + 100 * centuries, rest - 36_524 * centuries)
        }
    };
    let (cycles, rest) = (days.div_euclid(1461), days.rem_euclid(1461));
    let years = (rest / 365).min(3);
    let day_of_year = rest - 365 * years;
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let year = base + 4 * cycles + years;
    if month < 10 { (year, month + 3, day) } else { (year + 1, month - 9, day) }
}
