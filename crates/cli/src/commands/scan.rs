//! `prospero scan`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use engine::{EventSource, ScanOptions, Subject};
use pack::{Detection, Level, Score, Status};

use super::Outcome;
use crate::arguments::InputArguments;
use crate::output::findings::{self, Findings};
use crate::output::{self, csv, html, matches, summary};
use crate::session::{self, Progress};

/// What `scan` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero scan samples/
  prospero scan C:\\Windows\\System32\\winevt\\Logs --severity high
  prospero scan case42.zip --format html -o case42.html
  prospero scan logs/ --packs my-detections/ --fail-on medium
  zcat audit.log.gz | prospero scan -

Exit codes: 0 done; 1 a match of the severity of --fail-on or above; 2 could not do it.")]
pub(crate) struct Arguments {
    /// Files, folders, archives; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A folder of detection pages instead of the built-in ones; `none` for no detection. May be repeated.
    #[arg(long, value_name = "DIR|none", help_heading = "Detections")]
    packs: Vec<PathBuf>,
    /// Only detections of this technique, with its sub-techniques.
    #[arg(long, value_name = "T1543", help_heading = "Detections")]
    technique: Vec<String>,
    /// Only detections of at least this severity.
    #[arg(long, value_name = "LEVEL", help_heading = "Detections", value_parser = level)]
    severity: Option<Level>,
    /// Only detections of this status [default: all but deprecated].
    #[arg(long, value_name = "STATUS", help_heading = "Detections", value_parser = status)]
    status: Vec<Status>,
    #[command(flatten)]
    input: InputArguments,
    /// How to print the matches.
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,
    /// Write the matches to this file.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Print all matches, not the first 20 of each detection (format table).
    #[arg(long, help_heading = "Output")]
    all: bool,
    /// End with 1 when something of at least this severity matched.
    #[arg(long, value_name = "LEVEL", help_heading = "Output", value_parser = level)]
    fail_on: Option<Level>,
}

fn level(text: &str) -> Result<Level, String> {
    text.parse()
}

fn status(text: &str) -> Result<Status, String> {
    text.parse()
}

/// How matches are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: grouped by detection, then a summary.
    Table,
    /// One array of objects.
    Json,
    /// One object a line.
    Jsonl,
    /// One line a match, the columns as JSON.
    Csv,
    /// A self-contained report.
    Html,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let started = Instant::now();
    let mut options = arguments.input.compile_sources(aql::Escapes::Strict).options()?;
    let detections = select(arguments, load(arguments, &options)?)?;
    let subjects: Vec<Subject> = detections.iter().map(subject).collect();
    let source = arguments.input.source(&arguments.paths)?;
    let read = arguments.input.read_settings();
    let scan_options = ScanOptions { read, memory: arguments.input.memory_bytes() };
    let progress = Progress::follow(&source);
    let events: Arc<dyn EventSource> = Arc::clone(&source) as _;
    options.environment.log_sources = source.log_sources();
    let mut matches = Vec::new();
    let mut take = |found| {
        matches.push(found);
        Ok(())
    };
    let summary = engine::scan(&subjects, &options.environment, &events, &scan_options, &mut take)?;
    drop(progress);
    session::report_damage(&summary.statistics);
    for (detection, message) in &summary.failures {
        output::note(&format!("{}: not evaluated: {message}", detections[*detection].id));
    }
    let lines = summary::lines(&detections, &summary, source.input().skipped(), started.elapsed());
    let findings = Findings { groups: findings::group(&detections, matches), summary: lines };
    write(arguments, &findings)?;
    let failed = arguments.fail_on.is_some_and(|level| findings.groups.iter().any(|it| it.severity >= level));
    Ok(if failed { Outcome::Found } else { Outcome::Done })
}

fn subject(detection: &Detection) -> Subject {
    let score_column = match &detection.score {
        Score::Column(name) => Some(name.clone()),
        Score::Constant(_) => None,
    };
    Subject { query: Arc::new(detection.bound.clone()), score_column }
}

