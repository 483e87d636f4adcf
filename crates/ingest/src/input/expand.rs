//! Listing: from the paths of the user to files, through compressions and archives, each within its bounds.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use zip::{CompressionMethod, ZipArchive};

use super::head::Head;
use super::source::{Codec, Counting, Member, Root, Source, Stream};
use super::spool::Spool;
use super::{Input, InputError, InputFile, InputOptions, Skipped, walk};
use crate::{Damage, InputFormat};

/// Times that a compressed stream may grow; checked behind [`EXPANSION_FREE_BYTES`]. Deflate cannot exceed 1032.
pub const EXPANSION_RATIO_MAX: u64 = 2_000;
/// Bytes that a compressed stream may expand to at any ratio.
pub const EXPANSION_FREE_BYTES: u64 = 64 << 20;

/// What the name of a Parquet file ends with while `ingest` writes it.
const UNFINISHED: &str = ".parquet.tmp";

/// Collects the files of a run.
pub(super) struct Lister<'options> {
    options: &'options InputOptions,
    input: Input,
    /// The files that were listed, by their paths without links.
    listed: HashSet<PathBuf>,
    uncounted: Arc<AtomicU64>,
}

/// A file on the way to its leaves.
struct Found {
    name: String,
    source: Source,
    /// Bytes on the disk.
    bytes: u64,
    depth: usize,
}

impl<'options> Lister<'options> {
    pub(super) fn new(options: &'options InputOptions) -> Self {
        Self { options, input: Input::default(), listed: HashSet::new(), uncounted: Arc::default() }
    }

    pub(super) fn finish(self) -> Input {
        self.input
    }

    /// Lists a path that the user gave.
    pub(super) fn path(&mut self, path: &Path) -> Result<(), InputError> {
        let failed = |source| InputError::Path { path: path.to_owned(), source };
        let metadata = fs::metadata(path).map_err(failed)?;
        if !metadata.is_dir() {
            let file = fs::File::open(path).map_err(failed)?;
            // A pipe or a device cannot be opened a second time.
            return if metadata.is_file() { self.file(path, metadata.len()) } else { self.stream(&name(path), file) };
        }
        fs::read_dir(path).map_err(failed)?;
        walk::walk(path, &mut |found| match found {
            Ok(path) => {
                let bytes = fs::metadata(&path).map_or(0, |it| it.len());
                self.file(&path, bytes)
            }
            Err(unreadable) => {
                self.damage(&name(&unreadable.path), unreadable.reason);
                Ok(())
            }
        })
    }

    /// Lists standard input or a pipe. Formats that need random access, and all when it is to be kept, are copied.
    pub(super) fn stream(&mut self, name: &str, stream: impl Read + Send + 'static) -> Result<(), InputError> {
        let failed = |source| InputError::Path { path: name.into(), source };
        let mut stream: Stream = Box::new(stream);
        if self.options.keep_standard_input {
            return self.spooled(name, stream, 0).map_err(failed)?;
        }
        for depth in 0..=self.options.depth_max {
            let (head, failure) = Head::take(&mut stream);
            let bytes = head.bytes.clone();
            stream = match failure {
                // The failure comes again when the head has been read.
                Some(error) => Box::new(Cursor::new(bytes.clone()).chain(Failing(Some(error)))),
                None => Box::new(Cursor::new(bytes.clone()).chain(stream)),
            };
            if let Some(codec) = Codec::recognise(&bytes) {
                stream = codec.decode(stream, self.options.expanded_bytes_max).map_err(failed)?;
            } else if is_zip(&bytes) {
                return self.spooled(name, stream, depth).map_err(failed)?;
            } else {
                let root = Root::Once(Arc::new(Mutex::new(Some(stream))));
                let source = Source { root, member: None, codecs: Vec::new() };
                return self.leaf(Found { name: name.into(), source, bytes: 0, depth }, &head);
            }
        }
        self.damage(name, self.too_deep());
        Ok(())
    }

    fn spooled(&mut self, name: &str, stream: Stream, depth: usize) -> io::Result<Result<(), InputError>> {
        let (spool, failure) = Spool::copy(stream)?;
        if let Some(error) = failure {
            self.damage(name, error.to_string());
        }
        Ok(self.expand(Found { name: name.into(), source: Source::spool(spool), bytes: 0, depth }))
    }

    /// Lists a file, unless it is there already under this or another name.
    fn file(&mut self, path: &Path, bytes: u64) -> Result<(), InputError> {
        if path.canonicalize().is_ok_and(|it| !self.listed.insert(it)) {
            return Ok(());
        }
        self.expand(Found { name: name(path), source: Source::path(path.to_owned()), bytes, depth: 0 })
    }

    fn expand(&mut self, found: Found) -> Result<(), InputError> {
        let opened = found.source.open(self.options.expanded_bytes_max, &self.uncounted);
        let (head, failure) = match opened {
            Ok(mut stream) => Head::take(&mut stream),
            Err(error) => {
                self.damage(&found.name, error.to_string());
                return Ok(());
            }
        };
        if let (true, Some(error)) = (head.bytes.is_empty(), failure) {
            self.damage(&found.name, error.to_string());
            return Ok(());
        }
        let codec = Codec::recognise(&head.bytes);
        if codec.is_none() && !is_zip(&head.bytes) {
            return self.leaf(found, &head);
        }
        if found.depth == self.options.depth_max {
            self.damage(&found.name, self.too_deep());
            return Ok(());
        }
        match codec {
            Some(codec) => {
                self.expand(Found { source: found.source.with_codec(codec), depth: found.depth + 1, ..found })
            }
            None => self.archive(&found),
        }
    }

