//! Windows event logs (`.evtx`), decoded by the crate `evtx` chunk by chunk.
//!
//! Records become events by way of their XML, so that an EVTX file and its XML export give the same events.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::Arc;

use ::evtx::err::EvtxError;
use ::evtx::{EvtxChunkData, EvtxParser, EvtxRecord, IntoIterChunks, ParserSettings};

use super::{Items, ReadOptions, Reader};
use crate::input::{Content, Head, Seekable};
use crate::{Body, Damage, Item, Locator, RawEvent, windows_xml};

pub(super) static READER: Reader = Reader {
    names: &["evtx"],
    description: "Windows event log file",
    recognises: |head: &Head| head.bytes.starts_with(b"ElfFile\0"),
    read,
};

const FILE_HEADER_BYTES: u64 = 4096;
const CHUNK_BYTES: u64 = 65536;
const RECORD_HEADER_BYTES: u64 = 24;

fn read(content: &Content, options: &ReadOptions) -> Result<Items, Damage> {
    let damage = |reason: String| Damage { file: content.file.clone(), offset: 0, record: None, reason };
    let mut seekable = content.seekable()?;
    let failure = seekable.failure.take();
    let settings = ParserSettings::new().indent(false).recover_records(options.recover);
    let parser = EvtxParser::from_read_seek(seekable)
        .map_err(|error| damage(reason(&error)))?
        .with_configuration(settings.clone());
    Ok(Box::new(EvtxReader {
        file: content.file.clone(),
        chunks: parser.into_chunks(),
        settings: Arc::new(settings),
        payload: options.payload,
        items: failure.into_iter().map(|reason| Item::Damage(damage(reason))).collect(),
    }))
}

struct EvtxReader {
    file: Arc<str>,
    chunks: IntoIterChunks<Seekable>,
    settings: Arc<ParserSettings>,
    payload: bool,
    /// The items of the current chunk.
    items: VecDeque<Item>,
}

impl Iterator for EvtxReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some(item);
            }
            match self.chunks.next()? {
                Ok(chunk) => self.read_chunk(chunk),
                Err(error) => self.report(None, &error),
            }
        }
    }
}

impl EvtxReader {
    fn read_chunk(&mut self, mut data: EvtxChunkData) {
        let number = data.number;
        let mut chunk = match data.parse(self.settings.clone()) {
            Ok(chunk) => chunk,
            Err(error) => {
                self.damage(chunk_offset(number.unwrap_or_default()), None, reason(&error));
                return;
            }
        };
        for record in chunk.iter() {
            match record {
                Ok(record) => self.read_record(number.unwrap_or_default(), record),
                Err(error) => self.report(number, &error),
            }
        }
    }

    fn read_record(&mut self, chunk: u64, record: EvtxRecord<'_>) {
        let offset = chunk_offset(chunk) + record.binxml_offset.saturating_sub(RECORD_HEADER_BYTES);
        let id = record.event_record_id;
        let recovered = record.recovered;
        let event = record.into_xml().map_err(|error| reason(&error)).and_then(|xml| {
            let event = windows_xml::parse(&xml.data)?;
            Ok(RawEvent {
                // An exported log numbers its records anew, but keeps EventRecordID.
                locator: Locator { file: self.file.clone(), record: event.record_id.unwrap_or(id), offset },
                payload: self.payload.then(|| xml.data.trim_end().into()),
                body: Body::Windows(Box::new(event)),
            })
        });
        match event {
            Ok(event) if recovered => self.items.push_back(Item::Recovered(event)),
            Ok(event) => self.items.push_back(Item::Event(event)),
            // What looks like a deleted record and is none is no loss.
            Err(_) if recovered => {}
            Err(reason) => self.damage(offset, Some(id), reason),
        }
    }

    fn report(&mut self, chunk: Option<u64>, error: &EvtxError) {
        let (offset, record) = match error {
            EvtxError::FailedToParseChunk { chunk_id, .. } => (chunk_offset(*chunk_id), None),
            EvtxError::FailedToReadRecordAt { chunk, offset, .. } => {
                (chunk_offset(chunk.unwrap_or_default()) + offset, None)
            }
            EvtxError::FailedToParseRecord { record_id, .. } => {
                (chunk_offset(chunk.unwrap_or_default()), Some(*record_id))
            }
            _ => (chunk_offset(chunk.unwrap_or_default()), None),
        };
        self.damage(offset, record, reason(error));
    }

    fn damage(&mut self, offset: u64, record: Option<u64>, reason: String) {
        self.items.push_back(Item::Damage(Damage { file: self.file.clone(), offset, record, reason }));
    }
}

fn chunk_offset(chunk: u64) -> u64 {
    FILE_HEADER_BYTES.saturating_add(chunk.saturating_mul(CHUNK_BYTES))
}

/// The innermost cause, which says what is wrong; the outer ones say where.
fn reason(error: &dyn Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
