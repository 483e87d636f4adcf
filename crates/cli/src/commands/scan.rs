//! `prospero scan`

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use pack::{Detection, Level, Status};

use super::Outcome;
use crate::arguments::InputArguments;
use crate::output::findings::{self, Findings};
use crate::output::{self, csv, html, matches};

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

/// Writes the findings in the wanted format.
fn write(arguments: &Arguments, findings: &Findings) -> Result<()> {
    let mut output = output::open(arguments.output.as_deref())?;
    match arguments.format {
        Format::Table => {
            let colour = arguments.output.is_none() && output::colour(std::io::stdout());
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
        "time", "severity", "detection", "title", "host", "user", "score", "techniques", "status", "confidence", "source",
        "columns", "event",
    ];
    let mut writer = csv::CsvWriter::new(output, COLUMNS)?;
    for row in rows(findings) {
        writer.row(COLUMNS.iter().map(|it| &row[*it]))?;
    }
    writer.finish()
}
