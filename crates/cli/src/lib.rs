//! The program `prospero`: the only crate that prints. A library, so that its help becomes a document.
//!
//! Exit codes: 0 nothing to complain of, 1 matches or findings that the user asked to fail on, 2 could not do it.

mod arguments;
mod catalogue;
mod changed;
mod check;
mod commands;
mod detections;
mod difference;
pub mod evasions;
mod interrupt;
mod output;
mod page_files;
mod page_tests;
mod progress;
mod queries;
mod session;
mod settings;
mod sigma_rules;
mod stages;
mod tuning;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::arguments::Arguments;
pub use crate::settings::{KEYS, Key};

/// The command line as clap knows it: for the reference page, completions and manual.
pub fn command() -> clap::Command {
    Arguments::command()
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match commands::run(arguments) {
        Ok(outcome) => outcome.into(),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::report_error(&error);
            ExitCode::from(2)
        }
    }
}

/// Whether the reader of our output went away, as `head` does. That is no error.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        let csv = cause.downcast_ref::<csv::Error>().and_then(|it| match it.kind() {
            csv::ErrorKind::Io(error) => Some(error.kind()),
            _ => None,
        });
        [io, json, csv].contains(&Some(std::io::ErrorKind::BrokenPipe))
    })
}
