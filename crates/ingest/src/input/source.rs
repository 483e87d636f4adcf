//! Where the bytes of a file come from: a root that can be opened, and the compressions on top of it.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::expand::Bounded;
use super::spool::Spool;

/// Windows of zstd frames that are decoded: 128 MiB (the decoder's own default; more needs `--long` on both sides).
pub const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// A stream that can be read on any thread.
pub(super) type Stream = Box<dyn Read + Send>;

/// A file that can be opened again and again.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub(super) root: Root,
    /// The part of the root that is a member of a zip archive.
    pub(super) member: Option<Member>,
    /// Compressions, the outermost first.
    pub(super) codecs: Vec<Codec>,
}

/// What can be opened.
#[derive(Clone)]
pub(super) enum Root {
    Path(Arc<PathBuf>),
    Spool(Arc<Spool>),
    /// Standard input, already decompressed; taken by who reads it.
    Once(Arc<Mutex<Option<Stream>>>),
}

impl std::fmt::Debug for Root {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Path(path) => write!(formatter, "{}", path.display()),
            Self::Spool(_) => formatter.write_str("spool"),
            Self::Once(_) => formatter.write_str("stream"),
        }
    }
}

/// A member of a zip archive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    pub(super) start: u64,
    pub(super) compressed_bytes: u64,
    pub(super) deflated: bool,
}

/// A compression of a whole stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Codec {
    Gzip,
    Zstd,
}

/// What random access needs.
pub(crate) trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

impl Source {
    pub(super) fn path(path: PathBuf) -> Self {
        Self { root: Root::Path(Arc::new(path)), member: None, codecs: Vec::new() }
    }

    pub(super) fn spool(spool: Spool) -> Self {
        Self { root: Root::Spool(Arc::new(spool)), member: None, codecs: Vec::new() }
    }

    pub(super) fn with_codec(&self, codec: Codec) -> Self {
        let mut source = self.clone();
        source.codecs.push(codec);
        source
    }

    /// Whether the root can be used as it is.
    pub(super) fn is_plain(&self) -> bool {
        self.member.is_none() && self.codecs.is_empty() && !matches!(self.root, Root::Once(_))
    }

    /// The path of a file that can be used as it is.
    pub(super) fn plain_path(&self) -> Option<&Path> {
        match &self.root {
            Root::Path(path) if self.is_plain() => Some(path.as_path()),
            _ => None,
        }
    }

    /// Opens the root for random access; [`Root::Once`] cannot be.
    pub(super) fn open_root(&self, progress: &Arc<AtomicU64>) -> io::Result<Box<dyn ReadSeek>> {
        Ok(match &self.root {
            Root::Path(path) => {
                Box::new(Counting { inner: BufReader::new(File::open(path.as_path())?), count: progress.clone() })
            }
            Root::Spool(spool) => Box::new(Counting { inner: spool.open()?, count: progress.clone() }),
            Root::Once(_) => return Err(io::Error::other("standard input can be read only once")),
        })
    }

    /// Opens the decompressed bytes. An expansion to more than `bytes_max`, or at too high a ratio, ends in an error.
    pub(super) fn open(&self, bytes_max: u64, progress: &Arc<AtomicU64>) -> io::Result<Stream> {
        let mut stream: Stream = if let Root::Once(stream) = &self.root {
            let taken = stream.lock().unwrap_or_else(PoisonError::into_inner).take();
            let inner = taken.ok_or_else(|| io::Error::other("standard input can be read only once"))?;
            Box::new(Counting { inner, count: progress.clone() })
        } else {
            let mut root = self.open_root(progress)?;
            if let Some(member) = self.member {
                root.seek(SeekFrom::Start(member.start))?;
                let bytes = root.take(member.compressed_bytes);
                if member.deflated {
                    Bounded::expand(bytes, bytes_max, |it| Ok(flate2::read::DeflateDecoder::new(it)))?
                } else {
                    Box::new(bytes)
                }
            } else {
                Box::new(root)
            }
        };
        for codec in &self.codecs {
            stream = codec.decode(stream, bytes_max)?;
        }
        Ok(stream)
    }
}

impl Codec {
    /// The compression of a stream that begins so.
    pub(super) fn recognise(head: &[u8]) -> Option<Self> {
        let skippable = |it: &[u8]| (0x50..=0x5f).contains(&it[0]) && it[1..4] == [0x2a, 0x4d, 0x18];
        match head {
            [0x1f, 0x8b, 0x08, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            _ if head.len() >= 4 && skippable(head) => Some(Self::Zstd),
            _ => None,
        }
    }

    pub(super) fn decode(self, stream: Stream, bytes_max: u64) -> io::Result<Stream> {
        match self {
            Self::Gzip => Bounded::expand(stream, bytes_max, |it| Ok(flate2::read::MultiGzDecoder::new(it))),
            Self::Zstd => Bounded::expand(stream, bytes_max, |it| {
                let mut decoder = zstd::stream::read::Decoder::new(it)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
                Ok(decoder)
            }),
        }
    }
}

/// Counts the bytes that are read.
pub(super) struct Counting<R> {
    pub(super) inner: R,
    pub(super) count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: Seek> Seek for Counting<R> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.inner.seek(position)
    }
}
