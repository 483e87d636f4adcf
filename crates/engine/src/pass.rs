//! One pass over a source: many threads read parts and work on chunks of events, one consumer gets the results in the
//! order of the input, whatever the number of threads.
//!
//! Memory: for each thread one chunk in work and two results that wait. A chunk has at most [`BATCH_ROWS`] events and
//! ends early when their texts exceed [`CHUNK_BYTES`], so three times that for each thread is a bound that is seldom
//! come near; it does not depend on the size of the input.

use std::collections::HashMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use ingest::{Damage, DamageLog, Event, RawEvent, Value};

use crate::event_value::value_of;
use crate::parallel::{Ordered, Work};
use crate::relay::look_bytes;
use crate::{BATCH_ROWS, Clock, EngineError, Entry, EventSource, Look, Result, Wanted};

/// Text of the events of a chunk, in bytes, at which it ends.
pub const CHUNK_BYTES: usize = 8 << 20;

/// Bytes of parts that one thread reads one after the other.
const GROUP_BYTES: u64 = 1 << 20;

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
    /// Counts an entry; gives back its event.
    fn take(&mut self, entry: Entry) -> Option<Look> {
        match entry {
            Entry::Damage(damage) => {
                self.damage.push(damage);
                None
            }
            Entry::Event(look) => {
                self.events += 1;
                Some(look)
            }
            Entry::Recovered(look) => {
                self.recovered += 1;
                Some(look)
            }
        }
    }

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
pub(crate) type ChunkWork<T> = Arc<dyn Fn(&Looks<'_>) -> Result<T> + Send + Sync>;

/// The events of a chunk, with the fields that were wanted of them.
pub(crate) struct Looks<'a> {
    /// The events.
    pub(crate) events: &'a [Event],
    /// What the rest of them is made from; shorter where they are whole.
    raw: &'a [Option<RawEvent>],
    source: Option<&'a dyn EventSource>,
}

impl<'a> Looks<'a> {
    /// Events that are whole.
    pub(crate) fn of(events: &'a [Event]) -> Self {
        Self { events, raw: &[], source: None }
    }
}

/// The whole events of some rows of a chunk, each made once.
pub(crate) struct Wholes<'a> {
    looks: &'a Looks<'a>,
    known: HashMap<u32, Arc<Event>>,
}

impl<'a> Wholes<'a> {
    pub(crate) fn new(looks: &'a Looks<'a>) -> Self {
        Self { looks, known: HashMap::new() }
    }

    /// The event of a row, with the fields that were wanted.
    pub(crate) fn look(&self, row: u32) -> &'a Event {
        &self.looks.events[row as usize]
    }

    /// The whole event of a row.
    pub(crate) fn whole(&mut self, row: u32) -> Arc<Event> {
        let (looks, look) = (self.looks, self.look(row));
        let raw = looks.raw.get(row as usize).and_then(Option::as_ref);
        let make = || match (raw, looks.source) {
            (Some(raw), Some(source)) => source.whole(look, raw),
            _ => look.clone(),
        };
        Arc::clone(self.known.entry(row).or_insert_with(|| Arc::new(make())))
    }
}

/// A pass over a source.
pub(crate) struct Pass<T> {
    chunks: Ordered<Chunk<T>>,
    /// The first file of each group of parts.
    names: Vec<Arc<str>>,
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
        let groups = groups(&**source);
        let count = groups.len();
        let names = groups.iter().map(|it| source.name(it.start)).collect();
        let run: Work<Chunk<T>> = Arc::new(move |group, emit| reader.read(groups[group].clone(), emit));
        let chunks = Ordered::start(count, settings.threads, &run)
            .map_err(|source| EngineError::Io { context: "cannot start a thread".to_owned(), source })?;
        let (damage, skipped) = source.preface();
        let first = Some(ReadStatistics { damage, skipped, ..ReadStatistics::default() });
        Ok(Self { chunks, names, settings: settings.clone(), first })
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
        Some(self.chunks.next()?.unwrap_or_else(|group| {
            let mut statistics = ReadStatistics::default();
            let reason = "the work on the events failed here; what follows near them is not looked at".to_owned();
            statistics.damage.push(Damage { file: Arc::clone(&self.names[group]), offset: 0, record: None, reason });
            Chunk { result: None, statistics }
        }))
    }
}

/// Parts that one thread reads one after the other: small ones together, so that chunks are not small.
fn groups(source: &dyn EventSource) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    for part in 0..source.parts() {
        let more = source.bytes(part);
        match groups.last_mut() {
            Some(last) if more < GROUP_BYTES - bytes => last.end += 1,
            _ => {
                groups.push(part..part + 1);
                bytes = 0;
            }
        }
        bytes = bytes.saturating_add(more).min(GROUP_BYTES);
    }
    groups
}

/// The entries of a part. A decoder that panics loses the rest of its part, and nothing else.
struct Guarded<'a> {
    entries: Option<Box<dyn Iterator<Item = Entry> + 'a>>,
    file: Arc<str>,
}

impl<'a> Guarded<'a> {
    fn new(source: &'a dyn EventSource, part: usize, wanted: &Wanted) -> Self {
        Self { entries: Some(source.read(part, wanted)), file: source.name(part) }
    }
}

impl Iterator for Guarded<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let entries = self.entries.as_mut()?;
        catch_unwind(AssertUnwindSafe(|| entries.next())).unwrap_or_else(|_| {
            self.entries = None;
            let reason = "the reader failed here; the rest of the file is not read".to_owned();
            Some(Entry::Damage(Damage { file: Arc::clone(&self.file), offset: 0, record: None, reason }))
        })
    }
}

struct Reader<T> {
    source: Arc<dyn EventSource>,
    settings: ReadSettings,
    wanted: Wanted,
    work: ChunkWork<T>,
}

impl<T> Reader<T> {
    /// Reads a group of parts.
    fn read(&self, parts: Range<usize>, emit: &mut dyn FnMut(Chunk<T>) -> bool) {
        let time_column = schema::EVENTS.position("starttime").unwrap_or(usize::MAX);
        let rows_max = self.settings.chunk_rows.clamp(1, BATCH_ROWS);
        let (mut events, mut raw, mut bytes) = (Vec::new(), Vec::new(), 0);
        let mut statistics = ReadStatistics::default();
        for part in parts {
            let entries = Guarded::new(&*self.source, part, &self.wanted);
            for entry in entries {
                if self.settings.is_cancelled() {
                    statistics.cancelled = true;
                    break;
                }
                let Some(look) = statistics.take(entry) else { continue };
                if !self.settings.admits(&look.event, time_column) {
                    continue;
                }
                bytes += look_bytes(&look);
                events.push(look.event);
                raw.push(look.raw);
                if events.len() >= rows_max || bytes >= CHUNK_BYTES {
                    let chunk = self.chunk(&events, &raw, std::mem::take(&mut statistics));
                    events.clear();
                    raw.clear();
                    bytes = 0;
                    if !emit(chunk) {
                        return;
                    }
                }
            }
            statistics.files += u64::from(!statistics.cancelled && self.source.ends_file(part));
        }
        emit(self.chunk(&events, &raw, statistics));
    }

    fn chunk(&self, events: &[Event], raw: &[Option<RawEvent>], statistics: ReadStatistics) -> Chunk<T> {
        let result = (!events.is_empty()).then(|| (self.work)(&Looks { events, raw, source: Some(&*self.source) }));
        self.settings.events_read.fetch_add(statistics.events + statistics.recovered, Ordering::Relaxed);
        Chunk { result, statistics }
    }
}
