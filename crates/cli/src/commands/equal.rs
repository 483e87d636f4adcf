//! `prospero equal`: whether two queries match the same events.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use engine::{EqualSide, Equality, EventSource, Relation};

use super::Outcome;
use crate::arguments::{Escapes, InputArguments};
use crate::output::{self, CatalogueFormat, equality};
use crate::queries::{self, NamedQuery};
use crate::session;

/// What `equal` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero equal old.aql new.aql
  prospero equal service-path-on-network-share rules/service_share.yml
  prospero equal HEAD~1:packs/t1543/sc-create-service.md packs/t1543/sc-create-service.md logs/
  prospero equal \"SELECT username FROM events WHERE EventID = 1\" other.aql --format json

A and B are queries (text that begins with SELECT, or .aql files), pages (.md), ids of built-in pages, REVISION:PATH as git
knows it, or Sigma rules (.yml). It is asked which events WHERE passes; columns, time clause and LIMIT do not count. What
can be proven is said to be proven. Where neither proof nor counter-example is found, events made from the literals of both
queries are put to both, and those of the logs that are named.
Exit codes: 0 equal, proven; 1 an event tells them apart; 2 not decided, or could not do it.")]
pub(crate) struct Arguments {
    /// A query or page.
    #[arg(value_name = "A")]
    first: String,
    /// Another.
    #[arg(value_name = "B")]
    second: String,
    /// Files, folders and archives of logs whose events are put to both queries.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How backslashes in the strings of bare queries are read; pages say it themselves.
    #[arg(long, value_enum, default_value_t = Escapes::Strict)]
    escapes: Escapes,
    #[command(flatten)]
    input: InputArguments,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table, help_heading = "Output")]
    format: CatalogueFormat,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = arguments.input.compile_sources(arguments.escapes.into()).options()?;
    let query = |word: &str| queries::any(word, arguments.escapes.into(), &options);
    let (Some(first), Some(second)) = (query(&arguments.first)?, query(&arguments.second)?) else {
        return Ok(Outcome::NotUnderstood);
    };
    let sides = [side(&first), side(&second)];
    let mut found = engine::equal(&sides[0], &sides[1], &options.environment)?;
    let is_single = first.subject.is_single() && second.subject.is_single();
    if !arguments.paths.is_empty() && is_single && !matches!(found.relation(), Relation::Equal) {
        search(arguments, &sides, &options, &mut found)?;
    }
    match arguments.format {
        CatalogueFormat::Json => output::write_json(&equality::json(&found, [&first, &second]))?,
        CatalogueFormat::Table => output::write_all(equality::text(&found, [&first, &second]).as_bytes())?,
    }
    Ok(match found.relation() {
        Relation::Equal => Outcome::Done,
        Relation::FirstWithin | Relation::SecondWithin | Relation::Different => Outcome::Found,
        Relation::Undecided => Outcome::NotUnderstood,
    })
}

fn side(query: &NamedQuery) -> EqualSide<'_> {
    EqualSide { subject: &query.subject, text: &query.text }
}

/// Puts the events of the logs to both queries.
fn search(
    arguments: &Arguments,
    sides: &[EqualSide<'_>; 2],
    options: &aql::Options,
    found: &mut Equality,
) -> Result<()> {
    let source = arguments.input.source(&arguments.paths)?;
    let scan_options = arguments.input.scan_options();
    let progress = session::Progress::follow(&source, &scan_options.read);
    let events: Arc<dyn EventSource> = Arc::clone(&source) as _;
    let searched = found.search(&sides[0], &sides[1], &options.environment, &events, &scan_options)?;
    drop(progress);
    session::report_damage(&searched.statistics);
    Ok(())
}
