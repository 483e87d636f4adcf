//! The chunks of an EVTX file, in the order of their records, also of a file that is damaged or cut off.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::OnceLock;

use ::evtx::{EvtxChunkData, EvtxChunkHeader, EvtxFileHeader, HeaderFlags};
use memchr::memmem;

use crate::input::Seekable;
use crate::readers::Piece;

pub(super) const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";
const RECORD_MAGIC: &[u8] = b"**\0\0";
const FILE_HEADER_BYTES: u64 = 4096;
const CHUNK_BYTES: u64 = 65536;
const CHUNK_HEADER_BYTES: usize = 512;
/// Places at which the end of a record of unknown size is looked for.
const CANDIDATES_MAX: usize = 64;

/// Walks over the chunks of a file.
pub(super) struct Chunks {
    file: Seekable,
    /// Where the first chunk starts: 0 in a file that lost its header.
    base: u64,
    count: u64,
    survey: Survey,
    /// Chunks that were read or belong to other pieces.
    walked: u64,
    /// Where the piece ends.
    end: u64,
    /// In use when it was copied.
    pub(super) dirty: bool,
    /// What the whole file lacks, beside the damage of its chunks: where and what.
    pub(super) lacking: Option<(u64, String)>,
}

/// Where the records of a file begin and end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Survey {
    /// The chunk with the oldest records: a full log writes over its oldest chunk.
    oldest: u64,
    /// The last chunk that has a header.
    last: Option<u64>,
}

/// A chunk and what is wrong with it.
pub(super) struct Chunk {
    pub(super) number: u64,
    /// Where it starts in the file.
    pub(super) offset: u64,
    pub(super) contents: Contents,
    pub(super) damage: Option<String>,
}

pub(super) enum Contents {
    Nothing,
    Records(EvtxChunkData),
    /// Records whose chunk lost its header: deleted ones may be among them.
    Remains(EvtxChunkData),
}

impl Chunks {
    /// The chunks of a piece; `known` is what readers of other pieces found out.
    pub(super) fn open(mut file: Seekable, piece: Piece, known: &OnceLock<Survey>) -> io::Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(0))?;
        let mut head = [0; 128];
        let count = read_up_to(&mut file, &mut head)?;
        let header = EvtxFileHeader::from_bytes(&head[..count]).ok();
        let base = if head.starts_with(CHUNK_MAGIC) { 0 } else { FILE_HEADER_BYTES };
        let space = length.saturating_sub(base);
        // A part of a chunk at the end counts when it can hold a record.
        let rest = u64::from(space % CHUNK_BYTES > CHUNK_HEADER_BYTES as u64);
        let dirty = header.as_ref().is_none_or(|it| it.flags.contains(HeaderFlags::DIRTY));
        let count = space / CHUNK_BYTES + rest;
        let survey = match known.get() {
            Some(survey) => *survey,
            None => *known.get_or_init(|| Survey::of(&mut file, base, count)),
        };
        let [walked, end] = [piece.number, piece.number + 1].map(|it| count * it / piece.of);
        let mut chunks = Self { file, base, count, survey, walked, end, dirty, lacking: None };
        chunks.lacking = chunks.find_lacking(header.as_ref(), length).filter(|_| piece.is_last());
        Ok(chunks)
    }

    /// Compares the file with its header. The header of a log in use may be older than its chunks.
    fn find_lacking(&self, header: Option<&EvtxFileHeader>, length: u64) -> Option<(u64, String)> {
        let Some(header) = header else {
            let none = self.survey.last.is_none();
            return none.then(|| (0, "not an event log: neither a file header nor a chunk is there".to_owned()));
        };
        let named = u64::from(header.chunk_count);
        if !self.dirty && header.validate_checksum() {
            let missing = named.saturating_sub(self.count);
            return (missing > 0).then(|| {
                (
                    length,
                    format!(
                        "the file ends too early: {missing} of the {named} chunks that its header counts are missing"
                    ),
                )
            });
        }
        (self.count == 0).then(|| (length, "the file ends before its first chunk".to_owned()))
    }

    fn read(&mut self, number: u64) -> Chunk {
        let offset = self.base + number * CHUNK_BYTES;
        let mut bytes = vec![0; CHUNK_BYTES as usize];
        let read = self.file.seek(SeekFrom::Start(offset)).and_then(|_| read_up_to(&mut self.file, &mut bytes));
        let (contents, damage) = match read {
            Err(error) => (Contents::Nothing, Some(error.to_string())),
            Ok(count) if count < bytes.len() => {
                let (contents, _) = self.parse(number, bytes);
                (contents, Some("the file ends inside a chunk".to_owned()))
            }
            Ok(_) => self.parse(number, bytes),
        };
        Chunk { number, offset, contents, damage }
    }

    fn parse(&self, number: u64, bytes: Vec<u8>) -> (Contents, Option<String>) {
        if !bytes.starts_with(CHUNK_MAGIC) {
            let is_unused = bytes.iter().all(|it| *it == 0);
            return if is_unused { (Contents::Nothing, None) } else { self.parse_without_header(number, bytes) };
        }
        let damaged_header = || Some("the header of the chunk is damaged".to_owned());
        // It fails only where it is cut off, and the bytes are those of a whole chunk.
        let Ok(mut data) = EvtxChunkData::new(bytes, false) else { return (Contents::Nothing, damaged_header()) };
        data.number = Some(number);
        // In a log that is in use the checksums are those of its last flush.
        if self.dirty || data.validate_checksum() {
            return (Contents::Records(data), None);
        }
        if !data.validate_header_checksum() {
            return (restore(data.data, number), damaged_header());
        }
        repair_sizes(&mut data.data);
        (Contents::Records(data), Some("the checksum of the chunk is wrong: its records may be altered".to_owned()))
    }

    fn parse_without_header(&self, number: u64, bytes: Vec<u8>) -> (Contents, Option<String>) {
        let contents = restore(bytes, number);
        // A log in use has space behind its last chunk that was never written.
        let unused = self.dirty && self.survey.last.is_none_or(|last| number > last);
        let damaged = matches!(contents, Contents::Remains(_)) || !unused;
        (contents, damaged.then(|| "no chunk header where a chunk should begin".to_owned()))
    }
}

