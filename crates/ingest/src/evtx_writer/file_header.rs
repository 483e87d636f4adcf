//! The first 4 KiB of a file.

use super::values::checksum;

/// Bytes of the header and its padding.
const BLOCK_SIZE: usize = 4096;
/// Bytes that carry values.
const HEADER_SIZE: u32 = 128;
/// Bytes that the checksum covers.
const CHECKED_SIZE: usize = 120;
/// The file was not closed by the event log service.
const FLAG_DIRTY: u32 = 1;

/// What the file header says of the file.
#[derive(Debug)]
pub(super) struct FileHeader {
    chunks: u64,
    next_record_id: u64,
    flags: u32,
}

impl FileHeader {
    /// The header of a file that is being written: one chunk, no record yet.
    pub(super) fn dirty() -> Self {
        Self { chunks: 1, next_record_id: 1, flags: FLAG_DIRTY }
    }

    /// The header of a finished file.
    pub(super) fn closed(chunks: u64, next_record_id: u64) -> Self {
        Self { chunks, next_record_id, flags: 0 }
    }

    /// The block as it stands in the file; format version 3.1.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut block = Vec::with_capacity(BLOCK_SIZE);
        block.extend_from_slice(b"ElfFile\0");
        block.extend_from_slice(&0_u64.to_le_bytes());
        block.extend_from_slice(&self.chunks.saturating_sub(1).to_le_bytes());
        block.extend_from_slice(&self.next_record_id.to_le_bytes());
        block.extend_from_slice(&HEADER_SIZE.to_le_bytes());
        block.extend_from_slice(&1_u16.to_le_bytes());
        block.extend_from_slice(&3_u16.to_le_bytes());
        block.extend_from_slice(&(BLOCK_SIZE as u16).to_le_bytes());
        block.extend_from_slice(&(self.chunks as u16).to_le_bytes());
        block.resize(CHECKED_SIZE, 0);
        let checksum = checksum(&[&block]);
        block.extend_from_slice(&self.flags.to_le_bytes());
        block.extend_from_slice(&checksum.to_le_bytes());
        block.resize(BLOCK_SIZE, 0);
        block
    }
}
