//! `prospero coverage`

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use engine::{ScanSummary, Subject};
use pack::Detection;

use super::Outcome;
use crate::arguments::InputArguments;
use crate::detections::{DetectionArguments, Loaded};
use crate::output::coverage::{self, Covered, Row};
use crate::{output, page_tests, session};

/// What `coverage` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero coverage
  prospero coverage logs/
  prospero coverage logs/ --format html -o coverage.html
  prospero coverage logs/ --format navigator -o layer.json

Each detection of a technique is mapped; it is tested when all its tests hold; with logs, it is runnable when they have
the events and fields that it reads, and seen when it matched.
Exit codes: 0 done; 2 could not do it, or not all of it: a page is wrong, a detection could not be evaluated; 130 ended
by Ctrl-C.")]
pub(crate) struct Arguments {
    /// Files, folders, archives; without any, only what is mapped and tested is said.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    detections: DetectionArguments,
    #[command(flatten)]
    input: InputArguments,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,
    /// Write it to this file.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

/// How coverage is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// An array of objects, one for each detection of each technique.
    Json,
    /// A self-contained matrix.
    Html,
    /// A layer for the ATT&CK Navigator.
    Navigator,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = arguments.input.compile_sources(aql::Escapes::Strict).options()?;
    let Loaded { detections, left_out } = arguments.detections.load(&options)?;
    let scanned = if arguments.paths.is_empty() { None } else { Some(scan(arguments, &detections, &options)?) };
    let verdicts = page_tests::verdicts(&detections, &options.environment, &arguments.input.user_properties()?);
    let tests = verdicts.iter().map(|it| (it.iter().filter(|it| it.passed()).count(), it.len()));
    let covered: Vec<_> = detections
        .iter()
        .zip(tests)
        .enumerate()
        .map(|(index, (detection, tests))| Covered {
            id: detection.id.clone(),
            tests,
            runnable: scanned.as_ref().map(|it| runnable(it, index)),
            seen: scanned.as_ref().map(|it| it.matches[index]),
        })
        .collect();
    let rows = rows(&detections, &covered);
    print(arguments, &rows)?;
    let with_logs = scanned.is_some();
    if arguments.format != Format::Json {
        output::note(&coverage::summary(&rows, with_logs));
    }
    Ok(match &scanned {
        Some(summary) if summary.statistics.cancelled => Outcome::Interrupted,
        Some(summary) if !summary.failures.is_empty() => Outcome::NotUnderstood,
        _ if left_out > 0 => Outcome::NotUnderstood,
        _ => Outcome::Done,
    })
}

fn scan(arguments: &Arguments, detections: &[Detection], options: &aql::Options) -> Result<ScanSummary> {
    let subjects: Vec<_> = detections.iter().map(Subject::of).collect();
    let source = arguments.input.source(&arguments.paths)?;
    let scan_options = arguments.input.scan_options();
    let summary = session::scan(&source, &subjects, &options.environment, &scan_options, &mut |_| ())?;
    session::report_failures(&summary, |it| &detections[it].id);
    if summary.statistics.cancelled {
        output::note("ended early by Ctrl-C; what was found so far counts");
    }
    Ok(summary)
}

/// Whether the logs have what a detection reads; what they lack, otherwise.
fn runnable(summary: &ScanSummary, detection: usize) -> Result<(), String> {
    if let Some(failure) = summary.failures.get(&detection) {
        return Err(failure.clone());
    }
    let Some(silence) = summary.silent.iter().find(|it| it.detection == detection) else { return Ok(()) };
    Err(silence.to_string())
}

/// Every known technique and every named one, with its detections.
fn rows(detections: &[Detection], covered: &[Covered]) -> Vec<Row> {
    let known = schema::tables::attack::TECHNIQUES.iter().map(|it| it.id.to_owned());
    let mut techniques: Vec<_> = detections.iter().flat_map(|it| it.techniques.clone()).chain(known).collect();
    techniques.sort();
    techniques.dedup();
    let mut rows = Vec::new();
    for technique in techniques {
        let before = rows.len();
        for (detection, covered) in detections.iter().zip(covered) {
            if detection.techniques.contains(&technique) {
                rows.push(Row { technique: technique.clone(), detection: Some(covered.clone()) });
            }
        }
        if rows.len() == before {
            let detection = by_sub_techniques(&technique, detections, covered);
            rows.push(Row { technique, detection });
        }
    }
    rows
}

/// How far the detections of the sub-techniques cover a technique that none names itself.
fn by_sub_techniques(technique: &str, detections: &[Detection], covered: &[Covered]) -> Option<Covered> {
    let is_below = |it: &String| it.strip_prefix(technique).is_some_and(|it| it.starts_with('.'));
    let below = detections.iter().zip(covered).filter(|(it, _)| it.techniques.iter().any(is_below));
    below
        .map(|(_, covered)| covered.clone())
        .reduce(|one, other| Covered {
            tests: (one.tests.0 + other.tests.0, one.tests.1 + other.tests.1),
            runnable: if matches!(one.runnable, Some(Ok(()))) { one.runnable } else { other.runnable },
            seen: one.seen.zip(other.seen).map(|(one, other)| one + other),
            id: one.id,
        })
        .map(|all| Covered { id: coverage::BY_SUB_TECHNIQUES.to_owned(), ..all })
}

fn print(arguments: &Arguments, rows: &[Row]) -> Result<()> {
    let pretty = |value: &serde_json::Value| serde_json::to_string_pretty(value).map(|it| it + "\n");
    let text = match arguments.format {
        Format::Table => coverage::table(rows),
        Format::Json => pretty(&coverage::to_json(rows))?,
        Format::Html => coverage::html(rows, !arguments.paths.is_empty()),
        Format::Navigator => pretty(&coverage::navigator(rows))?,
    };
    let mut output = output::open(arguments.output.as_deref())?;
    output.write_all(text.as_bytes())?;
    output.flush()?;
    Ok(())
}
