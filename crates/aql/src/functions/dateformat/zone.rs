//! Time zones as Java sees them: offsets, whether daylight saving time is on, and English names.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::{Dst, Offset, TimeZone, TimeZoneDatabase};

use super::calendar::DAY;

/// 1900-01-01 UTC: Java has no changes of offset before it.
const CHANGES_START: i64 = -2_208_988_800_000;

/// Zones that were an hour ahead all year from 1968 to 1971: standard time in the tables, daylight saving in Java.
const AHEAD: [&str; 2] = ["Europe/Dublin", "Eire"];

/// Short and long, standard and daylight: `CET`, `CEST`, `Central European Standard Time`, ...
pub(super) type Names = [&'static str; 4];

/// Names with the zones that have them.
pub(super) static NAMES: LazyLock<Vec<(Names, Vec<&'static str>)>> = LazyLock::new(|| {
    let rows = include_str!("../../../data/zone_names.tsv").lines().filter(|it| !it.starts_with('#'));
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        let names = [cells.next()?, cells.next()?, cells.next()?, cells.next()?];
        Some((names, cells.next()?.split(' ').collect()))
    })
    .collect()
});

static NAMES_OF_ZONES: LazyLock<HashMap<&'static str, Names>> =
    LazyLock::new(|| NAMES.iter().flat_map(|(names, zones)| zones.iter().map(move |zone| (*zone, *names))).collect());

/// The rules of an IANA zone, from the database that the program carries: the same on every machine, and with daylight
/// saving time as Java has it.
pub(crate) fn rules(name: &str) -> Option<TimeZone> {
    static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);
    DATABASE.get(name).ok()
}

/// A time zone.
#[derive(Clone, Debug)]
pub(in super::super) struct Zone {
    rules: TimeZone,
    name: String,
    /// The standard offset of today, in seconds.
    pub(super) standard: i64,
}

impl Zone {
    /// The zone of an IANA name (`Europe/Berlin`) or an offset (`+02:00`, `GMT-5`); the error is a reason.
    pub(in super::super) fn find(name: &str) -> Result<Self, String> {
        let name = name.trim();
        if ["UTC", "GMT", "Z"].iter().any(|it| it.eq_ignore_ascii_case(name)) {
            let name = if name.eq_ignore_ascii_case("GMT") { "GMT" } else { "UTC" };
            return Ok(Self { rules: TimeZone::UTC, name: name.to_owned(), standard: 0 });
        }
        if let Some(seconds) = offset_of(name) {
            let offset = Offset::from_seconds(seconds).map_err(|_| unknown(name))?;
            let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
            let name = format!("GMT{sign}{:02}:{:02}", minutes / 60, minutes % 60);
            return Ok(Self { rules: TimeZone::fixed(offset), name, standard: seconds.into() });
        }
        let rules = rules(name).ok_or_else(|| unknown(name))?;
        let name = rules.iana_name().unwrap_or(name).to_owned();
        let mut zone = Self { rules, name, standard: 0 };
        // January and July 2024: one of them has standard time.
        let seasons = [1_705_276_800_000, 1_721_001_600_000].map(|it| zone.offset(it));
        zone.standard = seasons.iter().find(|it| !it.1).map_or(seasons[0].0, |it| it.0);
        Ok(zone)
    }

    /// The offset from UTC in seconds, and whether it is that of daylight saving time.
    pub(super) fn offset(&self, millis: i64) -> (i64, bool) {
        if millis < CHANGES_START {
            return (self.standard, false);
        }
        let timestamp = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
        let info = self.rules.to_offset_info(timestamp);
        let seconds = i64::from(info.offset().seconds());
        let is_ahead = seconds > 0 && AHEAD.contains(&self.name.as_str());
        (seconds, info.dst() == Dst::Yes || is_ahead)
    }

    /// The time of a local time, both in milliseconds: standard time where it is ambiguous, later where there is none.
    pub(super) fn instant(&self, local: i64) -> i64 {
        // Offsets change at most once in two days.
        let before = self.offset(local.saturating_sub(DAY)).0;
        let after = self.offset(local.saturating_add(DAY)).0;
        let as_after = local.saturating_sub(after * 1000);
        if self.offset(as_after).0 == after { as_after } else { local.saturating_sub(before * 1000) }
    }

    /// The time a span of the calendar earlier; both in milliseconds since 1970 UTC.
    pub(in super::super) fn minus(&self, millis: i64, span: jiff::Span) -> Option<i64> {
        let zoned = Timestamp::from_millisecond(millis).ok()?.to_zoned(self.rules.clone());
        Some(zoned.checked_sub(span).ok()?.timestamp().as_millisecond())
    }

    /// The name, such as `CEST` or `Central European Summer Time`.
    pub(super) fn display_name(&self, is_daylight: bool, is_long: bool) -> &str {
        match NAMES_OF_ZONES.get(self.name.as_str()) {
            Some(names) => names[usize::from(is_long) * 2 + usize::from(is_daylight)],
            None => &self.name,
        }
    }
}

/// A zone name at the start of a text, in any case: how long it is, the offset of the zone in seconds, and whether it
/// says which half of the year is meant. The longest name counts, then that of `preferred`, then the first.
pub(super) fn named_at(text: &str, preferred: &Zone) -> Option<(usize, i64, bool)> {
    let starts = |name: &str| text.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name));
    let mut best: Option<(usize, bool, i64, bool)> = None;
    for (names, zones) in NAMES.iter() {
        for (position, name) in names.iter().enumerate().filter(|(_, it)| starts(it)) {
            let is_preferred = zones.contains(&preferred.name.as_str());
            if best.is_some_and(|it| (it.0, it.1) >= (name.len(), is_preferred)) {
                continue;
            }
            let standard = if is_preferred { preferred.standard } else { Zone::find(zones[0]).ok()?.standard };
            let is_daylight = position % 2 == 1;
            let is_certain = names[position & 2] != names[position | 1];
            let offset = standard + i64::from(is_daylight && is_certain) * 3600;
            best = Some((name.len(), is_preferred, offset, is_certain));
        }
    }
    best.map(|(length, _, offset, is_certain)| (length, offset, is_certain))
}

fn unknown(name: &str) -> String {
    format!("no time zone `{name}`")
}

/// The seconds of `+02:00`, `-0530`, `+2`, `GMT+02:00`, `UTC-5`.
fn offset_of(text: &str) -> Option<i32> {
    let text = text.strip_prefix("GMT").or_else(|| text.strip_prefix("UTC")).unwrap_or(text);
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, "0"),
    };
    let (hours, minutes): (u8, u8) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then(|| sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60))
}
