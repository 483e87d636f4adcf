//! The files of an input as a source of events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ingest::event_file::EventFile;
use ingest::{
    Body, Damage, DamageLog, Input, Item, Normaliser, ReadOptions, Recovery, ScriptBlocks, UserProperties, normalise,
};

use crate::{ColumnFile, Entry, EventSource, Wanted};

/// Files read by `ingest`, each a part, in the order in which they were listed.
#[derive(Debug)]
pub struct FileSource {
    input: Input,
    recovery: Recovery,
    log_sources: Arc<ingest::LogSources>,
    user_properties: Arc<UserProperties>,
    present: Option<i64>,
    bytes: AtomicU64,
}

impl FileSource {
    /// The files of an input. `recovery` says when records are carved from the unused space of EVTX files.
    pub fn new(input: Input, recovery: Recovery) -> Self {
        Self {
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

    /// Bytes of files that were read to their end, over all passes, for a progress bar.
    pub fn bytes_read(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

impl EventSource for FileSource {
    fn parts(&self) -> usize {
        self.input.files().len()
    }

    fn name(&self, part: usize) -> Arc<str> {
        Arc::clone(self.input.files()[part].name())
    }

    fn read<'a>(&'a self, part: usize, wanted: &Wanted) -> Box<dyn Iterator<Item = Entry> + 'a> {
        let file = &self.input.files()[part];
        let payload = wanted.payload || self.user_properties.need_payload();
        let reference_time = self.present.filter(|_| &**file.name() == "-");
        let options = ReadOptions { payload, recovery: self.recovery, reference_time };
        let normaliser = Normaliser::new(Arc::clone(&self.log_sources)).with(Arc::clone(&self.user_properties));
        let normaliser = match &wanted.columns {
            Some(columns) => normaliser.only(columns),
            None => normaliser,
        };
        let mut script_blocks = ScriptBlocks::default();
        let entries = file.read(&options).map(move |item| match item {
            Item::Event(raw) => {
                let is_stored = matches!(raw.body, Body::Stored(_));
                let mut event = normalise(raw, &normaliser);
                if !is_stored {
                    script_blocks.join(&mut event);
                }
                Entry::Event(event)
            }
            Item::Recovered(raw) => Entry::Recovered(normalise(raw, &normaliser)),
            Item::Damage(damage) => Entry::Damage(damage),
        });
        let mut end = Some(move || {
            self.bytes.fetch_add(file.bytes(), Ordering::Relaxed);
        });
        Box::new(entries.chain(std::iter::from_fn(move || {
            if let Some(end) = end.take() {
                end();
            }
            None
        })))
    }

    fn column_file(&self, part: usize) -> Option<Result<ColumnFile, Damage>> {
        let file = &self.input.files()[part];
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
