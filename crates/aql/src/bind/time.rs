//! The time clause (`reference/aql.md` section 2.1): formats of START and STOP, units, PARSEDATETIME.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use syntax::ast::{self, Point, Unit};
use syntax::{Diagnostic, Span};

use super::Binder;
use crate::bound::{Literal, Moment, Window};
use crate::{Environment, functions};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

impl<'q> Binder<'_, '_, 'q> {
    pub(super) fn window(&mut self, time: &'q ast::Node<ast::Time>) -> Option<Window> {
        match &time.value {
            ast::Time::Last { count, unit } => Some(Window::Last { length_ms: length_ms(*count, *unit) }),
            ast::Time::Range { start, stop } => {
                let start_moment = start.as_ref().map(|it| self.moment(it, false));
                let stop_moment = stop.as_ref().map(|it| self.moment(it, true));
                let (start, stop) = (turned(start_moment)?, turned(stop_moment)?);
                self.check_order(start, stop, time.span);
                Some(Window::Range { start, stop })
            }
            ast::Time::Offense(id) => {
                let bound = self.expr(id);
                let id = match bound.as_literal() {
                    Some(Literal::Integer(id)) => Some(*id),
                    Some(Literal::Text(text)) => text.trim().parse().ok(),
                    _ => None,
                };
                if id.is_none() {
                    let diagnostic =
                        Diagnostic::error("invalid-offense", bound.span, "the id of an offense is a number");
                    self.context.say(diagnostic);
                }
                id.map(|id| Window::Offense { id })
            }
        }
    }

    /// A moment; none, with an error, if its text has no meaning.
    fn moment(&mut self, point: &ast::Node<Point>, is_stop: bool) -> Option<Moment> {
        let options = self.context.options;
        let (moment, writes_seconds) = match &point.value {
            Point::Millis(millis) => return Some(Moment::Millis(*millis)),
            Point::Relative(text) => {
                let Environment { now, time_zone, .. } = &options.environment;
                let moment = functions::parse_date_time(text, *now, time_zone).ok();
                (moment.map(|it| Moment::Ago(now.saturating_sub(it))), true)
            }
            Point::Text(text) => {
                let millis = moment_of_text(text, &options.environment.time_zone);
                (millis.map(Moment::Millis), text.matches(':').count() != 1)
            }
        };
        match moment {
            Some(Moment::Millis(millis)) if options.minute_rounding => {
                let minute = millis.div_euclid(MINUTE_MS) * MINUTE_MS;
                // IBM: STOP 17:00 ends at 16:59:59, STOP 17:00:20 at 17:00:59.
                let stop = if writes_seconds { minute + MINUTE_MS - 1 } else { minute - 1 };
                Some(Moment::Millis(if is_stop { stop } else { minute }))
            }
            Some(moment) => Some(moment),
            None => {
                let diagnostic = Diagnostic::error("invalid-time", point.span, "this is not a time")
                    .with_note("known forms: 'yyyy-MM-dd HH:mm', with ':ss', with a final Z; 'yyyy/MM/dd HH:mm:ss'; milliseconds since 1970")
                    .with_help("PARSEDATETIME takes 'now', '1 hour ago', '2 days ago', '1 week ago'");
                self.context.say(diagnostic);
                None
            }
        }
    }

    fn check_order(&mut self, start: Option<Moment>, stop: Option<Moment>, span: Span) {
        let is_empty = match (start, stop) {
            (Some(Moment::Millis(start)), Some(Moment::Millis(stop))) => start > stop,
            (Some(Moment::Ago(start)), Some(Moment::Ago(stop))) => start < stop,
            _ => false,
        };
        if is_empty {
            let diagnostic = crate::lints::EMPTY_TIME_RANGE.at(span, "START is later than STOP");
            self.context.say(diagnostic.with_label("no event lies between"));
        }
    }
}

/// From an end that may be absent, and wrong if present, to a wrong clause or an end that may be absent.
#[expect(clippy::option_option, reason = "absent and wrong are different")]
fn turned(moment: Option<Option<Moment>>) -> Option<Option<Moment>> {
    match moment {
        None => Some(None),
        Some(None) => None,
        Some(moment) => Some(moment),
    }
}

