//! What is said about texts of the user, in the formats that people and machines read.

mod github;
mod json;
mod place;
mod sarif;

use std::fmt::Write as _;

use anyhow::Result;
use clap::ValueEnum;
use syntax::Diagnostic;

use super::{colour, write_all, write_json};

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with the text that is spoken of.
    Text,
    /// An array of objects.
    Json,
    /// SARIF 2.1.0, which forges and editors read.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
}

/// A text and what is said about it.
#[derive(Clone, Copy)]
pub(crate) struct Report<'a> {
    /// The path of the file, or what stands for it.
    pub(crate) name: &'a str,
    /// The text that the places are of.
    pub(crate) text: &'a str,
    /// In the order of the text.
    pub(crate) diagnostics: &'a [Diagnostic],
}

/// Writes findings to standard output.
pub(crate) fn write(format: Format, reports: &[Report<'_>]) -> Result<()> {
    match format {
        Format::Text => write_all(text(reports, colour(&std::io::stdout())).as_bytes()),
        Format::Json => write_json(&json::findings(reports)),
        Format::Sarif => write_json(&sarif::log(reports)),
        Format::Github => write_all(github::annotations(reports).as_bytes()),
    }
}

/// What is said without its place: message with label, note and help, a line each.
fn message(said: &Diagnostic) -> String {
    let mut text = said.message.clone();
    if !said.label.is_empty() {
        let _ = write!(text, ": {}", said.label);
    }
    for (word, part) in [("note", &said.note), ("help", &said.help)] {
        if let Some(part) = part {
            let _ = write!(text, "\n{word}: {part}");
        }
    }
    text
}

/// Findings for people.
pub(crate) fn text(reports: &[Report<'_>], colour: bool) -> String {
    let said = reports.iter().filter(|it| !it.diagnostics.is_empty());
    let blocks: Vec<String> = said.map(|it| syntax::render(it.diagnostics, it.name, it.text, colour)).collect();
    blocks.join("\n")
}
