//! What reading a file yields: events, and reports of what could not be read.

use std::sync::Arc;

use crate::RawEvent;

/// Reports of damage that a [`DamageLog`] keeps; what comes later is only counted.
pub const DAMAGE_KEPT_MAX: usize = 1_000;

/// One thing that a reader found.
#[derive(Clone, Debug)]
pub enum Item {
    /// An event.
    Event(RawEvent),
    /// An event from space that the file does not count as used, or from a damaged chunk; see
    /// [`crate::ReadOptions::recovery`].
    Recovered(RawEvent),
    /// A part that cannot be read; reading goes on behind it.
    Damage(Damage),
}

/// A part of a file that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The file, as in [`crate::Locator::file`].
    pub file: Arc<str>,
    /// The byte of the (decompressed) file where the damage begins.
    pub offset: u64,
    /// The record, where its number is known.
    pub record: Option<u64>,
    /// A short phrase: what is wrong.
    pub reason: String,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: byte {}", self.file, self.offset)?;
        if let Some(record) = self.record {
            write!(formatter, ", record {record}")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

/// Damage reports of a run: the first [`DAMAGE_KEPT_MAX`] and the number of all.
#[derive(Clone, Debug, Default)]
pub struct DamageLog {
    kept: Vec<Damage>,
    count: u64,
}

impl DamageLog {
    /// Counts a report and keeps it while there is room.
    pub fn push(&mut self, damage: Damage) {
        self.count += 1;
        if self.kept.len() < DAMAGE_KEPT_MAX {
            self.kept.push(damage);
        }
    }

    /// Appends the reports of another log, for example of another thread.
    pub fn append(&mut self, other: Self) {
        self.count += other.count;
        let room = DAMAGE_KEPT_MAX - self.kept.len();
        self.kept.extend(other.kept.into_iter().take(room));
    }

    /// The reports that were kept, in the order they came.
    pub fn kept(&self) -> &[Damage] {
        &self.kept
    }

    /// The number of all reports.
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// What was read of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Bytes taken from the disk or standard input (compressed ones of a compressed file).
    pub bytes: u64,
    /// Events, without the recovered ones.
    pub events: u64,
    /// Recovered events.
    pub recovered: u64,
    /// Reports of damage.
    pub damaged: u64,
}

impl std::ops::AddAssign for Statistics {
    fn add_assign(&mut self, other: Self) {
        self.bytes += other.bytes;
        self.events += other.events;
        self.recovered += other.recovered;
        self.damaged += other.damaged;
    }
}
