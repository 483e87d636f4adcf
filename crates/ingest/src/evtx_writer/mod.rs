//! Windows events to EVTX files that any reader of the format takes.
//!
//! A file is a header of 4 KiB and chunks of 64 KiB. A chunk stands alone: it holds the records, the names and the
//! templates that its records use, and two checksums. A record is binary XML: one template for `System`, one for the
//! `EventData` of each kind of event, and the values that fill them. The same events give the same bytes.

mod binxml;
mod chunk;
mod file_header;
mod providers;
mod templates;
mod values;

use std::borrow::Borrow;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use crate::WindowsEvent;

use chunk::Chunk;
use file_header::FileHeader;

/// Most chunks of one file: the header counts them in 16 bits. Together just under 4 GiB.
pub const MAXIMUM_CHUNKS: u64 = 65_535;

/// Why an event or a file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum EvtxWriteError {
    /// The output failed.
    #[error("cannot write the EVTX file")]
    Io(#[from] std::io::Error),
    /// A record has to fit into one chunk; nothing of the event was written.
    #[error("event {position} does not fit into a chunk of 64 KiB")]
    EventTooLarge {
        /// The event's position in the input of the writer, from 1.
        position: u64,
    },
    /// EVTX times begin in 1601, and readers stop at the year 9999; nothing of the event was written.
    #[error("event {position} has a time outside the years 1601 to 9999: {milliseconds} ms since 1970")]
    TimeOutOfRange {
        /// The event's position in the input of the writer, from 1.
        position: u64,
        /// The time of the event.
        milliseconds: i64,
    },
    /// The file is full; it can still be finished, the event belongs into another file.
    #[error("an EVTX file holds at most {MAXIMUM_CHUNKS} chunks of 64 KiB")]
    FileFull,
}

impl EvtxWriteError {
    /// Whether only this event is refused, so that the next one can still be written.
    pub fn concerns_one_event(&self) -> bool {
        matches!(self, Self::EventTooLarge { .. } | Self::TimeOutOfRange { .. })
    }
}

/// In which state the file is left, as readers have to cope with all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ending {
    /// As the event log service leaves a file that it closed.
    #[default]
    Closed,
    /// As copied from a running machine: the header is marked dirty and counts no chunk but the first, the chunks are
    /// right.
    Dirty,
    /// As [`Ending::Dirty`], and the header of the last chunk describes only the older half of its records, rounded
    /// up: the others must be recovered from its free space.
    Unflushed,
}

/// What became of the events of [`write_events`].
#[derive(Debug, Default)]
pub struct WriteSummary {
    /// Events in the file.
    pub written: u64,
    /// Events that the format cannot hold.
    pub refused: u64,
    /// Why the first of them was refused.
    pub first_refusal: Option<EvtxWriteError>,
}

/// Writes Windows events into one EVTX file, with the memory of one chunk.
///
/// `WindowsEvent::data` becomes `EventData`: `Data` with a name, or without one when the names are exactly `param1`,
/// `param2`, ...; a last value `Binary` of hexadecimal digits becomes the element `Binary`. `message` becomes
/// `RenderingInfo/Message`. The provider's GUID is added where it is a well-known one.
///
/// ```
/// use ingest::evtx_writer::EvtxWriter;
/// use ingest::WindowsEvent;
///
/// let mut writer = EvtxWriter::new(std::io::Cursor::new(Vec::new()))?;
/// writer.write(&WindowsEvent { event_id: 7045, channel: "System".into(), ..WindowsEvent::default() })?;
/// let file = writer.finish()?.into_inner();
/// assert!(file.starts_with(b"ElfFile\0"));
/// # Ok::<(), ingest::evtx_writer::EvtxWriteError>(())
/// ```
#[derive(Debug)]
pub struct EvtxWriter<W: Write + Seek> {
    output: W,
    chunk: Chunk,
    chunks_written: u64,
    events_seen: u64,
    last_record_id: u64,
    ending: Ending,
}