/// A length in milliseconds.
pub(super) fn length_ms(count: u64, unit: Unit) -> i64 {
    let unit_ms = match unit {
        Unit::Second => 1000,
        Unit::Minute => MINUTE_MS,
        Unit::Hour => 60 * MINUTE_MS,
        Unit::Day => DAY_MS,
    };
    i64::try_from(count).unwrap_or(i64::MAX).saturating_mul(unit_ms)
}

/// Milliseconds since 1970 UTC of a date and time in one of the known forms, or of a bare number of milliseconds.
/// Without a final `Z` it is a time of the zone.
pub(super) fn moment_of_text(text: &str, zone: &str) -> Option<i64> {
    let text = text.trim();
    if text.len() > 8 && text.bytes().all(|it| it.is_ascii_digit()) {
        return text.parse().ok();
    }
    let (text, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(text) => (text, TimeZone::UTC),
        None => (text, time_zone(zone)?),
    };
    let zoned = civil(text)?.to_zoned(zone).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

/// A date and time without zone: `yyyy-MM-dd[ HH:mm[:ss[.fraction]]]`; the date may have `/`, `:` or blanks within, and
/// `-` or `T` behind it.
fn civil(text: &str) -> Option<DateTime> {
    let is_digit = |it: char| it.is_ascii_digit();
    if text.contains(|it: char| !is_digit(it) && !" -/:.T".contains(it)) {
        return None;
    }
    let numbers: Vec<&str> = text.split(|it: char| !is_digit(it)).filter(|it| !it.is_empty()).collect();
    if !matches!(numbers.len(), 3 | 5..=7)
        || numbers[0].len() != 4
        || numbers[1..].iter().take(5).any(|it| it.len() > 2)
    {
        return None;
    }
    let number = |position: usize| numbers.get(position).map_or(Some(0), |it| it.parse::<i16>().ok());
    let small = |position: usize| number(position).map(|it| it as i8);
    let nanoseconds = match numbers.get(6) {
        Some(fraction) if fraction.len() <= 9 => format!("{fraction:0<9}").parse().ok()?,
        Some(_) => return None,
        None => 0,
    };
    DateTime::new(number(0)?, small(1)?, small(2)?, small(3)?, small(4)?, small(5)?, nanoseconds).ok()
}

/// A zone by its IANA name or offset.
fn time_zone(name: &str) -> Option<TimeZone> {
    if name.is_empty() || name.eq_ignore_ascii_case("utc") {
        return Some(TimeZone::UTC);
    }
    let offset = || {
        let (sign, rest) = match name.as_bytes().first()? {
            b'+' => (1, &name[1..]),
            b'-' => (-1, &name[1..]),
            _ => return None,
        };
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let (hours, minutes) = if digits.len() == 4 { digits.split_at(2) } else { (digits.as_str(), "0") };
        let seconds = sign * (hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60);
        Offset::from_seconds(seconds).ok().map(TimeZone::fixed)
    };
    offset().or_else(|| crate::functions::time_zone_rules(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_start_and_stop() {
        let cases = [
            ("2017-01-01 9:00", Some(1_483_261_200_000)),
            ("2017-01-01 09:00:30", Some(1_483_261_230_000)),
            ("2017/01/01 09:00:30", Some(1_483_261_230_000)),
            ("2017/01/01-09:00:30", Some(1_483_261_230_000)),
            ("2017:01:01-09:00:30", Some(1_483_261_230_000)),
            ("2017 01 01 9:00:00", Some(1_483_261_200_000)),
            ("2017-01-01T09:00:00Z", Some(1_483_261_200_000)),
            ("2017-01-01 09:00:00.250000", Some(1_483_261_200_250)),
            ("1483261200000", Some(1_483_261_200_000)),
            ("2017-01-01", Some(1_483_228_800_000)),
            ("2017-13-01 09:00", None),
            ("yesterday", None),
            ("09:00", None),
        ];
        for (text, expected) in cases {
            assert_eq!(moment_of_text(text, "UTC"), expected, "{text}");
        }
        assert_eq!(moment_of_text("2017-01-01 11:00", "+02:00"), Some(1_483_261_200_000));
        assert_eq!(moment_of_text("2017-01-01 10:00", "Europe/Zurich"), Some(1_483_261_200_000));
        assert_eq!(moment_of_text("2017-01-01 10:00Z", "Europe/Zurich"), Some(1_483_264_800_000));
    }
}
