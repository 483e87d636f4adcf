//! One chunk of 64 KiB: its header, its tables of names and templates, and its records.

use std::collections::HashMap;

use crate::WindowsEvent;

use super::templates::{self, Shape};
use super::values::{self, checksum};

/// Bytes of a chunk.
pub(super) const CHUNK_SIZE: usize = 65_536;
/// Where the first record begins.
const HEADER_SIZE: usize = 512;
/// Bytes of the header that carry values and that the checksum covers, then its flags and the checksum itself.
const CHECKED_SIZE: usize = 120;
/// Where the table of names stands: 64 buckets of 4 bytes.
const NAME_TABLE: usize = 128;
const NAME_BUCKETS: u32 = 64;
/// Where the table of templates stands: 32 buckets of 4 bytes.
const TEMPLATE_TABLE: usize = 384;
const TEMPLATE_BUCKETS: u32 = 32;
/// Records begin with `**`.
const RECORD_SIGNATURE: [u8; 4] = [0x2a, 0x2a, 0, 0];
/// The flags that the event log service sets in the chunks it writes.
const CHUNK_FLAGS: u32 = 1;

/// What the chunk's header has to know about a record.
#[derive(Clone, Copy, Debug)]
struct Record {
    id: u64,
    start: usize,
    end: usize,
}

/// A chunk being filled.
#[derive(Debug)]
pub(super) struct Chunk {
    /// The chunk from its beginning; the header's values are set by [`Chunk::finish`].
    bytes: Vec<u8>,
    names: HashMap<&'static str, u32>,
    /// Offset of the definition by the key of its shape.
    templates: HashMap<Box<[u8]>, u32>,
    records: Vec<Record>,
    /// Position in the file of the first record, from 1.
    first_number: u64,
    shape: Shape,
}

impl Chunk {
    /// An empty chunk whose first record is the `first_number`th of the file.
    pub(super) fn new(first_number: u64) -> Self {
        let mut bytes = Vec::with_capacity(2 * CHUNK_SIZE);
        bytes.resize(HEADER_SIZE, 0);
        Self {
            bytes,
            names: HashMap::new(),
            templates: HashMap::new(),
            records: Vec::new(),
            first_number,
            shape: Shape::default(),
        }
    }

    /// Empties the chunk for the records that follow those it held.
    pub(super) fn restart(&mut self) {
        self.first_number += self.records.len() as u64;
        self.bytes.clear();
        self.bytes.resize(HEADER_SIZE, 0);
        self.names.clear();
        self.templates.clear();
        self.records.clear();
    }

    pub(super) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(super) fn record_count(&self) -> usize {
        self.records.len()
    }

    /// Adds a record; leaves the chunk as it was and returns false if the record does not fit.
    pub(super) fn append(&mut self, event: &WindowsEvent, id: u64, written: u64) -> bool {
        let start = self.bytes.len();
        let mut tables = [0_u8; HEADER_SIZE - NAME_TABLE];
        tables.copy_from_slice(&self.bytes[NAME_TABLE..HEADER_SIZE]);

        self.bytes.extend_from_slice(&RECORD_SIGNATURE);
        self.bytes.extend_from_slice(&[0; 4]);
        self.bytes.extend_from_slice(&id.to_le_bytes());
        self.bytes.extend_from_slice(&written.to_le_bytes());
        let encoded = templates::write_event(self, event, id).is_some();
        let end = (self.bytes.len() + 4).next_multiple_of(8);
        if !encoded || end > CHUNK_SIZE {
            self.bytes.truncate(start);
            self.bytes[NAME_TABLE..HEADER_SIZE].copy_from_slice(&tables);
            self.names.retain(|_, offset| (*offset as usize) < start);
            self.templates.retain(|_, offset| (*offset as usize) < start);
            return false;
        }
        let size = ((end - start) as u32).to_le_bytes();
        self.bytes.resize(end - 4, 0);
        self.bytes.extend_from_slice(&size);
        self.bytes[start + 4..start + 8].copy_from_slice(&size);
        self.records.push(Record { id, start, end });
        true
    }

