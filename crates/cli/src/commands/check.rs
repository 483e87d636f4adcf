//! `prospero check`: parses, binds and compiles without data.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use serde_json::json;
use syntax::{Diagnostic, Severity, Span};

use super::Outcome;
use crate::arguments::Escapes;
use crate::output;
use crate::session::CompileSources;

/// What `check` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero check detections/
  prospero check query.aql --escapes c-style
  prospero check packs/ --format json

Exit codes: 0 no errors; 1 errors found; 2 could not read.")]
pub(crate) struct Arguments {
    /// Files and folders of `.aql` queries and detection pages.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How backslashes in the strings of `.aql` files are read; pages say it themselves.
    #[arg(long, value_enum, default_value_t = Escapes::Strict)]
    escapes: Escapes,
    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// A TOML file of further properties (see docs/properties.md).
    #[arg(long, value_name = "FILE")]
    properties: Option<PathBuf>,
    /// A folder of reference sets, maps and tables (see docs/reference-data.md).
    #[arg(long, value_name = "DIR")]
    reference_data: Option<PathBuf>,
}

/// How to print what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the text that is spoken of.
    Text,
    /// An array of objects.
    Json,
}

/// A file that was checked.
struct Checked {
    file: String,
    text: String,
    diagnostics: Vec<Diagnostic>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let sources = CompileSources {
        escapes: arguments.escapes.into(),
        properties: arguments.properties.as_deref(),
        reference_data: arguments.reference_data.as_deref(),
        ..CompileSources::default()
    };
    let options = sources.options()?;
    let mut files = Vec::new();
    for path in &arguments.paths {
        super::collect(path, &mut files)?;
    }
    if files.is_empty() {
        bail!("no `.aql` file and no detection page in {}", super::list(&arguments.paths));
    }
    let mut checked = Vec::new();
    let mut ids: HashMap<String, String> = HashMap::new();
    for path in files {
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        checked.push(check(path.display().to_string(), bytes, &options, &mut ids));
    }
    match arguments.format {
        Format::Text => print_text(&checked)?,
        Format::Json => output::write_json(&checked.iter().flat_map(to_json).collect::<Vec<_>>())?,
    }
    let failed = checked.iter().any(|it| it.diagnostics.iter().any(Diagnostic::is_error));
    Ok(if failed { Outcome::Found } else { Outcome::Done })
}

fn check(file: String, bytes: Vec<u8>, options: &aql::Options, ids: &mut HashMap<String, String>) -> Checked {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let diagnostic = Diagnostic::error("not-utf8", Span::new(at, at), "the file is not UTF-8 text");
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            return Checked { file, text, diagnostics: vec![diagnostic.with_help("save the file as UTF-8")] };
        }
    };
    if Path::new(&file).extension().is_none_or(|it| it != "md") {
        let diagnostics = aql::compile(&text, options).diagnostics;
        return Checked { file, text, diagnostics };
    }
    let (detection, mut diagnostics) = pack::read_page(&file, &text, options);
    if let Some(detection) = detection
        && let Some(other) = ids.insert(detection.id.clone(), file.clone())
    {
        let at = text.find(&detection.id).unwrap_or_default();
        let message = format!("the id `{}` also stands in `{other}`", detection.id);
        diagnostics.push(Diagnostic::error("duplicate-id", Span::new(at, at + detection.id.len()), message));
    }
    Checked { file, text, diagnostics }
}

fn print_text(checked: &[Checked]) -> Result<()> {
    let mut text = String::new();
    for file in checked.iter().filter(|it| !it.diagnostics.is_empty()) {
        text.push_str(&syntax::render(&file.diagnostics, &file.file, &file.text, output::colour(&std::io::stdout())));
    }
    let count = |severity| checked.iter().flat_map(|it| &it.diagnostics).filter(|it| it.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    output::write_all(text.as_bytes())?;
    output::note(&format!("{} files checked: {errors} errors, {warnings} warnings", checked.len()));
    Ok(())
}

fn to_json(checked: &Checked) -> impl Iterator<Item = serde_json::Value> {
    checked.diagnostics.iter().map(|it| {
        let place = |offset| {
            let (line, column) = syntax::line_column(&checked.text, offset);
            json!({ "offset": offset, "line": line, "column": column })
        };
        json!({
            "file": checked.file,
            "id": it.id,
            "severity": output::severity_name(it.severity),
            "message": it.message,
            "span": { "start": place(it.span.start), "end": place(it.span.end) },
            "help": it.help,
        })
    })
}
