//! `prospero backtest`: when, where, on which branch and at what cost detections match.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Result, bail};
use engine::{Branches, Clock, Match};

use super::Outcome;
use crate::arguments::{Escapes, InputArguments};
use crate::output::backtest::{self, Tally};
use crate::output::{self, CatalogueFormat, time};
use crate::queries::{self, NamedQuery};
use crate::session;
use crate::tuning::TuningArguments;

/// What `backtest` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero backtest service-path-on-network-share logs/
  prospero backtest my-page.md hunt.aql t1543 logs/ archive.zip --format json
  prospero backtest my-page.md logs/ --tuning our-tuning/

A word that ends in .md or .aql or is the id of a built-in page or pack is a page; every other word is a file or folder of
logs. Write ./NAME for logs whose name is that of a page.
The branch of a match is the label of a selected CASE (detection_branch, or the first), else the first true arm of the
topmost OR of WHERE. The cost is the time of all threads for this detection alone, without the reading of the logs.
Exit codes: 0 done; 2 could not do it, or not all of it; 130 ended by Ctrl-C.")]
pub(crate) struct Arguments {
    /// Pages and queries, then files, folders and archives of logs.
    #[arg(required = true, value_name = "PAGE|PATH")]
    words: Vec<String>,
    /// How backslashes in the strings of `.aql` files are read; pages say it themselves.
    #[arg(long, value_enum, default_value_t = Escapes::Strict)]
    escapes: Escapes,
    #[command(flatten)]
    tuning: TuningArguments,
    #[command(flatten)]
    input: InputArguments,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table, help_heading = "Output")]
    format: CatalogueFormat,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = arguments.input.compile_sources(arguments.escapes.into()).options()?;
    let (pages, paths): (Vec<_>, Vec<_>) = arguments.words.iter().partition(|it| queries::is_page(it));
    if pages.is_empty() {
        bail!("no page: name one by a file that ends in .md or .aql, or a built-in one by its id");
    }
    if paths.is_empty() {
        bail!("no logs: after the pages say which logs to read, for example `./logs`");
    }
    let mut named: Vec<NamedQuery> = Vec::new();
    for page in pages {
        let Some(queries) = queries::named(page, arguments.escapes.into(), &options)? else {
            return Ok(Outcome::NotUnderstood);
        };
        named.extend(queries);
    }
    let tuning = arguments.tuning.load(&options)?;
    tuning.report_expired();
    for query in &mut named {
        if let Some(detection) = &query.detection {
            tuning.apply(std::slice::from_ref(detection), std::slice::from_mut(&mut query.subject));
        }
    }
    let zone = time::zone(&arguments.input.time_zone)?;
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let source = arguments.input.source(&paths)?;
    let (branches, subjects): (Vec<_>, Vec<_>) = named.iter().map(|it| Branches::of(&it.subject, &it.text)).unzip();
    let mut tallies: Vec<Tally> = branches.iter().map(Tally::new).collect();
    let started = Instant::now();
    let mut scan_options = arguments.input.scan_options();
    scan_options.read.clock = Some(Clock::new(move || started.elapsed()));
    let mut take = |mut found: Match| {
        if found.excluded_by.is_none() {
            let branch = branches[found.detection].take(&mut found);
            tallies[found.detection].add(&found, branch, &zone);
        }
    };
    let summary = session::scan(&source, &subjects, &options.environment, &scan_options, &mut take)?;
    session::report_failures(&summary, |it| &named[it].name);
    match arguments.format {
        CatalogueFormat::Json => output::write_json(&backtest::json(&named, &tallies, &summary))?,
        CatalogueFormat::Table => output::write_all(backtest::text(&named, &tallies, &summary).as_bytes())?,
    }
    let statistics = &summary.statistics;
    let counts =
        [(statistics.events, "event"), (statistics.files, "file")].map(|(count, what)| output::count(count, what));
    output::note(&format!("{} in {}, {:.1} s", counts[0], counts[1], started.elapsed().as_secs_f64()));
    if statistics.cancelled {
        output::note("ended early by Ctrl-C; what was found so far is printed");
        return Ok(Outcome::Interrupted);
    }
    let incomplete = tuning.wrong > 0 || !summary.failures.is_empty();
    Ok(if incomplete { Outcome::NotUnderstood } else { Outcome::Done })
}