    /// The whole chunk, with a header that describes the first `described` records.
    pub(super) fn finish(&mut self, described: usize) -> &[u8] {
        let first = self.records.first().map_or(u64::MAX, |record| record.id);
        let described = &self.records[..described];
        let last = described.last().copied().unwrap_or(Record { id: u64::MAX, start: 0, end: HEADER_SIZE });
        // A chunk without records says so by the last number -1.
        let last_number = (self.first_number + described.len() as u64).wrapping_sub(1);
        let last_number = if described.is_empty() { u64::MAX } else { last_number };
        self.bytes.resize(CHUNK_SIZE, 0);
        let records_checksum = checksum(&[&self.bytes[HEADER_SIZE..last.end]]);

        let mut header = Vec::with_capacity(NAME_TABLE);
        header.extend_from_slice(b"ElfChnk\0");
        for number in [self.first_number, last_number, first, last.id] {
            header.extend_from_slice(&number.to_le_bytes());
        }
        for number in [NAME_TABLE as u32, last.start as u32, last.end as u32, records_checksum] {
            header.extend_from_slice(&number.to_le_bytes());
        }
        header.resize(CHECKED_SIZE, 0);
        let header_checksum = checksum(&[&header, &self.bytes[NAME_TABLE..HEADER_SIZE]]);
        header.extend_from_slice(&CHUNK_FLAGS.to_le_bytes());
        header.extend_from_slice(&header_checksum.to_le_bytes());
        self.bytes[..NAME_TABLE].copy_from_slice(&header);
        &self.bytes
    }

    /// The bytes so far; offsets of the format count from their beginning.
    pub(super) fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Takes the scratch space for shapes; give it back with [`Chunk::return_shape`].
    pub(super) fn take_shape(&mut self) -> Shape {
        std::mem::take(&mut self.shape)
    }

    /// Gives the scratch space back.
    pub(super) fn return_shape(&mut self, shape: Shape) {
        self.shape = shape;
    }

    /// The definition of a template of this shape, if the chunk holds one.
    pub(super) fn template(&self, key: &[u8]) -> Option<u32> {
        self.templates.get(key).copied()
    }

    /// Puts the definition that begins at `offset` into the table; returns the one before it in its bucket, or 0.
    pub(super) fn insert_template(&mut self, key: &[u8], guid: &[u8; 16], offset: u32) -> u32 {
        self.templates.insert(key.into(), offset);
        let units = guid.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        self.insert_into_bucket(TEMPLATE_TABLE, values::name_hash(units) % TEMPLATE_BUCKETS, offset)
    }

    /// Writes a reference to a name, and the name itself where the chunk meets it for the first time.
    pub(super) fn write_name(&mut self, name: &'static str) {
        if let Some(offset) = self.names.get(name) {
            self.bytes.extend_from_slice(&offset.to_le_bytes());
            return;
        }
        let offset = self.bytes.len() as u32 + 4;
        let hash = values::name_hash(name.encode_utf16());
        let before = self.insert_into_bucket(NAME_TABLE, (hash & 0xffff) % NAME_BUCKETS, offset);
        self.names.insert(name, offset);
        self.bytes.extend_from_slice(&offset.to_le_bytes());
        self.bytes.extend_from_slice(&before.to_le_bytes());
        self.bytes.extend_from_slice(&(hash as u16).to_le_bytes());
        self.bytes.extend_from_slice(&(name.len() as u16).to_le_bytes());
        for unit in name.encode_utf16().chain([0]) {
            self.bytes.extend_from_slice(&unit.to_le_bytes());
        }
    }

    fn insert_into_bucket(&mut self, table: usize, bucket: u32, offset: u32) -> u32 {
        let place = table + 4 * bucket as usize;
        let slot = &mut self.bytes[place..place + 4];
        let before = u32::from_le_bytes([slot[0], slot[1], slot[2], slot[3]]);
        slot.copy_from_slice(&offset.to_le_bytes());
        before
    }
}