impl Survey {
    /// Finds the oldest and the last chunk by their headers, as far as they can be read.
    fn of(file: &mut Seekable, base: u64, count: u64) -> Self {
        let mut survey = Self::default();
        let mut lowest = u64::MAX;
        let mut bytes = [0; CHUNK_HEADER_BYTES];
        for number in 0..count {
            let read = file.seek(SeekFrom::Start(base + number * CHUNK_BYTES));
            // What cannot be read is reported when it is to be read.
            if !read.and_then(|_| read_up_to(file, &mut bytes)).is_ok_and(|it| it == bytes.len()) {
                break;
            }
            let Ok(header) = EvtxChunkHeader::from_bytes(&bytes) else { continue };
            survey.last = Some(number);
            let first = header.first_event_record_id;
            if first <= header.last_event_record_id && first < lowest {
                lowest = first;
                survey.oldest = number;
            }
        }
        survey
    }
}

impl Iterator for Chunks {
    type Item = Chunk;

    /// From the chunk with the oldest records to the end of the file, then from its start; of that the piece.
    fn next(&mut self) -> Option<Chunk> {
        if self.walked >= self.end {
            return None;
        }
        let number = (self.survey.oldest + self.walked) % self.count;
        self.walked += 1;
        Some(self.read(number))
    }
}

/// Gives a chunk that holds records a header under which all of them are found; its tables are left out, since what
/// they hold also stands beside the records.
pub(super) fn restore(mut bytes: Vec<u8>, number: u64) -> Contents {
    if memmem::find(&bytes[CHUNK_HEADER_BYTES..], RECORD_MAGIC).is_none() {
        return Contents::Nothing;
    }
    let chunk_bytes = (CHUNK_BYTES as u32).to_le_bytes();
    bytes[..CHUNK_HEADER_BYTES].fill(0);
    bytes[..8].copy_from_slice(CHUNK_MAGIC);
    // The range of record ids, the offsets of the last record and of the free space, and "no checksums".
    bytes[32..40].copy_from_slice(&u64::MAX.to_le_bytes());
    bytes[44..48].copy_from_slice(&chunk_bytes);
    bytes[48..52].copy_from_slice(&chunk_bytes);
    bytes[120..124].copy_from_slice(&4_u32.to_le_bytes());
    match EvtxChunkData::new(bytes, false) {
        Ok(mut data) => {
            data.number = Some(number);
            Contents::Remains(data)
        }
        Err(_) => Contents::Nothing,
    }
}

/// Where the record of this id starts in its chunk.
pub(super) fn position_of(bytes: &[u8], record_id: u64) -> Option<u64> {
    let is_it = |it: &usize| bytes.get(it + 8..it + 16) == Some(&record_id.to_le_bytes()[..]);
    memmem::find_iter(bytes, RECORD_MAGIC).find(is_it).map(|it| it as u64)
}

/// Sets the sizes of records right that do not agree with the copies at their ends, so that a wrong one does not hide
/// the records behind it. The end of a record is where the next one begins with a fitting copy before it.
fn repair_sizes(bytes: &mut [u8]) {
    let size_at = |bytes: &[u8], position: usize| {
        let size = bytes.get(position..position + 4)?;
        Some(u32::from_le_bytes(size.try_into().ok()?) as usize)
    };
    let mut position = CHUNK_HEADER_BYTES;
    while let Some(found) = memmem::find(&bytes[position..], RECORD_MAGIC) {
        position += found;
        let size = size_at(bytes, position + 4).unwrap_or_default();
        if size > 4 && size_at(bytes, position + size - 4) == Some(size) {
            position += size;
            continue;
        }
        let next = memmem::find_iter(&bytes[position + 4..], RECORD_MAGIC)
            .map(|it| it + 4)
            .take(CANDIDATES_MAX)
            .find(|it| size_at(bytes, position + it - 4) == Some(*it));
        if let Some(size) = next {
            bytes[position + 4..position + 8].copy_from_slice(&(size as u32).to_le_bytes());
        }
        position += next.unwrap_or(4);
    }
}

fn read_up_to(file: &mut Seekable, buffer: &mut [u8]) -> io::Result<usize> {
    let mut count = 0;
    while count < buffer.len() {
        match file.read(&mut buffer[count..]) {
            Ok(0) => break,
            Ok(read) => count += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(count)
}
