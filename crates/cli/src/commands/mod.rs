//! The verbs, one file each: arguments, call, print.

pub(crate) mod backtest;
pub(crate) mod catalogue;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod equal;
pub(crate) mod evade;
pub(crate) mod explain;
pub(crate) mod fields;
pub(crate) mod fmt;
pub(crate) mod functions;
pub(crate) mod ingest;
pub(crate) mod lsp;
pub(crate) mod man;
pub(crate) mod mutate;
pub(crate) mod query;
pub(crate) mod scan;
pub(crate) mod test;
pub(crate) mod tune;
pub(crate) mod tuning;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::arguments::{Arguments, Command};
use crate::output;

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to complain of.
    Done,
    /// Something that the user asked to fail on.
    Found,
    /// A text of the user cannot be understood; it was said why.
    NotUnderstood,
    /// The user ended it; what was found so far is written.
    Interrupted,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Found => Self::from(1),
            Outcome::NotUnderstood => Self::from(2),
            Outcome::Interrupted => Self::from(130),
        }
    }
}

/// Runs the verb.
pub(crate) fn run(arguments: Arguments) -> Result<Outcome> {
    output::set_color(arguments.color);
    match arguments.command {
        Command::Scan(arguments) => scan::run(&arguments),
        Command::Query(arguments) => query::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Evade(arguments) => evade::run(&arguments),
        Command::Mutate(arguments) => mutate::run(&arguments),
        Command::Tune(arguments) => tune::run(&arguments),
        Command::Backtest(arguments) => backtest::run(&arguments),
        Command::Equal(arguments) => equal::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Tuning(arguments) => tuning::run(&arguments),
        Command::Fields(arguments) => fields::run(&arguments),
        Command::Functions(arguments) => functions::run(&arguments),
        Command::Ingest(arguments) => ingest::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Catalogue(arguments) => catalogue::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}

/// Paths for a message.
pub(crate) fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|it| format!("`{}`", it.display())).collect::<Vec<_>>().join(", ")
}

/// All detection pages at or below a path, sorted. A Markdown file in a folder is one when it begins with `---`.
pub(crate) fn pages(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.retain(|it| it.extension().is_some_and(|it| it == "md"));
    Ok(files)
}

/// All `.aql` files and detection pages at or below a path; a file that is named counts whatever it is called.
pub(crate) fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let has_extension = |path: &Path, wanted: &str| path.extension().is_some_and(|it| it == wanted);
    let is_page = |path: &Path| has_extension(path, "md") && std::fs::read(path).is_ok_and(|it| it.starts_with(b"---"));
    collect_files(path, &|path| has_extension(path, "aql") || is_page(path), files)
}

/// All wanted files at or below a path, sorted; a file that is named counts whatever it is called.
pub(crate) fn collect_files(path: &Path, is_wanted: &dyn Fn(&Path) -> bool, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut entries = entries.map(|it| it.map(|it| it.path())).collect::<std::io::Result<Vec<_>>>()?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect_files(&entry, is_wanted, files)?;
        } else if is_wanted(&entry) {
            files.push(entry);
        }
    }
    Ok(())
}
