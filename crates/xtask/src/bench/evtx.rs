//! EVTX in any amount, of what stands in a folder: its files copied in turn, and all chunks of these in one large file.

use std::fs::{self, File};
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The header of an EVTX file stands in a block of this size; chunks follow.
const HEADER_BYTES: usize = 4_096;
const CHUNK_BYTES: usize = 65_536;
const CHUNK_MAGIC: &[u8] = b"ElfChnk\0";
/// The header counts chunks in 16 bits.
const CHUNKS_MAX: u64 = 65_535;

/// Logs made of the files of a folder.
#[derive(Clone, Debug)]
pub(super) struct Logs {
    /// The copies.
    pub(super) folder: PathBuf,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// All chunks of the copies in one file, so that a program that reads one file starts once.
    pub(super) joined: PathBuf,
}

/// Logs of at least so many bytes below `folder`, made when they are not there.
pub(super) fn ensure_logs(folder: &Path, samples: &Path, bytes: u64) -> Result<Logs> {
    let sources = evtx_files(samples)?;
    ensure!(!sources.is_empty(), "no EVTX file in `{}`", samples.display());
    let finished = folder.join(format!("evtx-{bytes}"));
    if !finished.exists() {
        let part = folder.join(format!("evtx-{bytes}.part"));
        if part.exists() {
            fs::remove_dir_all(&part)?;
        }
        write_logs(&part, &sources, bytes)?;
        fs::rename(&part, &finished)?;
    }
    let (folder, joined) = (finished.join("files"), finished.join("joined.evtx"));
    let files = evtx_files(&folder)?;
    let sizes = files.iter().map(|it| Ok(it.metadata()?.len())).collect::<Result<Vec<_>>>()?;
    Ok(Logs { folder, files: files.len() as u64, bytes: sizes.iter().sum(), joined })
}

fn write_logs(folder: &Path, sources: &[PathBuf], bytes: u64) -> Result<()> {
    let files = folder.join("files");
    fs::create_dir_all(&files)?;
    let mut joined = Joined::create(&folder.join("joined.evtx"))?;
    let mut written = 0;
    for (number, source) in sources.iter().cycle().enumerate() {
        let content = fs::read(source).with_context(|| format!("cannot read `{}`", source.display()))?;
        ensure!(!content.is_empty(), "`{}` is empty", source.display());
        fs::write(files.join(format!("{number:06}.evtx")), &content)?;
        joined.append(&content)?;
        written += content.len() as u64;
        if written >= bytes {
            break;
        }
    }
    joined.finish()
}

/// The EVTX files of a folder by name, those of its folders not.
pub(super) fn evtx_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut files = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|it| it.extension().is_some_and(|it| it.eq_ignore_ascii_case("evtx")));
    files.sort();
    Ok(files)
}

/// A file of the chunks of others, under the header of the first.
struct Joined {
    file: BufWriter<File>,
    header: Option<Vec<u8>>,
    chunks: u64,
}

impl Joined {
    fn create(path: &Path) -> Result<Self> {
        let mut file = BufWriter::new(File::create(path)?);
        file.write_all(&[0; HEADER_BYTES])?;
        Ok(Self { file, header: None, chunks: 0 })
    }

    /// Appends the chunks of a file that are in use.
    fn append(&mut self, content: &[u8]) -> Result<()> {
        let Some((header, chunks)) = content.split_at_checked(HEADER_BYTES) else { return Ok(()) };
        self.header.get_or_insert_with(|| header.to_vec());
        for chunk in chunks.chunks_exact(CHUNK_BYTES).filter(|it| it.starts_with(CHUNK_MAGIC)) {
            if self.chunks == CHUNKS_MAX {
                break;
            }
            self.file.write_all(chunk)?;
            self.chunks += 1;
        }
        Ok(())
    }

    /// Writes the header: which chunk is the first and the last, how many there are, and the checksum of all that.
    fn finish(mut self) -> Result<()> {
        let mut header = self.header.take().context("no chunk in any file")?;
        header[8..16].copy_from_slice(&0_u64.to_le_bytes());
        header[16..24].copy_from_slice(&self.chunks.saturating_sub(1).to_le_bytes());
        header[42..44].copy_from_slice(&(self.chunks as u16).to_le_bytes());
        // Neither dirty nor full.
        header[120..124].copy_from_slice(&[0; 4]);
        let mut checksum = flate2::Crc::new();
        checksum.update(&header[..120]);
        header[124..128].copy_from_slice(&checksum.sum().to_le_bytes());
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(&header)?;
        self.file.flush()?;
        Ok(())
    }
}

/// Reads a file to its end, so that it stands in the memory of the system: what is measured is not the disk.
pub(super) fn warm(path: &Path) -> Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 20];
    while file.read(&mut buffer)? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use ingest::{Input, InputOptions, Recovery};

    use super::*;

    fn events(path: &Path) -> usize {
        let input = Input::open(&[path], &InputOptions::default()).expect("it is read");
        let source = engine::FileSource::new(input, Recovery::default());
        let source: &dyn engine::EventSource = &source;
        (0..source.parts())
            .flat_map(|part| source.read(part, &engine::Wanted::default()))
            .filter(|it| matches!(it, engine::Entry::Event(_)))
            .count()
    }

    #[test]
    fn copies_and_the_joined_file_hold_the_same_events() {
        let folder = tempfile::tempdir().expect("a folder");
        let samples = crate::root().join("samples");
        let samples =
            [samples.join("windows"), samples].into_iter().find(|it| evtx_files(it).is_ok_and(|it| !it.is_empty()));
        let samples = samples.expect("our samples have EVTX files");
        let size: u64 =
            evtx_files(&samples).expect("files").iter().map(|it| it.metadata().expect("a file").len()).sum();
        let logs = ensure_logs(folder.path(), &samples, size + 1).expect("they are made");
        assert!(logs.bytes > size && logs.files > 1, "{logs:?}");
        let count = events(&logs.folder);
        assert!(count > 0);
        assert_eq!(events(&logs.joined), count);
        let again = ensure_logs(folder.path(), &samples, size + 1).expect("they are there");
        assert_eq!((again.files, again.bytes), (logs.files, logs.bytes));
    }
}
