//! `prospero mutate`: whether the tests of detection pages notice a query that is wrong in one place.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result};
use ingest::UserProperties;

use super::Outcome;
use crate::output::mutation::{self, MutatedPage, Report};
use crate::output::{self, CatalogueFormat};
use crate::page_files::{self, PageFile};
use crate::session::PageSources;
use crate::{page_tests, progress};

/// What `mutate` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero mutate detections/my-service.md
  prospero mutate t1543 --minimum 0.9
  prospero mutate my-service --suggest
  prospero mutate --format json > mutation.json

A query is changed in one place at a time: an operand left out, a test turned round, a pattern wider or narrower. A change
that makes no test fail survives: no test decides what stands there. docs/mutation.md says how to mend that, and
docs/reference/mutation.md lists the changes.
Exit codes: 0 done; 1 a page is below --minimum; 2 a page is wrong, its tests fail, or it cannot be read.")]
pub(crate) struct Arguments {
    /// Built-in packs (`t1543`) or pages by their id, files and folders of pages [default: all built-in pages].
    #[arg(value_name = "PACK|PAGE|PATH")]
    pages: Vec<String>,
    /// The share of changes that the tests of each page must notice, 0 to 1.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    minimum: Option<f64>,
    /// List the changes that survive though several pages are asked for; of one page they are always listed.
    #[arg(long)]
    survivors: bool,
    /// Print tests that would decide the changes that survive, ready for the page: events of its tests with one value
    /// changed. Look at each before you keep it: an event that matches must be an attack, any other benign.
    #[arg(long)]
    suggest: bool,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table)]
    format: CatalogueFormat,
    #[command(flatten)]
    sources: PageSources,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("a share is a number from 0 to 1".to_owned()) }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let started = Instant::now();
    let (options, user_properties) = arguments.sources.read()?;
    let all = arguments.pages.is_empty();
    let files = if all { page_files::builtin() } else { page_files::named(&arguments.pages)? };
    let bar = progress::steps(files.len() as u64, "page");
    let pages = page_tests::on_all_cores(&files, |it| {
        let page = mutate(it, arguments.suggest, &options, &user_properties);
        bar.inc(1);
        page
    });
    bar.finish_and_clear();
    let pages = pages.into_iter().collect::<Result<Vec<_>>>()?;
    let report = Report { pages, elapsed: started.elapsed() };
    match arguments.format {
        CatalogueFormat::Json => output::write_json(&mutation::json(&report))?,
        CatalogueFormat::Table => {
            let survivors = arguments.survivors || report.pages.len() == 1;
            let text = mutation::table(&report, survivors, output::colour(&std::io::stdout()));
            output::write_all(text.as_bytes())?;
        }
    }
    for (page, said) in report.pages.iter().filter_map(|it| Some((it, it.outcome.as_ref().err()?))) {
        output::note(&format!("{}: {said}", page.name()));
    }
    output::note(&mutation::summary(&report));
    let scores = || report.pages.iter().filter_map(|it| it.outcome.as_ref().ok()).map(engine::Mutation::score);
    let is_below = |minimum: f64| scores().any(|it| it < minimum);
    Ok(if report.pages.iter().any(|it| it.outcome.is_err()) {
        Outcome::NotUnderstood
    } else if arguments.minimum.is_some_and(is_below) {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

/// Mutates a page.
fn mutate(
    page: &PageFile,
    suggest: bool,
    options: &pack::Options,
    user_properties: &Arc<UserProperties>,
) -> Result<MutatedPage> {
    let file = page.name.clone();
    let text = String::from_utf8(page.bytes.clone()).with_context(|| format!("`{file}` is not UTF-8 text"))?;
    let (detection, diagnostics) = pack::read_page(&file, &text, options);
    let Some(detection) = detection else {
        let errors: Vec<_> = diagnostics.into_iter().filter(syntax::Diagnostic::is_error).collect();
        let said = syntax::render(&errors, &file, &text, output::colour(&std::io::stderr()));
        let outcome = Err(format!("the page is wrong\n{}", said.trim_end()));
        return Ok(MutatedPage { file, text, detection: None, outcome, suggestions: Vec::new() });
    };
    let tests = page_tests::read(&detection, user_properties);
    let outcome = engine::mutate(&detection, &tests, &options.environment).map_err(|error| error.to_string());
    let mut suggestions = Vec::new();
    if let (Ok(mutation), true) = (&outcome, suggest) {
        suggestions = engine::suggest(&detection, &tests, mutation, &options.environment)?;
    }
    Ok(MutatedPage { file, text, detection: Some(detection), outcome, suggestions })
}
