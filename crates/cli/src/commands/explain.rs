//! `prospero explain`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use engine::explain::{Explainer, NearMissOptions, near_misses};
use engine::{EventSource, FileSource};

use super::Outcome;
use crate::arguments::{Escapes, InputArguments};
use crate::output::explain::{
    EventReport, event_json, event_text, near_json, near_summary, near_text, query_json, query_text,
};
use crate::output::matches::Palette;
use crate::output::why::Explained;
use crate::output::{self};
use crate::queries::{self, NamedQuery};
use crate::session::{self, Progress};
use crate::stages::{self, Stage};
use crate::tuning::{Reasons, TuningArguments};

/// What `explain` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero explain sc-create-suspicious-service
  prospero explain \"SELECT username FROM events WHERE EventID = 4624 LAST 2 HOURS\"
  prospero explain hunt.aql --stage logical
  prospero explain sc-create-service --event logs/Security.evtx:4711
  prospero explain sc-create-service --near-misses logs/ --limit 5

The record of --event is the number that `scan` prints behind the file: the record id of EVTX, else the position in the
file. Why each match of a scan matched: `prospero scan --why`.
Exit codes: 0 explained; 2 the query cannot be understood, or the events cannot be read; 130 ended by Ctrl-C.")]
pub(crate) struct Arguments {
    /// A query as text, an `.aql` file, a detection page, or the id of a built-in page.
    #[arg(value_name = "AQL|FILE|PAGE")]
    query: String,
    /// How backslashes in the strings of a text or `.aql` file are read; a page says it itself.
    #[arg(long, value_enum, default_value_t = Escapes::Strict, help_heading = "Query")]
    escapes: Escapes,
    /// Print one stage of the query instead: what the program makes of it on the way from text to plan.
    #[arg(long, value_enum, conflicts_with_all = ["event", "near_misses"])]
    stage: Option<Stage>,
    /// Say of one event whether it matches, why, and what would have to differ.
    #[arg(long, value_name = "FILE:RECORD", conflicts_with = "near_misses")]
    event: Option<String>,
    /// List the events in files, folders and archives that came near to a match, and what of each would have to differ.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    near_misses: Vec<PathBuf>,
    /// How many near misses are listed.
    #[arg(long, value_name = "N", default_value_t = 20, requires = "near_misses", value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// How many conditions a near miss may be away.
    #[arg(long, value_name = "N", default_value_t = 2, requires = "near_misses", value_parser = clap::value_parser!(u32).range(1..=10))]
    conditions: u32,
    #[command(flatten)]
    tuning: TuningArguments,
    #[command(flatten)]
    input: InputArguments,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,
}

/// How an explanation is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// One object.
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = arguments.input.compile_sources(arguments.escapes.into()).options()?;
    let escapes = arguments.escapes.into();
    if let Some(stage) = arguments.stage {
        let Some((name, text, escapes)) = queries::text_of(&arguments.query, escapes, &options)? else {
            return Ok(Outcome::NotUnderstood);
        };
        let options = aql::Options { escapes, ..options };
        let Some(printed) = stages::print(stage, &name, &text, &options)? else { return Ok(Outcome::NotUnderstood) };
        match arguments.format {
            Format::Text => output::write_all(printed.as_bytes())?,
            Format::Json => output::write_json(&serde_json::json!({ "stage": stage.name(), "text": printed }))?,
        }
        return Ok(Outcome::Done);
    }
    let Some(query) = queries::one_or_text(&arguments.query, escapes, &options)? else {
        return Ok(Outcome::NotUnderstood);
    };
    if let Some(place) = &arguments.event {
        explain_event(arguments, &query, place, &options)
    } else if !arguments.near_misses.is_empty() {
        list_near_misses(arguments, &query, &options)
    } else {
        explain_query(arguments, &query)
    }
}

fn explain_query(arguments: &Arguments, query: &NamedQuery) -> Result<Outcome> {
    let title = title(query);
    match arguments.format {
        Format::Text => {
            output::write_all(query_text(&title, &query.subject.query, palette()).as_bytes())?;
        }
        Format::Json => output::write_json(&query_json(&title, &query.subject.query))?,
    }
    Ok(Outcome::Done)
}

