//! The verbs, one file each: arguments, call, print.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod fields;
pub(crate) mod functions;
pub(crate) mod man;
pub(crate) mod query;
pub(crate) mod scan;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

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
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Found => Self::from(1),
            Outcome::NotUnderstood => Self::from(2),
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
        Command::Fields(arguments) => fields::run(&arguments),
        Command::Functions(arguments) => functions::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}

/// What a query is compiled with, beside its text.
#[derive(Debug, Default)]
pub(crate) struct CompileSources<'a> {
    pub(crate) escapes: aql::Escapes,
    pub(crate) properties: Option<&'a Path>,
    pub(crate) reference_data: Option<&'a Path>,
    pub(crate) geoip: Option<&'a Path>,
    /// IANA name or offset; empty for UTC.
    pub(crate) time_zone: &'a str,
}

impl CompileSources<'_> {
    /// Reads the files and makes the options of the compiler. The time is that of the clock: `cli` may ask it.
    pub(crate) fn options(&self) -> Result<aql::Options> {
        let mut environment = aql::Environment { now: now(), ..aql::Environment::default() };
        if !self.time_zone.is_empty() {
            self.time_zone.clone_into(&mut environment.time_zone);
        }
        if let Some(folder) = self.reference_data {
            environment.reference_data = Arc::new(engine::ReferenceFolder::load(folder)?);
        }
        if let Some(file) = self.geoip {
            environment.geography = Some(Arc::new(engine::MaxMind::open(file)?));
        }
        let mut options = aql::Options::new(environment);
        options.escapes = self.escapes;
        options.properties = properties(self.properties)?.iter().map(Into::into).collect();
        Ok(options)
    }
}

/// Milliseconds since 1970 UTC.
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |it| i64::try_from(it.as_millis()).unwrap_or(i64::MAX))
}

/// Paths for a message.
pub(crate) fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|it| format!("`{}`", it.display())).collect::<Vec<_>>().join(", ")
}
