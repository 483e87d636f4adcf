//! `prospero query`

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use engine::{EventSource, QueryOptions, QueryRows};
use serde_json::{Map, Value};
use syntax::{Diagnostic, Severity};

use super::Outcome;
use crate::arguments::{Escapes, InputArguments};
use crate::output::{self, Table, csv, time};
use crate::session::{self, Progress};

/// What `query` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero query \"SELECT EventID, COUNT(*) AS events FROM events GROUP BY EventID ORDER BY events DESC\" logs/
  prospero query -f hunt.aql --format csv -o hunt.csv logs/
  prospero query -f seed.aql --escapes c-style logs/
  echo \"SELECT ImagePath FROM events WHERE EventID = 7045\" | prospero query -f - logs/

LAST counts back from the newest event of the input, or from --now. Without a time clause the whole input is read.
Exit codes: 0 done; 2 the query cannot be understood, or the input cannot be read; 130 ended by Ctrl-C.")]
pub(crate) struct Arguments {
    /// The query (not with --file), then files, folders and archives; `-` is standard input.
    #[arg(required = true, value_name = "AQL|PATH")]
    query_and_paths: Vec<String>,
    /// Read the query from this file; `-` is standard input.
    #[arg(short, long, value_name = "FILE", help_heading = "Query")]
    file: Option<PathBuf>,
    /// How backslashes in strings are read.
    #[arg(long, value_enum, default_value_t = Escapes::Strict, help_heading = "Query")]
    escapes: Escapes,
    /// The present, for LAST and `NOW()` [default: the newest event; the clock].
    #[arg(long, value_name = "TIME", help_heading = "Query")]
    now: Option<String>,
    /// Only events from this moment on.
    #[arg(long, value_name = "TIME", help_heading = "Query")]
    since: Option<String>,
    /// Only events up to this moment.
    #[arg(long, value_name = "TIME", help_heading = "Query")]
    until: Option<String>,
    #[command(flatten)]
    input: InputArguments,
    /// How to print the rows.
    #[arg(long, value_enum, default_value_t = Format::Table, help_heading = "Output")]
    format: Format,
    /// Write the rows to this file.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people; columns without any value are left out.
    Table,
    /// One array of objects.
    Json,
    /// One object a line.
    Jsonl,
    /// RFC 4180 with a header.
    Csv,
    /// Apache Parquet, zstd compressed.
    Parquet,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let (name, text, paths) = query_text(arguments)?;
    if arguments.format == Format::Parquet && arguments.output.is_none() && std::io::stdout().is_terminal() {
        bail!("Parquet is not for the terminal: say where with `-o FILE`");
    }
    let mut options = arguments.input.compile_sources(arguments.escapes.into()).options()?;
    let now = arguments.now.as_deref().map(time::parse).transpose()?;
    if let Some(now) = now {
        options.environment.now = now;
    }
    let compiled = aql::compile(&text, &options);
    say(&compiled.diagnostics, &name, &text);
    let Some(query) = compiled.query.filter(|_| !compiled.diagnostics.iter().any(Diagnostic::is_error)) else {
        return Ok(Outcome::NotUnderstood);
    };
    let source = arguments.input.source(&paths)?;
    options.environment.log_sources = source.log_sources();
    let mut read = arguments.input.read_settings();
    read.since = arguments.since.as_deref().map(time::parse).transpose()?;
    read.until = arguments.until.as_deref().map(time::parse).transpose()?;
    let query_options = QueryOptions { read, memory: arguments.input.memory_bytes(), now, prune: true };
    let progress = Progress::follow(&source, &query_options.read);
    let events: Arc<dyn EventSource> = Arc::clone(&source) as _;
    let mut rows = engine::query(&query, &options.environment, &events, &query_options)?;
    let written = write(arguments, &mut rows)?;
    drop(progress);
    for note in rows.notes() {
        output::note(&format!("note: {note}"));
    }
    let statistics = rows.statistics();
    session::report_damage(&statistics);
    session::report_skipped(source.input().skipped());
    let counts = [(written, "row"), (statistics.events, "event"), (statistics.files, "file")];
    let [rows, events, files] = counts.map(|(count, what)| output::count(count, what));
    output::note(&format!("{rows} from {events} in {files}"));
    if statistics.cancelled {
        output::note("ended early by Ctrl-C; what was found so far is written");
        return Ok(Outcome::Interrupted);
    }
    Ok(Outcome::Done)
}

