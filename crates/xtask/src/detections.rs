//! The detections of the project, and what a scan for them finds: for documents and measures.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use engine::{FileSource, Match, ReadSettings, ScanOptions, Subject};
use ingest::{Input, InputOptions, Recovery};
use pack::{Detection, Status};

/// What a scan found.
pub(crate) struct Scan {
    /// In the order of the input.
    pub(crate) matches: Vec<Match>,
    /// The names of the files that were read.
    pub(crate) files: Vec<String>,
    /// How many events there were.
    pub(crate) events: u64,
}

/// The detections of the built-in pages, or of those in a folder; deprecated ones are left out.
pub(crate) fn load(folder: Option<&Path>) -> Result<Vec<Detection>> {
    let mut pages = Vec::new();
    match folder {
        None => pages.extend(pack::builtin_pages().iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned()))),
        Some(folder) => collect(folder, &mut pages)?,
    }
    let options = pack::Options::new(environment());
    let mut detections = Vec::new();
    for (file, text) in pages {
        let (detection, diagnostics) = pack::read_page(&file, &text, &options);
        let Some(detection) = detection else { bail!("{}", syntax::render(&diagnostics, &file, &text, false)) };
        detections.push(detection);
    }
    detections.retain(|it| it.status != Status::Deprecated);
    detections.sort_by(|a, b| a.id.cmp(&b.id));
    if detections.is_empty() {
        bail!("no detection page");
    }
    Ok(detections)
}

/// All pages at or below a folder: Markdown files that begin with `---`.
fn collect(folder: &Path, pages: &mut Vec<(String, String)>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|it| it == "md") {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            if text.starts_with("---") {
                pages.push((path.display().to_string(), text));
            }
        }
    }
    Ok(())
}

/// Scans files and folders for detections. One that cannot be evaluated is an error.
pub(crate) fn scan(detections: &[Detection], paths: &[PathBuf]) -> Result<Scan> {
    let subjects: Vec<Subject> = detections.iter().map(Subject::of).collect();
    let input = Input::open(paths, &InputOptions::default())?;
    let files = input.files().iter().map(|it| it.name().to_string()).collect();
    let source: Arc<dyn engine::EventSource> = Arc::new(FileSource::new(input, Recovery::default()));
    let options = ScanOptions { read: ReadSettings::default(), memory: engine::MEMORY_DEFAULT };
    let mut matches = Vec::new();
    let mut take = |found| {
        matches.push(found);
        Ok(())
    };
    let summary = engine::scan(&subjects, &aql::Environment::new(0), &source, &options, &mut take)?;
    if let Some((detection, message)) = summary.failures.iter().next() {
        bail!("{}: {message}", detections[*detection].id);
    }
    Ok(Scan { matches, files, events: summary.statistics.events })
}

/// Queries that ask for names of log sources are complete without any.
fn environment() -> aql::Environment {
    aql::Environment { log_sources: Some(Arc::new(aql::NoLogSources)), ..aql::Environment::new(0) }
}
