//! `prospero scan`

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::ValueEnum;
use engine::{Match, Subject};
use pack::{Detection, Level};

use super::Outcome;
use crate::arguments::InputArguments;
use crate::detections::{self, DetectionArguments, Loaded};
use crate::output::findings::{Collection, Finding, FindingJson, Findings, Group};
use crate::output::{self, csv, html, matches, summary};
use crate::session;
use crate::tuning::{Reasons, TuningArguments};

/// What `scan` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero scan samples/
  prospero scan C:\\Windows\\System32\\winevt\\Logs --severity high
  prospero scan case42.zip --format html -o case42.html
  prospero scan logs/ --packs my-detections/ --fail-on medium
  prospero scan logs/ --tuning our-tuning/ --exclude sccm,pdq --show-excluded
  prospero scan logs/ --severity high --why
  zcat audit.log.gz | prospero scan -

The machine formats have the matches in the order of the input; the summary then goes to standard error.
Exit codes: 0 done; 1 a match of the severity of --fail-on or above; 2 could not do it, or not all of it: a page is
wrong, a tuning file is wrong, a detection could not be evaluated; 130 ended by Ctrl-C.")]
pub(crate) struct Arguments {
    /// Files, folders, archives; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    detections: DetectionArguments,
    #[command(flatten)]
    tuning: TuningArguments,
    /// Print what the exclusions removed too, each with the exclusion that removed it.
    #[arg(long, help_heading = "Tuning")]
    show_excluded: bool,
    #[command(flatten)]
    input: InputArguments,
    /// How to print the matches.
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,
    /// Write the matches to this file.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Say of each match that is printed why it matched: the tree of conditions with what decided, the arms that gave its
    /// label and score, the exclusions that are about it. Not for CSV.
    #[arg(long, help_heading = "Output")]
    why: bool,
    /// Print all matches, not the first 20 of each detection (format table).
    #[arg(long, help_heading = "Output")]
    all: bool,
    /// End with 1 when something of at least this severity matched.
    #[arg(long, value_name = "LEVEL", help_heading = "Output", value_parser = detections::level)]
    fail_on: Option<Level>,
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
    let options = arguments.input.compile_sources(aql::Escapes::Strict).options()?;
    let Loaded { detections, left_out } = arguments.detections.load(&options)?;
    if arguments.why && arguments.format == Format::Csv {
        bail!("CSV has no place for a tree: use --why with the format table, html, json or jsonl");
    }
    let tuning = if arguments.why { arguments.tuning.load_all(&options)? } else { arguments.tuning.load(&options)? };
    tuning.report_expired();
    let mut subjects: Vec<_> = detections.iter().map(Subject::of).collect();
    let applied = tuning.apply(&detections, &mut subjects);
    applied.report_unused();
    let source = arguments.input.source(&arguments.paths)?;
    let scan_options = arguments.input.scan_options();
    let reasons = if arguments.why {
        Some(Reasons::new(&tuning, &detections, &source, &options.environment, &scan_options.read)?)
    } else {
        None
    };
    let cancel = Arc::clone(&scan_options.read.cancel);
    let mut sink = Sink::open(arguments, &detections, reasons)?;
    let mut failure = None;
    let mut take = |found: Match| {
        let excluded_by = found.excluded_by.map(|it| applied.id(found.detection, it));
        if failure.is_none()
            && (excluded_by.is_none() || arguments.show_excluded)
            && let Err(error) = sink.take(&detections, found, excluded_by)
        {
            failure = Some(error);
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let summary = session::scan(&source, &subjects, &options.environment, &scan_options, &mut take)?;
    if let Some(error) = failure {
        return Err(error);
    }
    session::report_failures(&summary, |it| &detections[it].id);
    let mut lines = summary::lines(&detections, &summary, source.input().skipped(), started.elapsed());
    lines.extend(applied.summary(&subjects, &summary));
    sink.finish(arguments, lines)?;
    if summary.statistics.cancelled {
        output::note("ended early by Ctrl-C; what was found so far is written");
        return Ok(Outcome::Interrupted);
    }
    if left_out > 0 || tuning.wrong > 0 || !summary.failures.is_empty() {
        return Ok(Outcome::NotUnderstood);
    }
    let matched = |level| detections.iter().zip(&summary.matches).any(|(it, count)| *count > 0 && it.severity >= level);
    Ok(if arguments.fail_on.is_some_and(matched) { Outcome::Found } else { Outcome::Done })
}

/// Where matches go, and what is said of each.
struct Sink {
    kind: SinkKind,
    reasons: Option<Reasons>,
}

/// Matches are written as they come, in the order of the input, or collected for people.
enum SinkKind {
    Jsonl { heads: Vec<Group>, output: Box<dyn Write + Send> },
    Json { heads: Vec<Group>, output: Box<dyn Write + Send>, any: bool },
    Csv { heads: Vec<Group>, writer: Box<csv::CsvWriter<Box<dyn Write + Send>>>, columns: Vec<&'static str> },
    Collected(Collection),
}

impl Sink {
    fn open(arguments: &Arguments, detections: &[Detection], reasons: Option<Reasons>) -> Result<Self> {
        Ok(Self { kind: SinkKind::open(arguments, detections)?, reasons })
    }

    fn take(&mut self, detections: &[Detection], found: Match, excluded_by: Option<&str>) -> Result<()> {
        let index = found.detection;
        let mut finding = Finding::of(&detections[index], found, excluded_by);
        if let SinkKind::Collected(collection) = &mut self.kind {
            collection.push(index, finding);
            return Ok(());
        }
        if let Some(reasons) = &self.reasons {
            finding.explain(&|why| reasons.explain(index, why));
        }
        self.kind.write(index, &finding)
    }
}

impl SinkKind {
    fn open(arguments: &Arguments, detections: &[Detection]) -> Result<Self> {
        let heads = || detections.iter().map(Group::of).collect();
        let output = || output::open(arguments.output.as_deref());
        Ok(match arguments.format {
            Format::Jsonl => Self::Jsonl { heads: heads(), output: output()? },
            Format::Json => Self::Json { heads: heads(), output: output()?, any: false },
            Format::Csv => {
                let columns = csv_columns(arguments.show_excluded);
                let writer = Box::new(csv::CsvWriter::new(output()?, columns.iter().copied())?);
                Self::Csv { heads: heads(), writer, columns }
            }
            Format::Html => Self::Collected(Collection::new(detections, html::MATCHES_MAX, true)),
            Format::Table => {
                let kept_max = if arguments.all { usize::MAX } else { matches::MATCHES_MAX };
                Self::Collected(Collection::new(detections, kept_max, false))
            }
        })
    }

    /// Writes a match at once.
    fn write(&mut self, index: usize, finding: &Finding) -> Result<()> {
        match self {
            Self::Collected(_) => {}
            Self::Csv { heads, writer, columns } => {
                let row = serde_json::to_value(FindingJson::new(&heads[index], finding))?;
                writer.row(columns.iter().map(|it| &row[*it]))?;
            }
            Self::Jsonl { heads, output } => {
                serde_json::to_writer(&mut *output, &FindingJson::new(&heads[index], finding))?;
                output.write_all(b"\n")?;
            }
            Self::Json { heads, output, any } => {
                output.write_all(if std::mem::replace(any, true) { b",\n  " } else { b"[\n  " })?;
                serde_json::to_writer(&mut *output, &FindingJson::new(&heads[index], finding))?;
            }
        }
        Ok(())
    }
}

impl Sink {
    /// Ends the output. What the summary says goes to standard error where the output is for machines or a file.
    fn finish(self, arguments: &Arguments, summary: Vec<(String, String)>) -> Result<()> {
        let mut findings = Findings { groups: Vec::new(), summary };
        let reasons = self.reasons;
        match self.kind {
            SinkKind::Jsonl { mut output, .. } => output.flush()?,
            SinkKind::Json { mut output, any, .. } => {
                output.write_all(if any { b"\n]\n" } else { b"[]\n" })?;
                output.flush()?;
            }
            SinkKind::Csv { writer, .. } => writer.finish()?,
            SinkKind::Collected(collection) => {
                findings.groups = collection.finish(&|detection, why| reasons.as_ref()?.explain(detection, why));
                let mut output = output::open(arguments.output.as_deref())?;
                if arguments.format == Format::Html {
                    let all = std::mem::take(&mut findings.summary);
                    findings.summary =
                        all.iter().filter(|(name, _)| !summary::VOLATILE.contains(&&**name)).cloned().collect();
                    let report = html::report(&findings);
                    findings.summary = all;
                    output.write_all(report.as_bytes())?;
                } else {
                    let colour = arguments.output.is_none() && output::colour(&std::io::stdout());
                    output.write_all(matches::text(&findings, matches::Palette::new(colour)).as_bytes())?;
                }
                output.flush()?;
            }
        }
        if arguments.format == Format::Table && arguments.output.is_none() {
            let palette = matches::Palette::new(output::colour(&std::io::stdout()));
            output::write_all(matches::summary(&findings, palette).as_bytes())
        } else {
            let palette = matches::Palette::new(output::colour(&std::io::stderr()));
            output::note(matches::summary(&findings, palette).trim_end());
            Ok(())
        }
    }
}

/// The columns of CSV, with the exclusion where what was removed is wanted.
fn csv_columns(show_excluded: bool) -> Vec<&'static str> {
    COLUMNS.into_iter().chain(show_excluded.then_some("excluded_by")).collect()
}

/// The columns of CSV: the members of the JSON object; what is an object or a list there is JSON text here.
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
