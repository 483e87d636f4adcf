//! Windows event logs (`.evtx`), decoded by the crate `evtx` chunk by chunk.
//!
//! Records become events by way of their XML, so that an EVTX file and its XML export give the same events.

mod chunks;

use std::collections::VecDeque;
use std::error::Error;
use std::sync::Arc;

use ::evtx::err::EvtxError;
use ::evtx::{EvtxChunkData, EvtxRecord, ParserSettings};

pub(crate) use self::chunks::Survey;
use self::chunks::{CHUNK_MAGIC, Chunk, Chunks, Contents};
use super::{Items, Piece, ReadOptions, Reader, Recovery};
use crate::input::{Content, Head};
use crate::{Body, Damage, Item, Kinds, Locator, RawEvent, windows_xml};

pub(super) static READER: Reader =
    Reader { names: &["evtx"], description: "Windows event log file", recognises, in_pieces: true, read };

/// Bytes of a record before its binary XML.
const RECORD_HEADER_BYTES: u64 = 24;

/// A file that lost its header is known by the header of its first chunk.
fn recognises(head: &Head) -> bool {
    head.bytes.starts_with(b"ElfFile\0")
        || head.bytes.starts_with(CHUNK_MAGIC)
        || head.bytes.get(4096..).is_some_and(|it| it.starts_with(CHUNK_MAGIC))
}

fn read(content: &Content, options: &ReadOptions) -> Result<Items, Damage> {
    let damage = |reason: String| Damage { file: content.file.clone(), offset: 0, record: None, reason };
    let mut seekable = content.seekable()?;
    let failure = seekable.failure.take();
    let piece = options.piece.unwrap_or(Piece::WHOLE);
    let chunks = Chunks::open(seekable, piece, &content.survey).map_err(|error| damage(error.to_string()))?;
    let recover = match options.recovery {
        Recovery::Never => false,
        Recovery::Dirty => chunks.dirty,
        Recovery::Always => true,
    };
    Ok(Box::new(EvtxReader {
        file: content.file.clone(),
        chunks,
        settings: Arc::new(ParserSettings::new().indent(false).recover_records(recover)),
        payload: options.payload,
        kinds: options.kinds.clone(),
        items: failure.filter(|_| piece.number == 0).into_iter().map(|reason| Item::Damage(damage(reason))).collect(),
    }))
}

struct EvtxReader {
    file: Arc<str>,
    chunks: Chunks,
    settings: Arc<ParserSettings>,
    payload: bool,
    kinds: Option<Kinds>,
    /// The items of the current chunk.
    items: VecDeque<Item>,
}

/// The chunk whose records are read.
#[derive(Clone, Copy)]
struct Place {
    number: u64,
    offset: u64,
    /// Everything in it counts as recovered.
    remains: bool,
}

impl Iterator for EvtxReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some(item);
            }
            if let Some(chunk) = self.chunks.next() {
                self.read_chunk(chunk);
            } else {
                let (offset, reason) = self.chunks.lacking.take()?;
                self.damage(offset, None, reason);
            }
        }
    }
}

impl EvtxReader {
    fn read_chunk(&mut self, chunk: Chunk) {
        if let Some(reason) = chunk.damage {
            self.damage(chunk.offset, None, reason);
        }
        let place = Place { number: chunk.number, offset: chunk.offset, remains: false };
        match chunk.contents {
            Contents::Nothing => {}
            Contents::Records(data) => self.read_records(data, place),
            Contents::Remains(data) => self.read_records(data, Place { remains: true, ..place }),
        }
    }

    fn read_records(&mut self, mut data: EvtxChunkData, place: Place) {
        let failed = match data.parse(self.settings.clone()) {
            Ok(mut chunk) => {
                let chunk_bytes = chunk.data;
                for record in chunk.iter() {
                    match record {
                        Ok(record) => self.read_record(place, record),
                        Err(error) => self.report(place, chunk_bytes, &error),
                    }
                }
                return;
            }
            Err(error) => reason(&error),
        };
        self.damage(place.offset, None, failed);
        // The table of names may be broken: the names are also found without it.
        if let (false, Contents::Remains(data)) = (place.remains, chunks::restore(data.data, place.number)) {
            self.read_records(data, Place { remains: true, ..place });
        }
    }

    fn read_record(&mut self, place: Place, record: EvtxRecord<'_>) {
        let offset = place.offset + record.binxml_offset.saturating_sub(RECORD_HEADER_BYTES);
        let id = record.event_record_id;
        let carved = record.recovered;
        let event = record.into_xml().map_err(|error| reason(&error)).and_then(|xml| {
            let event = windows_xml::parse(&xml.data, self.kinds.as_ref())?;
            Ok(RawEvent {
                // An exported log numbers its records anew, but keeps EventRecordID.
                locator: Locator { file: self.file.clone(), record: event.record_id.unwrap_or(id), offset },
                payload: self.payload.then(|| xml.data.trim_end().into()),
                body: Body::Windows(Box::new(event)),
            })
        });
        match event {
            Ok(event) if carved || place.remains => self.items.push_back(Item::Recovered(event)),
            Ok(event) => self.items.push_back(Item::Event(event)),
            // What looks like a deleted record and is none is no loss.
            Err(_) if carved => {}
            Err(reason) => self.damage(offset, Some(id), reason),
        }
    }

    /// Reports a record that cannot be read, with its place and number as far as the error tells them.
    fn report(&mut self, place: Place, chunk_bytes: &[u8], error: &EvtxError) {
        let (offset, record) = match error {
            EvtxError::FailedToReadRecordAt { offset, source, .. } => match &**source {
                EvtxError::FailedToParseRecord { record_id, .. } => (*offset, Some(*record_id)),
                _ => (*offset, None),
            },
            EvtxError::FailedToParseRecord { record_id, .. } => {
                (chunks::position_of(chunk_bytes, *record_id).unwrap_or_default(), Some(*record_id))
            }
            _ => (0, None),
        };
        self.damage(place.offset + offset, record, reason(error));
    }

    fn damage(&mut self, offset: u64, record: Option<u64>, reason: String) {
        self.items.push_back(Item::Damage(Damage { file: self.file.clone(), offset, record, reason }));
    }
}

/// The innermost cause, which says what is wrong; the outer ones say where.
fn reason(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
