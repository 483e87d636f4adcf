//! `prospero completions`

use anyhow::Result;
use clap::CommandFactory;

use super::Outcome;
use crate::output;

/// What `completions` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  prospero completions bash > ~/.local/share/bash-completion/completions/prospero")]
pub(crate) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let mut text = Vec::new();
    let mut command = crate::arguments::Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, "prospero", &mut text);
    output::write_all(&text)?;
    Ok(Outcome::Done)
}