/// The name of the query for messages, its text, and the paths.
fn query_text(arguments: &Arguments) -> Result<(String, String, Vec<PathBuf>)> {
    let paths = |paths: &[String]| paths.iter().map(PathBuf::from).collect::<Vec<_>>();
    match &arguments.file {
        None => {
            let (query, rest) = arguments.query_and_paths.split_first().context("no query")?;
            if rest.is_empty() {
                bail!("no PATH after the query: say which logs to read, for example `.`");
            }
            Ok(("query".to_owned(), query.clone(), paths(rest)))
        }
        Some(file) if file == Path::new("-") => {
            if arguments.query_and_paths.iter().any(|it| it == "-") {
                bail!("query and events cannot both come from standard input");
            }
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
            Ok(("standard input".to_owned(), text, paths(&arguments.query_and_paths)))
        }
        Some(file) => {
            let text = std::fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
            Ok((file.display().to_string(), text, paths(&arguments.query_and_paths)))
        }
    }
}

/// Says what the compiler had to say. Notes are left to `check`.
fn say(diagnostics: &[Diagnostic], name: &str, text: &str) {
    let said: Vec<_> = diagnostics.iter().filter(|it| it.severity > Severity::Note).cloned().collect();
    if !said.is_empty() {
        output::note(syntax::render(&said, name, text, output::colour(&std::io::stderr())).trim_end());
    }
}

/// Writes the rows; gives their number.
fn write(arguments: &Arguments, rows: &mut QueryRows) -> Result<u64> {
    let schema = rows.schema();
    let names: Vec<&str> = schema.fields().iter().map(|it| it.name().as_str()).collect();
    match (arguments.format, arguments.output.as_deref()) {
        (Format::Parquet, path) => Ok(engine::write_parquet(&schema, rows, output::open(path)?)?),
        (Format::Json, path) => write_json(rows, &names, &mut *output::open(path)?),
        (Format::Jsonl, path) => {
            let mut output = output::open(path)?;
            let count = each_row(rows, |row| {
                serde_json::to_writer(&mut output, &object(&names, row))?;
                Ok(output.write_all(b"\n")?)
            })?;
            output.flush()?;
            Ok(count)
        }
        (Format::Csv, path) => {
            let mut writer = csv::CsvWriter::new(output::open(path)?, names.iter().copied())?;
            let count = each_row(rows, |row| writer.row(&row))?;
            writer.finish()?;
            Ok(count)
        }
        (Format::Table, path) => {
            let mut table = Table::new(names.iter().copied());
            let count = each_row(rows, |row| {
                table.row(row.iter().map(csv::cell));
                Ok(())
            })?;
            let dropped = table.drop_empty_columns();
            let mut output = output::open(path)?;
            output.write_all(table.to_string().as_bytes())?;
            output.flush()?;
            if !dropped.is_empty() {
                output::note(&format!("{} columns without any value are not shown", dropped.len()));
            }
            Ok(count)
        }
    }
}

fn write_json(rows: &mut QueryRows, names: &[&str], output: &mut dyn Write) -> Result<u64> {
    output.write_all(b"[")?;
    let mut first = true;
    let count = each_row(rows, |row| {
        output.write_all(if std::mem::take(&mut first) { b"\n  " } else { b",\n  " })?;
        Ok(serde_json::to_writer(&mut *output, &object(names, row))?)
    })?;
    output.write_all(b"\n]\n")?;
    output.flush()?;
    Ok(count)
}

fn object(names: &[&str], row: Vec<Value>) -> Map<String, Value> {
    names.iter().map(|it| (*it).to_owned()).zip(row).collect()
}

/// Hands over each row; gives their number.
fn each_row(rows: &mut QueryRows, mut take: impl FnMut(Vec<Value>) -> Result<()>) -> Result<u64> {
    let mut count = 0;
    for batch in rows {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            take(batch.columns().iter().map(|it| engine::cell(it, row)).collect())?;
            count += 1;
        }
    }
    Ok(count)
}
