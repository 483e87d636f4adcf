//! `prospero evade`: rewrites the attacks of pages and says what their queries no longer find.

use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;
use engine::Evade;
use pack::Detection;

use super::Outcome;
use crate::output::evasions::{self as print, Report};
use crate::page_files::{self, PageFile};
use crate::session::PageSources;
use crate::{evasions, output};

/// What `evade` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero evade
  prospero evade sc-create-service --transformation quotes
  prospero evade detections/ --format json
  prospero evade --list

Each attack of a page's tests is rewritten by transformations that still run on the real system, and the page's query is
run on what the log would then show. The score is the share of variants that the query finds. What escapes is shown with
the other pages that find it.
Exit codes: 0 all is found; 1 something escapes; 2 a page is wrong or cannot be read.")]
pub(crate) struct Arguments {
    /// Built-in packs (`t1543`) or pages by their id, files and folders of pages [default: all built-in pages].
    #[arg(value_name = "PACK|PAGE|PATH")]
    pages: Vec<String>,
    /// Only this transformation. May be repeated.
    #[arg(long, value_name = "NAME")]
    transformation: Vec<String>,
    /// List the transformations with what they change, their limits and sources.
    #[arg(long, conflicts_with = "pages")]
    list: bool,
    /// How to print what escapes.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Exit with 0 even when something escapes.
    #[arg(long)]
    exit_zero: bool,
    #[command(flatten)]
    sources: PageSources,
}

/// How to print what escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a line a page, then what escapes.
    Table,
    /// One object.
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let started = Instant::now();
    let transformations = evasions::transformations(&arguments.transformation)?;
    if arguments.list {
        match arguments.format {
            Format::Table => output::write_all(print::list(&transformations).as_bytes())?,
            Format::Json => output::write_json(&print::list_json(&transformations))?,
        }
        return Ok(Outcome::Done);
    }
    let (options, user_properties) = arguments.sources.read()?;
    let all = arguments.pages.is_empty();
    let files = if all { page_files::builtin() } else { page_files::named(&arguments.pages)? };
    let (detections, wrong) = understood(&files, &options);
    let mut others = evasions::builtin_detections(&options);
    others.extend(
        detections.iter().filter(|it| others.iter().all(|other| other.id != it.id)).cloned().collect::<Vec<_>>(),
    );
    let evade = Evade::new(transformations, &options.environment, &user_properties);
    let mut pages = evasions::of(&detections, &evade, &others)?;
    evasions::explain(&mut pages, &detections, &evade);
    let report = Report { detections, pages, elapsed: started.elapsed() };
    match arguments.format {
        Format::Table => output::write_all(print::table(&report, output::colour(&std::io::stdout())).as_bytes())?,
        Format::Json => output::write_json(&print::json(&report))?,
    }
    output::note(&print::summary(&report));
    let failed = report.pages.iter().any(|it| it.failure.is_some());
    Ok(if wrong > 0 || failed {
        Outcome::NotUnderstood
    } else if report.pages.iter().any(|it| !it.escapes.is_empty()) && !arguments.exit_zero {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

/// The pages that can be understood, and how many cannot; it is said why.
fn understood(files: &[PageFile], options: &pack::Options) -> (Vec<Detection>, usize) {
    let mut detections = Vec::new();
    let mut wrong = 0;
    for page in files {
        let text = String::from_utf8_lossy(&page.bytes);
        let (detection, mut diagnostics) = pack::read_page(&page.name, &text, options);
        diagnostics.retain(|it| it.severity >= syntax::Severity::Warning);
        if !diagnostics.is_empty() {
            let rendered = syntax::render(&diagnostics, &page.name, &text, output::colour(&std::io::stderr()));
            output::note(rendered.trim_end());
        }
        match detection {
            Some(detection) => detections.push(detection),
            None => wrong += 1,
        }
    }
    (detections, wrong)
}
