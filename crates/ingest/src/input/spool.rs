//! A copy of a stream for random access: in memory while small, else in a temporary file that goes with it.

use std::io::{self, BufReader, Cursor, Read, Write};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::source::ReadSeek;

/// Bytes of a copy that are held in memory; larger copies are temporary files.
pub const SPOOL_MEMORY_MAX: usize = 16 << 20;

/// The copy. The temporary file is deleted when this is dropped.
pub(super) enum Spool {
    Memory(Arc<[u8]>),
    File(NamedTempFile),
}

impl Spool {
    /// Copies the stream to its end. A damaged stream is kept as far as it can be read, with the reason.
    pub(super) fn copy(mut stream: impl Read) -> io::Result<(Self, Option<io::Error>)> {
        let mut memory = Vec::new();
        let failure = read_to(&mut stream, &mut memory, Some(SPOOL_MEMORY_MAX as u64))?;
        if memory.len() < SPOOL_MEMORY_MAX || failure.is_some() {
            return Ok((Self::Memory(memory.into()), failure));
        }
        let mut file = NamedTempFile::new()?;
        file.write_all(&memory)?;
        drop(memory);
        let failure = read_to(&mut stream, &mut file, None)?;
        file.flush()?;
        Ok((Self::File(file), failure))
    }

    pub(super) fn open(&self) -> io::Result<Box<dyn ReadSeek>> {
        Ok(match self {
            Self::Memory(bytes) => Box::new(Cursor::new(bytes.clone())),
            Self::File(file) => Box::new(BufReader::new(file.reopen()?)),
        })
    }
}

/// Copies until the end or until `bytes_max` are there. A failure of the source is returned within, one of the target
/// as error.
fn read_to(source: &mut impl Read, target: &mut impl Write, bytes_max: Option<u64>) -> io::Result<Option<io::Error>> {
    let mut left = bytes_max.unwrap_or(u64::MAX);
    let mut buffer = vec![0; 64 << 10];
    while left > 0 {
        let wanted = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        match source.read(&mut buffer[..wanted]) {
            Ok(0) => return Ok(None),
            Ok(count) => {
                target.write_all(&buffer[..count])?;
                left -= count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(Some(error)),
        }
    }
    Ok(None)
}
