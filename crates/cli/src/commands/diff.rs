//! `prospero diff`: what an edit of a page or query changes.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use engine::{Branches, Match};

use super::Outcome;
use crate::arguments::{Escapes, InputArguments};
use crate::difference::{Difference, Side};
use crate::output::{self, CatalogueFormat, diff};
use crate::queries::{self, NamedQuery};
use crate::session;

/// What `diff` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero diff old.md new.md logs/
  prospero diff HEAD~1:packs/t1543/sc-create-service.md packs/t1543/sc-create-service.md samples/
  prospero diff --since main packs/t1543/sc-create-service.md samples/
  prospero diff service-path-on-network-share stricter.aql logs/ --format json

OLD and NEW are pages (.md), queries (.aql), ids of built-in pages, or REVISION:PATH as git knows it, from the root of its
repository (REVISION:./PATH from the present folder). The words after them are logs.
A row of a query that looks at one event is that event; rows of one that looks at groups are compared by their columns.
Exit codes: 0 the same rows with the same values, and all tests of NEW hold; 1 rows differ or a test of NEW fails; 2 could
not do it; 130 ended by Ctrl-C.")]
pub(crate) struct Arguments {
    /// OLD and NEW (with --since the page alone), then files, folders and archives of logs.
    #[arg(required = true, value_name = "OLD NEW PATH")]
    words: Vec<String>,
    /// Compare a file with itself as it was in this revision.
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
    /// How many rows gained and lost are shown.
    #[arg(long, value_name = "N", default_value_t = 5)]
    examples: usize,
    /// How backslashes in the strings of `.aql` files are read; pages say it themselves.
    #[arg(long, value_enum, default_value_t = Escapes::Strict)]
    escapes: Escapes,
    #[command(flatten)]
    input: InputArguments,
    /// How to print the difference.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table, help_heading = "Output")]
    format: CatalogueFormat,
    /// End with 0 though rows differ.
    #[arg(long, help_heading = "Output")]
    exit_zero: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = arguments.input.compile_sources(arguments.escapes.into()).options()?;
    let Some((old, new, paths)) = both(arguments, &options)? else { return Ok(Outcome::NotUnderstood) };
    let user_properties = arguments.input.user_properties()?;
    let source = arguments.input.source(&paths)?;
    let (old_branches, old_subject) = Branches::of(&old.subject, &old.text);
    let (new_branches, new_subject) = Branches::of(&new.subject, &new.text);
    let by_event = old_subject.is_single() && new_subject.is_single();
    let mut difference = Difference::new(by_event, arguments.examples);
    let mut full = false;
    let mut take = |mut found: Match| {
        let (side, branches) =
            if found.detection == 0 { (Side::Old, &old_branches) } else { (Side::New, &new_branches) };
        let branch = branches.take(&mut found);
        full |= !difference.add(side, found, branch);
    };
    let subjects = [old_subject, new_subject];
    let scan_options = arguments.input.scan_options();
    let summary = session::scan(&source, &subjects, &options.environment, &scan_options, &mut take)?;
    if full {
        bail!("more than {} different rows: they cannot be compared by their columns", crate::difference::ROWS_MAX);
    }
    if let Some((side, message)) = summary.failures.iter().next() {
        bail!("{}: not evaluated: {message}", [&old.name, &new.name][*side]);
    }
    let difference = difference.finish();
    let verdicts = [&old, &new].map(|it| it.verdicts(&options.environment, &user_properties));
    let report = diff::Report { old: &old, new: &new, verdicts: &verdicts, difference: &difference, by_event };
    match arguments.format {
        CatalogueFormat::Json => output::write_json(&diff::json(&report))?,
        CatalogueFormat::Table => output::write_all(diff::text(&report).as_bytes())?,
    }
    if summary.statistics.cancelled {
        output::note("ended early by Ctrl-C; what was found so far is compared");
        return Ok(Outcome::Interrupted);
    }
    let fails = verdicts[1].iter().flatten().any(|it| !it.passed());
    let differs = difference.differs() || fails;
    Ok(if differs && !arguments.exit_zero { Outcome::Found } else { Outcome::Done })
}

/// Both versions and the logs. Nothing when one is wrong: it was said why.
fn both(arguments: &Arguments, options: &aql::Options) -> Result<Option<(NamedQuery, NamedQuery, Vec<PathBuf>)>> {
    let escapes = arguments.escapes.into();
    let mut words = arguments.words.iter();
    let first = words.next().context("no page")?;
    let (old, new) = if let Some(revision) = &arguments.since {
        // As git names a path from the present folder.
        let path = if first.starts_with("./") { first.clone() } else { format!("./{first}") };
        (queries::from_git(revision, &path, escapes, options)?, queries::one(first, escapes, options)?)
    } else {
        let second = words.next().context("no NEW: name two pages or queries, or one with --since REVISION")?;
        (queries::one(first, escapes, options)?, queries::one(second, escapes, options)?)
    };
    let paths: Vec<PathBuf> = words.map(PathBuf::from).collect();
    if paths.is_empty() {
        bail!("no logs: after the pages say which logs to read, for example `./logs`");
    }
    Ok(old.zip(new).map(|(old, new)| (old, new, paths)))
}
