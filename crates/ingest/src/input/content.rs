//! The content of one file as readers see it: decompressed, as a stream of text or for random access.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use super::source::{ReadSeek, Root, Source};
use super::spool::Spool;
use super::window::Window;
use crate::Damage;
use crate::readers::Survey;

/// A file to be read.
pub(crate) struct Content {
    /// The name for locators and reports.
    pub(crate) file: Arc<str>,
    pub(super) source: Source,
    pub(super) expanded_bytes_max: u64,
    pub(super) progress: Arc<AtomicU64>,
    /// Where the records of an EVTX file begin, which the first of its readers finds out.
    pub(crate) survey: Arc<OnceLock<Survey>>,
}

impl Content {
    /// The content as UTF-8 text, whatever its encoding, without a byte order mark.
    pub(crate) fn text(&self) -> Result<Window, Damage> {
        let stream = self.source.open(self.expanded_bytes_max, &self.progress);
        stream.map(Window::text).map_err(|error| self.damage(&error))
    }

    /// When the file, or the archive it is in, was last written, in milliseconds since 1970 UTC.
    pub(crate) fn modified(&self) -> Option<i64> {
        let Root::Path(path) = &self.source.root else { return None };
        let modified = std::fs::metadata(path.as_ref()).ok()?.modified().ok()?;
        let age = modified.duration_since(std::time::UNIX_EPOCH).ok()?;
        i64::try_from(age.as_millis()).ok()
    }

    /// The content for random access; a compressed one is copied first.
    pub(crate) fn seekable(&self) -> Result<Seekable, Damage> {
        self.open_seekable().map_err(|error| self.damage(&error))
    }

    fn open_seekable(&self) -> io::Result<Seekable> {
        if self.source.is_plain() {
            return Ok(Seekable { inner: self.source.open_root(&self.progress)?, _spool: None, failure: None });
        }
        let stream = self.source.open(self.expanded_bytes_max, &self.progress)?;
        let (spool, failure) = Spool::copy(stream)?;
        Ok(Seekable { inner: spool.open()?, _spool: Some(spool), failure: failure.map(|it| it.to_string()) })
    }

    fn damage(&self, error: &io::Error) -> Damage {
        Damage { file: self.file.clone(), offset: 0, record: None, reason: error.to_string() }
    }
}

/// A file for random access.
pub(crate) struct Seekable {
    inner: Box<dyn ReadSeek>,
    /// Keeps the temporary file.
    _spool: Option<Spool>,
    /// Why the copy of a compressed file ends before its time.
    pub(crate) failure: Option<String>,
}

impl Read for Seekable {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer)
    }
}

impl Seek for Seekable {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
