//! Writing: results to standard output, everything else to standard error.

pub(crate) mod backtest;
pub(crate) mod cost;
pub(crate) mod coverage;
pub(crate) mod csv;
pub(crate) mod diff;
pub(crate) mod equality;
pub(crate) mod evasions;
pub(crate) mod explain;
pub(crate) mod findings;
pub(crate) mod firing;
pub(crate) mod html;
pub(crate) mod matches;
pub(crate) mod mutation;
pub(crate) mod report;
pub(crate) mod suggestion;
pub(crate) mod summary;
mod table;
pub(crate) mod tests;
pub(crate) mod time;
mod timeline;
pub(crate) mod why;

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::Serialize;

pub(crate) use self::table::Table;
use crate::arguments::ColorChoice;

static COLOR: OnceLock<ColorChoice> = OnceLock::new();

/// How a catalogue is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CatalogueFormat {
    /// For people.
    Table,
    /// An array of objects.
    Json,
}

/// Says once when to colour.
pub(crate) fn set_color(choice: ColorChoice) {
    let _ = COLOR.set(choice);
}

/// Whether what goes to this stream is coloured.
pub(crate) fn colour(stream: &impl IsTerminal) -> bool {
    match COLOR.get().copied().unwrap_or(ColorChoice::Auto) {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty()),
    }
}

/// Writes results.
pub(crate) fn write_all(bytes: &[u8]) -> Result<()> {
    let mut output = std::io::stdout().lock();
    output.write_all(bytes)?;
    output.flush()?;
    Ok(())
}

/// Writes a result as indented JSON.
pub(crate) fn write_json(value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    write_all(&text)
}

/// Where results go: a file, or standard output.
pub(crate) fn open(path: Option<&Path>) -> Result<Box<dyn Write + Send>> {
    Ok(match path {
        None => Box::new(std::io::BufWriter::new(std::io::stdout())),
        Some(path) => {
            let file = std::fs::File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
            Box::new(std::io::BufWriter::new(file))
        }
    })
}

/// Says something beside the results. When nobody reads it, that is no error.
pub(crate) fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A number with its noun.
pub(crate) fn count(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// A number of matches in words.
pub(crate) fn count_matches(count: u64) -> String {
    if count == 1 { "1 match".to_owned() } else { format!("{count} matches") }
}

/// Says why nothing could be done.
pub(crate) fn report_error(error: &anyhow::Error) {
    let (start, end) = if colour(&std::io::stderr()) { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    note(&format!("{start}error:{end} {error:#}"));
}

/// The name of a severity of a diagnostic, for machines.
pub(crate) fn severity_name(severity: syntax::Severity) -> &'static str {
    match severity {
        syntax::Severity::Note => "note",
        syntax::Severity::Warning => "warning",
        syntax::Severity::Error => "error",
    }
}
