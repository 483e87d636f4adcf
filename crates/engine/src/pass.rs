//! One pass over a source: many threads read parts and work on chunks of events, one consumer gets the results in the
//! order of the input, whatever the number of threads.
//!
//! Memory: for each thread one chunk in work and two results that wait. A chunk has at most [`BATCH_ROWS`] events and
//! ends early when their texts exceed [`CHUNK_BYTES`], so three times that for each thread is a bound that is seldom
//! come near; it does not depend on the size of the input.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ingest::{Damage, DamageLog, Event, Value};

use crate::event_value::value_of;
use crate::parallel::{Ordered, Work};
use crate::{BATCH_ROWS, Clock, EngineError, Entry, EventSource, Result, Wanted};

/// Text of the events of a chunk, in bytes, at which it ends.
pub const CHUNK_BYTES: usize = 8 << 20;

/// How a source is read.
#[derive(Clone, Debug)]
pub struct ReadSettings {
    /// Threads that read and test events; at least one.
    pub threads: usize,
    /// Events of a chunk; at most [`BATCH_ROWS`].
    pub chunk_rows: usize,
    /// Ends the pass when set; what was found so far stays.
    pub cancel: Arc<AtomicBool>,
    /// Counts the events that were read, over all passes, for whoever shows progress.
    pub events_read: Arc<AtomicU64>,
    /// Only events from this moment on, in milliseconds since 1970 UTC.
    pub since: Option<i64>,
    /// Only events up to this moment, in milliseconds since 1970 UTC.
    pub until: Option<i64>,
    /// Measures what each detection of a scan costs; none for no measuring.
    pub clock: Option<Clock>,
    /// Whether a scan keeps the values of the fields that detections test, as far as they are few: see
    /// [`crate::InputFacts`].
    pub keep_values: bool,
}

impl Default for ReadSettings {
    fn default() -> Self {
        Self {
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            chunk_rows: BATCH_ROWS,
            cancel: Arc::default(),
            events_read: Arc::default(),
            since: None,
            until: None,
            clock: None,
            keep_values: false,
        }
    }
}

impl ReadSettings {
    /// Whether the pass was asked to end.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// Whether the start time of an event lies within `since` and `until`.
    fn admits(&self, event: &Event, time_column: usize) -> bool {
        if self.since.is_none() && self.until.is_none() {
            return true;
        }
        let Some(Value::Integer(time)) = value_of(event, time_column) else { return false };
        self.since.is_none_or(|it| it <= *time) && self.until.is_none_or(|it| *time <= it)
    }
}

/// What was read, beside the events themselves.
#[derive(Clone, Debug, Default)]
pub struct ReadStatistics {
    /// Parts read to their end.
    pub files: u64,
    /// Events, without the recovered ones.
    pub events: u64,
    /// Events carved from space that a file no longer counts as used.
    pub recovered: u64,
    /// What could not be read.
    pub damage: DamageLog,
    /// Files that are not logs of a known format.
    pub skipped: u64,
    /// Whether the pass was ended before its time.
    pub cancelled: bool,
}

impl ReadStatistics {
    /// Adds what was read later.
    pub fn append(&mut self, other: Self) {
        self.files += other.files;
        self.events += other.events;
        self.recovered += other.recovered;
        self.damage.append(other.damage);
        self.skipped += other.skipped;
        self.cancelled |= other.cancelled;
    }
}

/// The result of the work on one chunk, and what was read for it.
pub(crate) struct Chunk<T> {
    /// What the work made; nothing for a chunk without events.
    pub(crate) result: Option<Result<T>>,
    /// What was read.
    pub(crate) statistics: ReadStatistics,
}

/// What is done with the events of a chunk.
pub(crate) type ChunkWork<T> = Arc<dyn Fn(&[Event]) -> Result<T> + Send + Sync>;

/// A pass over a source.
pub(crate) struct Pass<T> {
    chunks: Ordered<Chunk<T>>,
    source: Arc<dyn EventSource>,
    settings: ReadSettings,
    first: Option<ReadStatistics>,
}

