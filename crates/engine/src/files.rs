//! The files of an input as a source of events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ingest::event_file::EventFile;
use ingest::{
    Damage, DamageLog, Event, Input, InputFile, Item, Normaliser, Piece, RawEvent, ReadOptions, Recovery, ScriptBlocks,
    UserProperties, columns, normalise,
};

use crate::relay::Joined;
use crate::{ColumnFile, Entry, EventSource, Look, Wanted};

/// A file, or a piece of one.
#[derive(Clone, Copy, Debug)]
struct Part {
    file: usize,
    piece: Piece,
}

/// Files read by `ingest`, each a part or several, in the order in which they were listed.
#[derive(Debug)]
pub struct FileSource {
    input: Input,
    parts: Vec<Part>,
    recovery: Recovery,
    log_sources: Arc<ingest::LogSources>,
    user_properties: Arc<UserProperties>,
    present: Option<i64>,
    bytes: AtomicU64,
}

impl FileSource {
    /// The files of an input. `recovery` says when records are carved from the unused space of EVTX files.
    pub fn new(input: Input, recovery: Recovery) -> Self {
        let pieces = |(file, of): (usize, u64)| (0..of).map(move |number| Part { file, piece: Piece { number, of } });
        let files = input.files().iter().map(InputFile::pieces).enumerate();
        Self {
            parts: files.flat_map(pieces).collect(),
            input,
            recovery,
            log_sources: Arc::default(),
            user_properties: Arc::default(),
            present: None,
            bytes: AtomicU64::new(0),
        }
    }

    /// With properties that the user defined.
    #[must_use]
    pub fn with_properties(mut self, user_properties: Arc<UserProperties>) -> Self {
        self.user_properties = user_properties;
        self
    }

    /// With the present, in milliseconds since 1970 UTC: it dates lines of standard input that name no year. Those of a
    /// file are dated by the time of its last change.
    #[must_use]
    pub fn with_present(mut self, present: i64) -> Self {
        self.present = Some(present);
        self
    }

    /// With log sources that are found in further inputs too.
    #[must_use]
    pub(crate) fn with_log_sources(mut self, log_sources: Arc<ingest::LogSources>) -> Self {
        self.log_sources = log_sources;
        self
    }

    /// The files.
    pub fn input(&self) -> &Input {
        &self.input
    }

    fn file(&self, part: usize) -> &InputFile {
        &self.input.files()[self.parts[part].file]
    }

    fn normaliser(&self) -> Normaliser {
        Normaliser::new(Arc::clone(&self.log_sources)).with(Arc::clone(&self.user_properties))
    }

    fn options(&self, file: &InputFile, wanted: &Wanted) -> ReadOptions {
        ReadOptions {
            payload: wanted.payload || self.user_properties.need_payload(),
            recovery: self.recovery,
            reference_time: self.present.filter(|_| &**file.name() == "-"),
            // What the user defines may say of what kind an event is.
            piece: None,
            kinds: wanted.kinds.clone().filter(|_| !self.user_properties.need_payload()),
        }
    }

    /// Bytes of files that were read to their end, over all passes, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl EventSource for FileSource {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn name(&self, part: usize) -> Arc<str> {
        Arc::clone(self.file(part).name())
    }

    fn bytes(&self, part: usize) -> u64 {
        let file = self.file(part);
        // The size of what is in an archive or comes from a pipe is not known.
        if file.bytes() == 0 { u64::MAX } else { file.bytes() / self.parts[part].piece.of }
    }

    fn ends_file(&self, part: usize) -> bool {
        self.parts[part].piece.is_last()
    }

    fn read<'a>(&'a self, part: usize, wanted: &Wanted) -> Box<dyn Iterator<Item = Entry> + 'a> {
        let Part { piece, .. } = self.parts[part];
        let file = self.file(part);
        let normaliser = match &wanted.columns {
            Some(columns) => self.normaliser().only(&with_script_blocks(columns, wanted.whole_later)),
            None => self.normaliser(),
        };
        let keep = wanted.whole_later;
        let look = move |raw: RawEvent| Look { event: normalise(&raw, &normaliser), raw: Some(raw).filter(|_| keep) };
        let options = ReadOptions { piece: Some(piece), ..self.options(file, wanted) };
        let entries = file.read(&options).map(move |item| match item {
            Item::Event(raw) => Entry::Event(look(raw)),
            Item::Recovered(raw) => Entry::Recovered(look(raw)),
            Item::Damage(damage) => Entry::Damage(damage),
        });
        let joined: Box<dyn Iterator<Item = Entry>> = if file.is_stored() {
            Box::new(entries)
        } else {
            Box::new(Joined::new(entries, part, piece, Arc::clone(&wanted.relay)))
        };
        let mut end = Some(move || {
            let [start, end] = [piece.number, piece.number + 1].map(|it| file.bytes() * it / piece.of);
            self.bytes.fetch_add(end - start, Ordering::Relaxed);
        });
        Box::new(joined.chain(std::iter::from_fn(move || {
            if let Some(end) = end.take() {
                end();
            }
            None
        })))
    }

    fn whole(&self, look: &Event, raw: &RawEvent) -> Event {
        let mut event = normalise(raw, &self.normaliser());
        ScriptBlocks::join_again(look, &mut event);
        event
    }

    fn column_file(&self, part: usize) -> Option<Result<ColumnFile, Damage>> {
        let file = self.file(part);
        // What the user defined is taken out of events.
        let path = file.parquet_path().filter(|_| !self.user_properties.need_payload())?;
        let name = Arc::clone(file.name());
        let opened = std::fs::File::open(path).map_err(Into::into).and_then(|it| EventFile::open(&it, true));
        self.bytes.fetch_add(file.bytes(), Ordering::Relaxed);
        Some(match opened {
            Ok(file) => {
                file.register(&self.log_sources);
                Ok(ColumnFile { name, path: path.to_owned(), file })
            }
            Err(error) => {
                Err(Damage { file: name, offset: 0, record: None, reason: ingest::event_file::reason(&error) })
            }
        })
    }

    fn preface(&self) -> (DamageLog, u64) {
        let mut damage = DamageLog::default();
        self.input.damaged().iter().cloned().for_each(|it| damage.push(it));
        (damage, self.input.skipped().len() as u64)
    }

    fn log_sources(&self) -> Option<Arc<dyn aql::LogSources>> {
        Some(Arc::new(Names(Arc::clone(&self.log_sources))))
    }
}

/// These columns, with the script block and what is needed to put one together, if an event will be wanted as a whole:
/// its parts are seen in the first look only.
fn with_script_blocks(wanted: &[usize], whole_later: bool) -> Vec<usize> {
    let text = whole_later.then_some(usize::from(columns().script_block_text));
    wanted.iter().copied().chain(text).collect()
}

/// The names of the log sources that were found.
#[derive(Debug)]
pub(crate) struct Names(pub(crate) Arc<ingest::LogSources>);

impl aql::LogSources for Names {
    fn name(&self, id: i64) -> Option<String> {
        self.0.name(id)
    }

    fn group_name(&self, _: i64) -> Option<String> {
        None
    }

    fn group_of(&self, _: i64) -> Option<String> {
        None
    }
}
