//! `prospero fmt`

use std::fmt::Write as _;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use similar::TextDiff;
use syntax::Diagnostic;

use super::Outcome;
use crate::output;

/// What `fmt` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero fmt detections/
  prospero fmt --check packs/
  prospero fmt --diff query.aql
  prospero fmt - < query.aql

Exit codes: 0 done; 1 files would change (with --check or --diff); 2 a query has errors and was left alone, or a file
cannot be read.")]
pub(crate) struct Arguments {
    /// Files and folders of `.aql` queries and detection pages; `-` formats standard input to standard output.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Change nothing; name the files that would change.
    #[arg(long)]
    check: bool,
    /// Change nothing; print what would change.
    #[arg(long)]
    diff: bool,
}

/// A text after formatting.
struct Formatted {
    text: String,
    errors: Vec<Diagnostic>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    if arguments.paths.iter().any(|it| it.as_os_str() == "-") {
        return standard_input(arguments);
    }
    let mut files = Vec::new();
    for path in &arguments.paths {
        super::collect(path, &mut files)?;
    }
    if files.is_empty() {
        bail!("no `.aql` file and no detection page in {}", super::list(&arguments.paths));
    }
    let mut changed = 0;
    let mut failed = 0;
    for file in &files {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).with_context(|| format!("cannot read `{name}`"))?;
        let Ok(text) = String::from_utf8(bytes) else {
            output::note(&format!("{name}: left alone, since it is not UTF-8 text"));
            failed += 1;
            continue;
        };
        let formatted = format(is_page(file, &text), &text);
        report(&name, &text, &formatted);
        failed += u64::from(!formatted.errors.is_empty());
        if formatted.text != text {
            changed += 1;
            change(arguments, file, &text, &formatted.text)?;
        }
    }
    summarise(arguments, files.len() as u64, changed, failed);
    Ok(outcome(arguments, changed > 0, failed > 0))
}

fn standard_input(arguments: &Arguments) -> Result<Outcome> {
    if arguments.paths.len() > 1 {
        bail!("`-` stands alone: standard input is formatted to standard output");
    }
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).context("cannot read standard input as UTF-8 text")?;
    let formatted = format(text.starts_with("---\n") || text.starts_with("---\r\n"), &text);
    report("standard input", &text, &formatted);
    let is_changed = formatted.text != text;
    if arguments.diff {
        output::write_all(difference("standard input", &text, &formatted.text).as_bytes())?;
    } else if !arguments.check {
        output::write_all(formatted.text.as_bytes())?;
    }
    Ok(outcome(arguments, is_changed, !formatted.errors.is_empty()))
}

/// A file is a page by its name; one of another name than `.aql` by its front matter.
fn is_page(file: &Path, text: &str) -> bool {
    let has = |wanted: &str| file.extension().is_some_and(|it| it == wanted);
    has("md") || !has("aql") && text.starts_with("---")
}

fn format(is_page: bool, text: &str) -> Formatted {
    if is_page {
        let (text, errors) = pack::format_page(text);
        return Formatted { text, errors };
    }
    match aql::format(text) {
        Ok(text) => Formatted { text, errors: Vec::new() },
        Err(errors) => Formatted { text: text.to_owned(), errors },
    }
}

fn report(name: &str, text: &str, formatted: &Formatted) {
    if !formatted.errors.is_empty() {
        let colour = output::colour(&std::io::stderr());
        output::note(syntax::render(&formatted.errors, name, text, colour).trim_end());
    }
}

/// Writes the file, or says what would be written.
fn change(arguments: &Arguments, file: &Path, before: &str, after: &str) -> Result<()> {
    let name = file.display().to_string();
    if arguments.diff {
        return output::write_all(difference(&name, before, after).as_bytes());
    }
    if arguments.check {
        return output::write_all(format!("{name}\n").as_bytes());
    }
    std::fs::write(file, after).with_context(|| format!("cannot write `{name}`"))
}

/// The lines that change, in the form of `diff -u`.
fn difference(name: &str, before: &str, after: &str) -> String {
    let difference = TextDiff::from_lines(before, after);
    difference.unified_diff().header(name, &format!("{name} (formatted)")).to_string()
}

fn summarise(arguments: &Arguments, files: u64, changed: u64, failed: u64) {
    let verb = if arguments.check || arguments.diff { "would be formatted" } else { "formatted" };
    let mut text = format!("{} {verb}, {} already so", output::count(changed, "file"), files - changed);
    if failed > 0 {
        let _ = write!(text, "; {} with errors", output::count(failed, "file"));
    }
    output::note(&text);
}

fn outcome(arguments: &Arguments, is_changed: bool, has_failed: bool) -> Outcome {
    match (has_failed, is_changed && (arguments.check || arguments.diff)) {
        (true, _) => Outcome::NotUnderstood,
        (false, true) => Outcome::Found,
        (false, false) => Outcome::Done,
    }
}