fn explain_event(arguments: &Arguments, query: &NamedQuery, place: &str, options: &aql::Options) -> Result<Outcome> {
    let (file, record) =
        place.rsplit_once(':').and_then(|(file, record)| Some((file, record.parse::<u64>().ok()?))).with_context(
            || format!("`{place}` is no FILE:RECORD: write it as `scan` prints it, as in `System.evtx:4711`"),
        )?;
    let source = arguments.input.source(&[existing_part(file)?])?;
    let read = arguments.input.read_settings();
    let events: Arc<dyn EventSource> = Arc::clone(&source) as _;
    let explainer = Explainer::new(&query.subject.query, &options.environment, &events, &read)?;
    let found = explainer.events_at(&events, file, record);
    let Some(event) = found.first() else {
        bail!("no record {record} in `{file}`{}", other_files(&source, file));
    };
    if found.len() > 1 {
        output::note(&format!("{} records of `{file}` have the number {record}; this is the first", found.len()));
    }
    let explanation = explainer.explain(event)?;
    let exclusions = match &query.detection {
        Some(detection) => {
            let tuning = arguments.tuning.load_all(options)?;
            let detections = std::slice::from_ref(detection);
            Reasons::new(&tuning, detections, &source, &options.environment, &read)?.exclusions(0, event)
        }
        None => Vec::new(),
    };
    let report = EventReport {
        title: &title(query),
        place: format!("{}:{}", event.locator.file, event.locator.record),
        explained: Explained { explanation, exclusions },
        needed: explainer.needed(event)?,
        further: further(query),
    };
    match arguments.format {
        Format::Text => output::write_all(event_text(&report, palette()).as_bytes())?,
        Format::Json => output::write_json(&event_json(&report))?,
    }
    Ok(Outcome::Done)
}

fn list_near_misses(arguments: &Arguments, query: &NamedQuery, options: &aql::Options) -> Result<Outcome> {
    let source = arguments.input.source(&arguments.near_misses)?;
    let read = arguments.input.read_settings();
    let events: Arc<dyn EventSource> = Arc::clone(&source) as _;
    let explainer = Arc::new(Explainer::new(&query.subject.query, &options.environment, &events, &read)?);
    let progress = Progress::follow(&source, &read);
    let options = NearMissOptions { read, tests_max: arguments.conditions, limit: usize::from(arguments.limit) };
    let found = near_misses(&explainer, &events, &options)?;
    drop(progress);
    session::report_damage(&found.statistics);
    session::report_skipped(source.input().skipped());
    match arguments.format {
        Format::Text => output::write_all(near_text(&found, palette()).as_bytes())?,
        Format::Json => output::write_json(&near_json(&title(query), &found))?,
    }
    output::note(&near_summary(&found));
    if let Some(further) = further(query) {
        output::note(&further);
    }
    if found.statistics.cancelled {
        output::note("ended early by Ctrl-C; what was found so far is shown");
        return Ok(Outcome::Interrupted);
    }
    Ok(Outcome::Done)
}

fn palette() -> Palette {
    Palette::new(output::colour(&std::io::stdout()))
}

/// The id and title of a page, or the name of a query.
fn title(query: &NamedQuery) -> String {
    match &query.detection {
        Some(detection) => format!("{}: {}", detection.id, detection.title),
        None => query.name.clone(),
    }
}

/// What a query asks beside its condition on single events.
fn further(query: &NamedQuery) -> Option<String> {
    let is_single = query.subject.is_single();
    (!is_single).then(|| {
        "the query puts events together: beside its condition on single events it asks for more of their groups"
            .to_owned()
    })
}

/// The part of the name of a file that exists: all of it, or the archive that it is in.
fn existing_part(file: &str) -> Result<PathBuf> {
    let whole = Path::new(file);
    let found = whole.ancestors().find(|it| it.exists() && !it.as_os_str().is_empty());
    match found {
        Some(path) if path == whole || path.is_file() => Ok(path.to_owned()),
        _ => bail!("`{file}` does not exist"),
    }
}

/// The files of an archive or folder, for a message.
fn other_files(source: &Arc<FileSource>, file: &str) -> String {
    const SHOWN: usize = 5;
    let parts = (0..source.parts()).filter(|part| source.ends_file(*part));
    let names: Vec<_> = parts.map(|part| source.name(part)).filter(|it| **it != *file).collect();
    if names.is_empty() {
        return String::new();
    }
    let shown: Vec<&str> = names.iter().take(SHOWN).map(|it| &**it).collect();
    format!("; files there are {}{}", shown.join(", "), if names.len() > SHOWN { ", ..." } else { "" })
}