/// The detections of the wanted packs.
fn load(arguments: &Arguments, options: &pack::Options) -> Result<Vec<Detection>> {
    if arguments.packs.is_empty() {
        let pages = pack::builtin_pages().iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
        return read(pages.collect(), options);
    }
    let mut pages = Vec::new();
    for folder in arguments.packs.iter().filter(|it| it.as_os_str() != "none") {
        let files = super::pages(folder)?;
        if files.is_empty() {
            bail!("no detection page in `{}`", folder.display());
        }
        for file in files {
            let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
            pages.push((file.display().to_string(), text));
        }
    }
    read(pages, options)
}

/// Reads pages. A bad one is named and left out, so that it hides no match of the others.
fn read(pages: Vec<(String, String)>, options: &pack::Options) -> Result<Vec<Detection>> {
    let mut detections: Vec<Detection> = Vec::new();
    for (file, text) in pages {
        let (detection, diagnostics) = pack::read_page(&file, &text, options);
        let errors: Vec<_> = diagnostics.into_iter().filter(syntax::Diagnostic::is_error).collect();
        if !errors.is_empty() {
            output::note(syntax::render(&errors, &file, &text, output::colour(&std::io::stderr())).trim_end());
            output::note(&format!("{file}: not scanned for, since the page is wrong"));
        }
        let Some(detection) = detection else { continue };
        if let Some(other) = detections.iter().find(|it| it.id == detection.id) {
            bail!("the id `{}` stands in `{}` and in `{file}`", detection.id, other.file);
        }
        detections.push(detection);
    }
    Ok(detections)
}

/// The detections that the filters leave, by id.
fn select(arguments: &Arguments, mut detections: Vec<Detection>) -> Result<Vec<Detection>> {
    let loaded = detections.len();
    let is_of = |technique: &str, wanted: &str| {
        let rest = technique.get(..wanted.len()).filter(|it| it.eq_ignore_ascii_case(wanted));
        rest.is_some_and(|_| matches!(technique.as_bytes().get(wanted.len()), None | Some(b'.')))
    };
    detections.retain(|detection| {
        let technique = arguments.technique.is_empty()
            || detection.techniques.iter().any(|it| arguments.technique.iter().any(|wanted| is_of(it, wanted)));
        let severity = arguments.severity.is_none_or(|it| detection.severity >= it);
        let status = if arguments.status.is_empty() {
            detection.status != Status::Deprecated
        } else {
            arguments.status.contains(&detection.status)
        };
        technique && severity && status
    });
    if detections.is_empty() && loaded > 0 {
        bail!("none of {loaded} detections is left by --technique, --severity and --status");
    }
    detections.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(detections)
}

/// Writes the findings in the wanted format.
fn write(arguments: &Arguments, findings: &Findings) -> Result<()> {
    let mut output = output::open(arguments.output.as_deref())?;
    match arguments.format {
        Format::Table => {
            let colour = arguments.output.is_none() && output::colour(&std::io::stdout());
            let palette = matches::Palette::new(colour);
            output.write_all(matches::text(findings, palette, arguments.all).as_bytes())?;
            output.write_all(matches::summary(findings, palette).as_bytes())?;
        }
        Format::Json => {
            let rows: Vec<_> = rows(findings).collect();
            serde_json::to_writer_pretty(&mut output, &rows)?;
            output.write_all(b"\n")?;
        }
        Format::Jsonl => {
            for row in rows(findings) {
                serde_json::to_writer(&mut output, &row)?;
                output.write_all(b"\n")?;
            }
        }
        Format::Csv => write_csv(&mut output, findings)?,
        Format::Html => output.write_all(html::report(findings).as_bytes())?,
    }
    output.flush()?;
    Ok(())
}

fn rows(findings: &Findings) -> impl Iterator<Item = serde_json::Value> {
    findings.groups.iter().flat_map(|group| group.findings.iter().map(|it| findings::to_json(group, it)))
}

/// The members of the JSON object as columns; what is an object or a list there is JSON text here.
fn write_csv(output: &mut dyn Write, findings: &Findings) -> Result<()> {
    const COLUMNS: [&str; 13] = [
        "time",
        "severity",
        "detection",
        "title",
        "host",
        "user",
        "score",
        "techniques",
        "status",
        "confidence",
        "source",
        "columns",
        "event",
    ];
    let mut writer = csv::CsvWriter::new(output, COLUMNS)?;
    for row in rows(findings) {
        writer.row(COLUMNS.iter().map(|it| &row[*it]))?;
    }
    writer.finish()
}
