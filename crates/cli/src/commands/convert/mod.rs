//! `prospero convert`: events to EVTX, Sigma rules to queries and pages, pages and queries to Sigma rules.

mod evtx;
mod export;
mod rules;

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::ValueEnum;

use super::Outcome;

/// What `convert` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero convert events.jsonl -o events.evtx
  prospero convert winlogbeat.json.gz security.xml -o all.evtx
  prospero convert --from sigma --to aql rule.yml
  prospero convert --from sigma --to page sigma/rules/windows -o my-pack/
  prospero convert --from sigma --to page rules/ -o my-pack/ --placeholders lists/ --report outcome.jsonl
  prospero convert --to sigma packs/ -o rules/
  prospero convert --to sigma query.aql

Exit codes: 0 done; 1 some rules, pages or queries were refused; 2 could not do it.")]
pub(crate) struct Arguments {
    /// Files, folders and archives; `-` is standard input, for events.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What is read [default: what --to is made of].
    #[arg(long, value_enum)]
    from: Option<Source>,
    /// What is written [default: evtx].
    #[arg(long, value_enum)]
    to: Option<Target>,
    /// The file to write, for rules the folder; without it rules go to standard output.
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// How all events are read, instead of by their content.
    #[arg(long, value_name = "FORMAT")]
    input_format: Option<String>,
    /// What `%name%` in Sigma rules stands for: a file NAME.txt with a value a line, a YAML file of names and lists, or a
    /// folder of such files. May be repeated.
    #[arg(long, value_name = "FILE|DIR")]
    placeholders: Vec<PathBuf>,
    /// Leave out of Sigma rules the log sources that Sigma cannot say, and say so in the rules, instead of refusing the page.
    #[arg(long)]
    partial: bool,
    /// A file for the outcome of each rule, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Source {
    /// Logs in any format.
    Events,
    /// Sigma rules.
    Sigma,
    /// Detection pages.
    Page,
    /// Queries in AQL.
    Aql,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// An EVTX file of Windows events.
    Evtx,
    /// Queries in AQL.
    Aql,
    /// Detection pages.
    Page,
    /// Sigma rules.
    Sigma,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let target = arguments.to.unwrap_or(match arguments.from {
        Some(Source::Sigma) => Target::Page,
        Some(Source::Page | Source::Aql) => Target::Sigma,
        Some(Source::Events) | None => Target::Evtx,
    });
    match (arguments.from, target) {
        (None | Some(Source::Events), Target::Evtx) => evtx::run(arguments),
        (None | Some(Source::Sigma), Target::Aql | Target::Page) => rules::run(arguments, target == Target::Page),
        (None | Some(Source::Page | Source::Aql), Target::Sigma) => export::run(arguments),
        (Some(Source::Sigma), Target::Sigma) => {
            bail!("the rules are Sigma already: convert them --to aql or --to page")
        }
        (Some(Source::Page | Source::Aql), _) => bail!("pages and queries are converted --to sigma"),
        (Some(Source::Sigma), Target::Evtx) => bail!("rules are no events: convert them --to aql or --to page"),
        (Some(Source::Events), _) => bail!("events are no rules: convert them --to evtx"),
    }
}