impl<T: Send + 'static> Pass<T> {
    /// Starts the threads.
    pub(crate) fn start(
        source: &Arc<dyn EventSource>,
        settings: &ReadSettings,
        wanted: Wanted,
        work: ChunkWork<T>,
    ) -> Result<Self> {
        let reader = Reader { source: Arc::clone(source), settings: settings.clone(), wanted, work };
        let run: Work<Chunk<T>> = Arc::new(move |part, emit| reader.read(part, emit));
        let chunks = Ordered::start(source.parts(), settings.threads, &run)
            .map_err(|source| EngineError::Io { context: "cannot start a thread".to_owned(), source })?;
        let (damage, skipped) = source.preface();
        let first = Some(ReadStatistics { damage, skipped, ..ReadStatistics::default() });
        Ok(Self { chunks, source: Arc::clone(source), settings: settings.clone(), first })
    }
}

impl<T: Send + 'static> Iterator for Pass<T> {
    type Item = Chunk<T>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(statistics) = self.first.take() {
            return Some(Chunk { result: None, statistics });
        }
        if self.settings.is_cancelled() {
            // The threads stop by themselves; what they still have is not waited for.
            return None;
        }
        Some(self.chunks.next()?.unwrap_or_else(|part| {
            let mut statistics = ReadStatistics::default();
            let reason = "the reader failed here; the rest of the file is not read".to_owned();
            statistics.damage.push(Damage { file: self.source.name(part), offset: 0, record: None, reason });
            Chunk { result: None, statistics }
        }))
    }
}

struct Reader<T> {
    source: Arc<dyn EventSource>,
    settings: ReadSettings,
    wanted: Wanted,
    work: ChunkWork<T>,
}

impl<T> Reader<T> {
    fn read(&self, part: usize, emit: &mut dyn FnMut(Chunk<T>) -> bool) {
        let time_column = schema::EVENTS.position("starttime").unwrap_or(usize::MAX);
        let rows_max = self.settings.chunk_rows.clamp(1, BATCH_ROWS);
        let (mut events, mut bytes) = (Vec::new(), 0);
        let mut statistics = ReadStatistics::default();
        for entry in self.source.read(part, &self.wanted) {
            if self.settings.is_cancelled() {
                statistics.cancelled = true;
                break;
            }
            let event = match entry {
                Entry::Damage(damage) => {
                    statistics.damage.push(damage);
                    continue;
                }
                Entry::Event(event) => {
                    statistics.events += 1;
                    event
                }
                Entry::Recovered(event) => {
                    statistics.recovered += 1;
                    event
                }
            };
            if !self.settings.admits(&event, time_column) {
                continue;
            }
            bytes += text_bytes(&event);
            events.push(event);
            if events.len() >= rows_max || bytes >= CHUNK_BYTES {
                let chunk = self.chunk(&events, std::mem::take(&mut statistics));
                (events, bytes) = (Vec::new(), 0);
                if !emit(chunk) {
                    return;
                }
            }
        }
        statistics.files += u64::from(!statistics.cancelled);
        emit(self.chunk(&events, statistics));
    }

    fn chunk(&self, events: &[Event], statistics: ReadStatistics) -> Chunk<T> {
        let result = (!events.is_empty()).then(|| (self.work)(events));
        self.settings.events_read.fetch_add(statistics.events + statistics.recovered, Ordering::Relaxed);
        Chunk { result, statistics }
    }
}

fn text_bytes(event: &Event) -> usize {
    let fields = event.fields.iter().map(|(_, value)| match value {
        Value::Text(text) => text.len(),
        Value::Integers(items) => items.len() * 8,
        Value::Integer(_) | Value::Double(_) | Value::Boolean(_) => 8,
    });
    fields.sum::<usize>() + event.properties.iter().map(|(key, value)| key.len() + value.len()).sum::<usize>()
}
