//! The time clause: what it says, and what that is once the present is known.

/// A time clause (`reference/aql.md` section 2.1). It bounds the start time of an event, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Window {
    /// `LAST n UNITS`
    Last {
        /// The length, in milliseconds.
        length_ms: i64,
    },
    /// `START ... STOP ...`
    Range {
        /// The first moment; the beginning of all when absent.
        start: Option<Moment>,
        /// The last moment; now when absent.
        stop: Option<Moment>,
    },
    /// `TIMES OFFENSE_TIME(id)`
    Offense {
        /// The offense.
        id: i64,
    },
}

/// One end of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Milliseconds since 1970 UTC.
    Millis(i64),
    /// Milliseconds before now.
    Ago(i64),
}

/// Milliseconds since 1970 UTC, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeRange {
    /// The first moment.
    pub start: i64,
    /// The last moment.
    pub stop: i64,
}

impl Window {
    /// The range when the present is `now`: the clock, or the newest event of an input. `offense` gives the life of
    /// an offense; without one the window is empty.
    pub fn resolve(&self, now: i64, offense: &dyn Fn(i64) -> Option<TimeRange>) -> TimeRange {
        match self {
            Self::Last { length_ms } => TimeRange { start: now.saturating_sub(*length_ms), stop: now },
            Self::Range { start, stop } => TimeRange {
                start: start.map_or(i64::MIN, |it| it.resolve(now)),
                stop: stop.map_or(now, |it| it.resolve(now)),
            },
            Self::Offense { id } => offense(*id).unwrap_or(TimeRange { start: 0, stop: -1 }),
        }
    }
}

impl Moment {
    /// Milliseconds since 1970 UTC when the present is `now`.
    pub const fn resolve(self, now: i64) -> i64 {
        match self {
            Self::Millis(millis) => millis,
            Self::Ago(millis) => now.saturating_sub(millis),
        }
    }
}