    fn leaf(&mut self, found: Found, head: &Head) -> Result<(), InputError> {
        let file: Arc<str> = found.name.into();
        if file.ends_with(UNFINISHED) {
            self.input.skipped.push(Skipped { file, reason: "a Parquet file that is not finished".to_owned() });
            return Ok(());
        }
        let format = self.options.format.or_else(|| InputFormat::detect(head));
        let Some(format) = format.filter(|_| !head.bytes.is_empty()) else {
            self.input.skipped.push(Skipped { file, reason: head.reason().to_owned() });
            return Ok(());
        };
        if self.input.files.len() == self.options.files_max {
            return Err(InputError::TooManyFiles(self.options.files_max));
        }
        self.input.files.push(InputFile {
            name: file,
            source: found.source,
            format,
            bytes: found.bytes,
            expanded_bytes_max: self.options.expanded_bytes_max,
            survey: Arc::default(),
        });
        Ok(())
    }

    /// Lists the members of a zip archive, in its order.
    fn archive(&mut self, found: &Found) -> Result<(), InputError> {
        match self.open_archive(found) {
            Ok((source, mut archive)) => {
                for index in 0..archive.len() {
                    match member(&mut archive, index) {
                        Ok(None) => {}
                        Ok(Some((member_name, member))) => {
                            let source = Source { member: Some(member), ..source.clone() };
                            self.expand(Found {
                                name: format!("{}/{member_name}", found.name),
                                source,
                                bytes: if found.bytes == 0 { 0 } else { member.compressed_bytes },
                                depth: found.depth + 1,
                            })?;
                        }
                        Err((member_name, reason)) => self.damage(&format!("{}/{member_name}", found.name), reason),
                    }
                }
            }
            Err(error) => self.damage(&found.name, error.to_string()),
        }
        Ok(())
    }

    fn open_archive(&mut self, found: &Found) -> io::Result<(Source, Archive)> {
        let mut source = found.source.clone();
        if !source.is_plain() {
            let (spool, failure) = Spool::copy(source.open(self.options.expanded_bytes_max, &self.uncounted)?)?;
            if let Some(error) = failure {
                self.damage(&found.name, error.to_string());
            }
            source = Source::spool(spool);
        }
        let archive = ZipArchive::new(source.open_root(&self.uncounted)?).map_err(io::Error::other)?;
        Ok((source, archive))
    }

    fn too_deep(&self) -> String {
        format!("archives are nested more than {} deep", self.options.depth_max)
    }

    fn damage(&mut self, file: &str, reason: String) {
        self.input.damaged.push(Damage { file: file.into(), offset: 0, record: None, reason });
    }
}

type Archive = ZipArchive<Box<dyn super::source::ReadSeek>>;

/// The place of a member within its archive; nothing for a folder. Errors are the member's name and a reason.
fn member(archive: &mut Archive, index: usize) -> Result<Option<(String, Member)>, (String, String)> {
    let entry = archive.by_index_raw(index).map_err(|error| (format!("member {index}"), error.to_string()))?;
    let name = String::from_utf8_lossy(entry.name_raw()).replace('\\', "/");
    let failed = |reason: &str| Err((name.clone(), reason.to_owned()));
    if entry.is_dir() {
        return Ok(None);
    }
    if entry.encrypted() {
        return failed("encrypted member");
    }
    let deflated = match entry.compression() {
        CompressionMethod::Stored => false,
        CompressionMethod::Deflated => true,
        method => return failed(&format!("compression method {method} is not read")),
    };
    let Some(start) = entry.data_start() else { return failed("member without data") };
    Ok(Some((name.clone(), Member { start, compressed_bytes: entry.compressed_size(), deflated })))
}

fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// A path as text with `/`, as locators show it.
fn name(path: &Path) -> String {
    let name = path.to_string_lossy();
    if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() }
}

/// Fails once, then ends.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// A decompressed stream that fails when it grows beyond its bounds.
pub(super) struct Bounded<R> {
    decoder: R,
    produced: u64,
    bytes_max: u64,
    consumed: Arc<AtomicU64>,
}

impl<R: Read + Send + 'static> Bounded<R> {
    /// Puts a decoder on a stream.
    pub(super) fn expand<S: Read>(
        stream: S,
        bytes_max: u64,
        decoder: impl FnOnce(Counting<S>) -> io::Result<R>,
    ) -> io::Result<Stream> {
        let consumed = Arc::new(AtomicU64::new(0));
        let decoder = decoder(Counting { inner: stream, count: consumed.clone() })?;
        Ok(Box::new(Self { decoder, produced: 0, bytes_max, consumed }))
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.decoder.read(buffer)?;
        self.produced += count as u64;
        if self.produced > self.bytes_max {
            return Err(io::Error::other(format!("expands to more than {} bytes", self.bytes_max)));
        }
        let ratio_max = self.consumed.load(Ordering::Relaxed).saturating_mul(EXPANSION_RATIO_MAX);
        if self.produced > EXPANSION_FREE_BYTES && self.produced > ratio_max {
            return Err(io::Error::other(format!("expands to more than {EXPANSION_RATIO_MAX} times its size")));
        }
        Ok(count)
    }
}
