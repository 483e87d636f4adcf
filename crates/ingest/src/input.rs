//! The inputs of a run: paths, folders, compressed files, archives and standard input, listed as files that can be
//! read independently of each other.
//!
//! Memory: listing keeps a name and a position for each file; a file that is read holds its decompressor (up to
//! [`ZSTD_WINDOW_LOG_MAX`] for zstd) and what its reader holds (see [`crate::InputFormat`]). What needs random access
//! but is compressed is held up to [`SPOOL_MEMORY_MAX`] in memory, else in a temporary file.

mod content;
mod expand;
mod head;
mod source;
mod spool;
mod walk;
mod window;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

pub(crate) use content::{Content, Seekable};
pub use expand::{EXPANSION_FREE_BYTES, EXPANSION_RATIO_MAX};
pub(crate) use head::Head;
use source::Source;
pub use source::ZSTD_WINDOW_LOG_MAX;
pub use spool::SPOOL_MEMORY_MAX;
pub(crate) use window::Window;

use crate::item::Statistics;
use crate::readers::{Items, Survey};
use crate::{Damage, InputFormat, Item, ReadOptions};

/// Bytes of a piece of a file that can be read by itself.
pub const PIECE_BYTES: u64 = 1 << 20;

/// Bytes at the start of a file by which its format is recognised.
pub const HEAD_BYTES: usize = 32 << 10;

/// How inputs are listed and opened.
#[derive(Clone, Debug)]
pub struct InputOptions {
    /// Reads every file as this format instead of recognising each by its content.
    pub format: Option<InputFormat>,
    /// Archives and compressions within each other that are opened.
    pub depth_max: usize,
    /// Bytes that one compressed file or member may expand to.
    pub expanded_bytes_max: u64,
    /// Files that are listed.
    pub files_max: usize,
    /// Copies standard input to a temporary file, so that it can be read more than once.
    pub keep_standard_input: bool,
}

impl Default for InputOptions {
    fn default() -> Self {
        Self {
            format: None,
            depth_max: 8,
            expanded_bytes_max: 1 << 40,
            files_max: 1_000_000,
            keep_standard_input: false,
        }
    }
}

/// Why inputs cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// A path that the user named cannot be read.
    #[error("cannot read `{}`", path.display())]
    Path {
        /// The path as given.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// More files than [`InputOptions::files_max`].
    #[error("more than {0} files")]
    TooManyFiles(usize),
}

/// A file that is not read, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The file, named as in [`crate::Locator::file`].
    pub file: Arc<str>,
    /// A short phrase.
    pub reason: String,
}

/// The files of a run.
#[derive(Debug, Default)]
pub struct Input {
    files: Vec<InputFile>,
    skipped: Vec<Skipped>,
    damaged: Vec<Damage>,
}

impl Input {
    /// Lists the files of the paths: a folder with all that is below it, sorted by name; archives with their members;
    /// `-` is standard input, and
    /// pipes are read like it. The order is that of the paths and the same at each call. A file that is named twice, or
    /// stands below a folder that is named too, is listed where it comes first.
    ///
    /// # Errors
    ///
    /// When a given path does not exist or cannot be read. What cannot be read below it is in [`Input::damaged`].
    ///
    /// # Examples
    ///
    /// ```
    /// use ingest::{Input, InputOptions, Item, ReadOptions};
    ///
    /// let input = Input::open(&["tests/samples/service-installed.xml"], &InputOptions::default())?;
    /// for file in input.files() {
    ///     let events = file.read(&ReadOptions::default()).filter(|it| matches!(it, Item::Event(_))).count();
    ///     assert!(events > 0, "{}", file.name());
    /// }
    /// # Ok::<(), ingest::InputError>(())
    /// ```
    pub fn open<P: AsRef<Path>>(paths: &[P], options: &InputOptions) -> Result<Self, InputError> {
        let mut lister = expand::Lister::new(options);
        for path in paths {
            let path = path.as_ref();
            if path.as_os_str() == "-" {
                lister.stream("-", std::io::stdin())?;
            } else {
                lister.path(path)?;
            }
        }
        Ok(lister.finish())
    }

    /// Lists a stream in place of standard input, under the name `-`.
    pub fn from_stream(
        stream: impl std::io::Read + Send + 'static,
        options: &InputOptions,
    ) -> Result<Self, InputError> {
        let mut lister = expand::Lister::new(options);
        lister.stream("-", stream)?;
        Ok(lister.finish())
    }

    /// The files that can be read.
    pub fn files(&self) -> &[InputFile] {
        &self.files
    }

    /// The files that are not logs of a known format.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Folders, files and archives that could not be opened.
    pub fn damaged(&self) -> &[Damage] {
        &self.damaged
    }

    /// Bytes of all files on the disk; nothing for standard input. With [`Statistics::bytes`] this gives the progress.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(InputFile::bytes).sum()
    }
}

/// A file, a member of an archive, or standard input.
#[derive(Debug)]
pub struct InputFile {
    name: Arc<str>,
    source: Source,
    format: InputFormat,
    bytes: u64,
    expanded_bytes_max: u64,
    survey: Arc<OnceLock<Survey>>,
}

impl InputFile {
    /// The name as in [`crate::Locator::file`].
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The format it is read as.
    pub fn format(&self) -> InputFormat {
        self.format
    }

    /// Where it stands, when it is a Parquet file that is neither compressed nor in an archive.
    pub fn parquet_path(&self) -> Option<&Path> {
        self.source.plain_path().filter(|_| self.is_stored())
    }

    /// Whether its events were normalised before they were written.
    pub fn is_stored(&self) -> bool {
        self.format.name() == "parquet"
    }

    /// Its bytes on the disk, compressed or not; nothing for standard input.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// In how many pieces the file can be read by itself, of about [`PIECE_BYTES`] each: see
    /// [`ReadOptions::piece`]. At least one.
    pub fn pieces(&self) -> u64 {
        let can_be_cut = self.format.0.in_pieces && self.source.is_plain();
        if can_be_cut { self.bytes.div_ceil(PIECE_BYTES).max(1) } else { 1 }
    }

    /// Reads the file from its start. Files may be read at the same time by many threads, each any number of times;
    /// standard input only once, unless [`InputOptions::keep_standard_input`] is set.
    pub fn read(&self, options: &ReadOptions) -> FileReader {
        let bytes = Arc::new(AtomicU64::new(0));
        let content = Content {
            file: self.name.clone(),
            source: self.source.clone(),
            expanded_bytes_max: self.expanded_bytes_max,
            progress: bytes.clone(),
            survey: self.survey.clone(),
        };
        let items = (self.format.0.read)(&content, options)
            .unwrap_or_else(|damage| Box::new(std::iter::once(Item::Damage(damage))));
        FileReader { items, bytes, statistics: Statistics::default() }
    }
}

/// The events and damage of a file, in its order.
pub struct FileReader {
    items: Items,
    bytes: Arc<AtomicU64>,
    statistics: Statistics,
}

impl FileReader {
    /// What was read so far.
    pub fn statistics(&self) -> Statistics {
        Statistics { bytes: self.bytes.load(std::sync::atomic::Ordering::Relaxed), ..self.statistics }
    }
}

impl Iterator for FileReader {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let item = self.items.next()?;
        match item {
            Item::Event(_) => self.statistics.events += 1,
            Item::Recovered(_) => self.statistics.recovered += 1,
            Item::Damage(_) => self.statistics.damaged += 1,
        }
        Some(item)
    }
}
