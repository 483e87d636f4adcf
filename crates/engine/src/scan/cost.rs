//! What a detection costs. The clock is a parameter: libraries read none.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Tells the time since some fixed moment.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Clock {
    /// A clock that never goes back.
    pub fn new(now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

/// What the evaluation of one detection took, without the reading of the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// The events that its class guard let through; of a detection that looks at groups, all.
    pub events: u64,
    /// The time of all threads together; zero without a clock.
    pub time: Duration,
}

impl Cost {
    /// Adds a further cost.
    pub(super) fn append(&mut self, other: Self) {
        self.events += other.events;
        self.time += other.time;
    }
}

/// The present, where there is a clock.
pub(super) fn moment(clock: Option<&Clock>) -> Option<Duration> {
    clock.map(|it| (it.0)())
}

/// The cost of work on some events that began at a moment.
pub(super) fn since(clock: Option<&Clock>, started: Option<Duration>, events: u64) -> Cost {
    let time = moment(clock).zip(started).map_or(Duration::ZERO, |(now, started)| now.saturating_sub(started));
    Cost { events, time }
}
