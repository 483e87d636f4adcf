//! `prospero man`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::CommandFactory;

use super::Outcome;
use crate::output;

/// What `man` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero man | man -l -
  prospero man -o /usr/local/share/man/man1")]
pub(crate) struct Arguments {
    /// Write one page for the program and one for each verb into this folder.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let command = crate::arguments::Arguments::command();
    if let Some(folder) = &arguments.output {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
        clap_mangen::generate_to(command, folder).with_context(|| format!("cannot write to `{}`", folder.display()))?;
    } else {
        let mut text = Vec::new();
        clap_mangen::Man::new(command).render(&mut text)?;
        output::write_all(&text)?;
    }
    Ok(Outcome::Done)
}
