//! What reading verbs share: the input, how it is read, and what queries may look up.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use engine::{EventSource, FileSource, Match, ReadSettings, ScanOptions, ScanSummary, Subject};
use indicatif::ProgressBar;
use ingest::{Input, InputFormat, InputOptions, Recovery, UserProperties};

use crate::arguments::InputArguments;
use crate::{interrupt, output, progress};

/// Properties that the user defined, from a file.
pub(crate) fn user_properties(path: Option<&Path>) -> Result<Vec<schema::properties::Definition>> {
    let Some(path) = path else { return Ok(Vec::new()) };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let (definitions, errors) = schema::properties::read(&text);
    for error in &errors {
        output::note(&format!("{}: {error}", path.display()));
    }
    if !errors.is_empty() {
        bail!("`{}` is wrong; nothing was run", path.display());
    }
    Ok(definitions)
}

/// What queries are compiled with, beside their text.
#[derive(Debug, Default)]
pub(crate) struct CompileSources<'a> {
    /// How backslashes in strings are read.
    pub(crate) escapes: aql::Escapes,
    /// Definitions of properties.
    pub(crate) properties: Option<&'a Path>,
    /// A folder of collections.
    pub(crate) reference_data: Option<&'a Path>,
    /// A MaxMind database.
    pub(crate) geoip: Option<&'a Path>,
    /// IANA name or offset; none for UTC.
    pub(crate) time_zone: Option<&'a str>,
}

impl CompileSources<'_> {
    /// Reads the files and makes the options of the compiler. The present is that of the clock.
    pub(crate) fn options(&self) -> Result<aql::Options> {
        let mut environment = aql::Environment::new(now());
        // Names of log sources come from the logs; a query that asks for them is complete without any.
        environment.log_sources = Some(Arc::new(aql::NoLogSources));
        if let Some(zone) = self.time_zone {
            zone.clone_into(&mut environment.time_zone);
        }
        if let Some(folder) = self.reference_data {
            environment.reference_data = Arc::new(engine::ReferenceFolder::load(folder)?);
        }
        if let Some(file) = self.geoip {
            environment.geography = Some(Arc::new(engine::MaxMind::open(file)?));
        }
        let mut options = aql::Options::new(environment);
        options.escapes = self.escapes;
        let definitions = user_properties(self.properties)?.into_iter();
        options.properties = definitions.map(|it| aql::Property { name: it.name, value_type: it.value_type }).collect();
        Ok(options)
    }
}

/// What the pages of a verb are compiled with and their tests are read with.
#[derive(Debug, Args)]
pub(crate) struct PageSources {
    /// A TOML file of further properties (see docs/properties.md).
    #[arg(long, value_name = "FILE")]
    properties: Option<PathBuf>,
    /// A folder of reference sets, maps and tables (see docs/reference-data.md).
    #[arg(long, value_name = "DIR")]
    reference_data: Option<PathBuf>,
}

impl PageSources {
    /// Reads the files.
    pub(crate) fn read(&self) -> Result<(aql::Options, Arc<UserProperties>)> {
        let properties = self.properties.as_deref();
        let reference_data = self.reference_data.as_deref();
        let options = CompileSources { properties, reference_data, ..CompileSources::default() }.options()?;
        Ok((options, Arc::new(UserProperties::new(user_properties(properties)?))))
    }
}

/// Milliseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX))
}

impl InputArguments {
    /// What queries over this input are compiled with.
    pub(crate) fn compile_sources(&self, escapes: aql::Escapes) -> CompileSources<'_> {
        CompileSources {
            escapes,
            properties: self.properties.as_deref(),
            reference_data: self.reference_data.as_deref(),
            geoip: self.geoip.as_deref(),
            time_zone: Some(&self.time_zone),
        }
    }

    /// Lists the files.
    pub(crate) fn source(&self, paths: &[PathBuf]) -> Result<Arc<FileSource>> {
        let format = self.input_format.as_deref().map(input_format).transpose()?;
        source(paths, format, self.user_properties()?)
    }

    /// How the files are read; Ctrl-C ends the reading.
    pub(crate) fn read_settings(&self) -> ReadSettings {
        let mut settings = ReadSettings { cancel: interrupt::flag(), ..ReadSettings::default() };
        if let Some(threads) = self.threads {
            settings.threads = usize::from(threads);
        }
        settings
    }

    /// How the files are scanned.
    pub(crate) fn scan_options(&self) -> ScanOptions {
        ScanOptions { read: self.read_settings(), memory: self.memory_bytes() }
    }

    /// The properties that the user defined.
    pub(crate) fn user_properties(&self) -> Result<Arc<UserProperties>> {
        Ok(Arc::new(UserProperties::new(user_properties(self.properties.as_deref())?)))
    }

    /// Memory for sorting and grouping, in bytes.
    pub(crate) fn memory_bytes(&self) -> usize {
        usize::try_from(self.memory << 20).unwrap_or(usize::MAX)
    }
}