impl<W: Write + Seek> EvtxWriter<W> {
    /// Starts a file at the present position of `output`, which has to be its beginning.
    pub fn new(output: W) -> Result<Self, EvtxWriteError> {
        Self::with_ending(output, Ending::Closed)
    }

    /// Starts a file that [`EvtxWriter::finish`] leaves in the given state.
    pub fn with_ending(mut output: W, ending: Ending) -> Result<Self, EvtxWriteError> {
        output.write_all(&FileHeader::dirty().to_bytes())?;
        Ok(Self { output, chunk: Chunk::new(1), chunks_written: 0, events_seen: 0, last_record_id: 0, ending })
    }

    /// Writes one event and returns the identifier of its record.
    ///
    /// The identifier is the event's own where that continues the file in ascending order, otherwise the next free
    /// one; `System/EventRecordID` always keeps the event's own.
    ///
    /// After an error for which [`EvtxWriteError::concerns_one_event`] holds, the writer goes on.
    pub fn write(&mut self, event: &WindowsEvent) -> Result<u64, EvtxWriteError> {
        self.events_seen += 1;
        let position = self.events_seen;
        let record_id = self.next_record_id(event);
        let written = values::file_time(event.time.unwrap_or(values::FIRST_MILLISECOND))
            .ok_or(EvtxWriteError::TimeOutOfRange { position, milliseconds: event.time.unwrap_or_default() })?;
        if !self.chunk.append(event, record_id, written) {
            if !self.chunk.is_empty() {
                self.flush_chunk()?;
            }
            if self.chunks_written == MAXIMUM_CHUNKS {
                return Err(EvtxWriteError::FileFull);
            }
            if !self.chunk.append(event, record_id, written) {
                return Err(EvtxWriteError::EventTooLarge { position });
            }
        }
        self.last_record_id = record_id;
        Ok(record_id)
    }

    /// Writes what is left and the final header, and gives the output back.
    pub fn finish(mut self) -> Result<W, EvtxWriteError> {
        if !self.chunk.is_empty() || self.chunks_written == 0 {
            let described = match self.ending {
                Ending::Unflushed => self.chunk.record_count().div_ceil(2),
                Ending::Closed | Ending::Dirty => self.chunk.record_count(),
            };
            let bytes = self.chunk.finish(described);
            self.output.write_all(bytes)?;
            self.chunks_written += 1;
        }
        if self.ending == Ending::Closed {
            let header = FileHeader::closed(self.chunks_written, self.last_record_id + 1);
            self.output.seek(SeekFrom::Start(0))?;
            self.output.write_all(&header.to_bytes())?;
            self.output.seek(SeekFrom::End(0))?;
        }
        self.output.flush()?;
        Ok(self.output)
    }

    /// The event's own identifier where it keeps the file ascending; half the range is left for those that follow.
    fn next_record_id(&self, event: &WindowsEvent) -> u64 {
        match event.record_id {
            Some(own) if own > self.last_record_id && own <= u64::MAX / 2 => own,
            _ => self.last_record_id + 1,
        }
    }

    fn flush_chunk(&mut self) -> Result<(), EvtxWriteError> {
        let records = self.chunk.record_count();
        self.output.write_all(self.chunk.finish(records))?;
        self.chunks_written += 1;
        self.chunk.restart();
        Ok(())
    }
}

/// Writes all events into the file `path`, which is replaced if it exists.
///
/// An event that the format cannot hold is left out and counted.
pub fn write_events<I>(events: I, path: &Path) -> Result<WriteSummary, EvtxWriteError>
where
    I: IntoIterator,
    I::Item: Borrow<WindowsEvent>,
{
    let mut writer = EvtxWriter::new(BufWriter::new(File::create(path)?))?;
    let mut summary = WriteSummary::default();
    for event in events {
        match writer.write(event.borrow()) {
            Ok(_) => summary.written += 1,
            Err(error) if error.concerns_one_event() => {
                summary.refused += 1;
                summary.first_refusal.get_or_insert(error);
            }
            Err(error) => return Err(error),
        }
    }
    writer.finish()?;
    Ok(summary)
}