/// Lists the files of an input.
pub(crate) fn source(
    paths: &[PathBuf],
    format: Option<InputFormat>,
    properties: Arc<UserProperties>,
) -> Result<Arc<FileSource>> {
    let options = InputOptions { format, keep_standard_input: true, ..InputOptions::default() };
    let input = Input::open(paths, &options)?;
    if input.files().is_empty() {
        let skipped = input.skipped().iter().take(5).map(|it| format!("\n  {}: {}", it.file, it.reason));
        let damaged = input.damaged().iter().take(5).map(|it| format!("\n  {it}"));
        bail!(
            "no log of a known format in {}{}",
            crate::commands::list(paths),
            skipped.chain(damaged).collect::<String>()
        );
    }
    let source = FileSource::new(input, Recovery::default()).with_present(now());
    Ok(Arc::new(source.with_properties(properties)))
}

/// What `--help` says of the formats.
pub(crate) fn input_formats() -> String {
    let each = InputFormat::all().map(|it| format!("\n- {}: {}", it.name(), it.description()));
    format!("How all inputs are read, instead of by their content:{}", each.collect::<String>())
}

pub(crate) fn input_format(name: &str) -> Result<InputFormat> {
    if let Some(format) = InputFormat::from_name(name) {
        return Ok(format);
    }
    let known: Vec<_> = InputFormat::all().map(InputFormat::name).collect();
    bail!("no input format `{name}`; there are {}", known.join(", "))
}

/// A bar that follows the reading of a source until it is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    done: Arc<AtomicBool>,
    follower: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to follow: bytes by whole files, events as they are read.
    pub(crate) fn follow(source: &Arc<FileSource>, read: &ReadSettings) -> Self {
        let bytes = source.input().bytes();
        let bar = progress::bar((bytes > 0).then_some(bytes));
        let done = Arc::new(AtomicBool::new(false));
        let follower = (!bar.is_hidden()).then(|| {
            let (bar, done, source) = (bar.clone(), Arc::clone(&done), Arc::clone(source));
            let events = Arc::clone(&read.events_read);
            std::thread::spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    bar.set_position(source.bytes_read());
                    bar.set_message(output::count(events.load(Ordering::Relaxed), "event"));
                    std::thread::sleep(Duration::from_millis(100));
                }
            })
        });
        Self { bar, done, follower }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(follower) = self.follower.take() {
            // A follower that died left nothing to mend.
            let _ = follower.join();
        }
        self.bar.finish_and_clear();
    }
}

/// Scans files, with a bar while it lasts, and says what of them could not be read. Log sources are those of the files.
pub(crate) fn scan(
    source: &Arc<FileSource>,
    subjects: &[Subject],
    environment: &aql::Environment,
    options: &ScanOptions,
    found: &mut dyn FnMut(Match),
) -> Result<ScanSummary> {
    let progress = Progress::follow(source, &options.read);
    let events: Arc<dyn EventSource> = Arc::clone(source) as _;
    let mut take = |it| {
        found(it);
        Ok(())
    };
    let environment = aql::Environment { log_sources: source.log_sources(), ..environment.clone() };
    let summary = engine::scan(subjects, &environment, &events, options, &mut take)?;
    drop(progress);
    report_damage(&summary.statistics);
    Ok(summary)
}

/// Says what could not be evaluated; `name` is that of a subject.
pub(crate) fn report_failures<'a>(summary: &ScanSummary, name: impl Fn(usize) -> &'a str) {
    for (subject, message) in &summary.failures {
        output::note(&format!("{}: not evaluated: {message}", name(*subject)));
    }
}

/// Says which files are no logs.
pub(crate) fn report_skipped(skipped: &[ingest::Skipped]) {
    const SHOWN: usize = 5;
    for it in skipped.iter().take(SHOWN) {
        output::note(&format!("skipped: {}: {}", it.file, it.reason));
    }
    if skipped.len() > SHOWN {
        output::note(&format!("skipped: and {} more", skipped.len() - SHOWN));
    }
}

/// Says what could not be read.
pub(crate) fn report_damage(statistics: &engine::ReadStatistics) {
    const SHOWN: usize = 20;
    for damage in statistics.damage.kept().iter().take(SHOWN) {
        output::note(&format!("damaged: {damage}"));
    }
    let count = statistics.damage.count();
    if count > SHOWN as u64 {
        output::note(&format!("damaged: and {} more", count - SHOWN as u64));
    }
}
