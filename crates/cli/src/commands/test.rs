//! `prospero test`: runs the tests of detection pages, in process.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use clap::ValueEnum;
use engine::{Failure, Subject};
use ingest::UserProperties;
use syntax::{Diagnostic, Span};

use super::Outcome;
use crate::changed::Changed;
use crate::output::tests::{self, Report, TestedPage, TestedTest};
use crate::page_files::{self, PageFile};
use crate::session::PageSources;
use crate::{output, page_tests};

/// What `test` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero test
  prospero test t1543 detections/my-service.md
  prospero test detections/ --changed --format junit > report.xml

Exit codes: 0 all tests hold; 1 a test fails; 2 a page is wrong or cannot be read.")]
pub(crate) struct Arguments {
    /// Built-in packs (`t1543`) or pages by their id, files and folders of pages [default: all built-in pages].
    #[arg(value_name = "PACK|PAGE|PATH")]
    pages: Vec<String>,
    /// Only pages that git says changed: in the working tree, or since the branch left the one it is to be merged into.
    /// Without a path, all pages below the present folder that did.
    #[arg(long)]
    changed: bool,
    /// How to print the verdicts.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    #[command(flatten)]
    sources: PageSources,
}

/// How to print the verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a line a page, then what fails and why.
    Table,
    /// One object.
    Json,
    /// The XML that build servers read.
    Junit,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let started = Instant::now();
    let (options, user_properties) = arguments.sources.read()?;
    let Some(pages) = pages(arguments)? else { return Ok(Outcome::Done) };
    let pages = page_tests::on_all_cores(&pages, |it| test(it, &options, &user_properties));
    let report = Report { pages, elapsed: started.elapsed() };
    match arguments.format {
        Format::Table => {
            output::write_all(tests::table(&report, output::colour(&std::io::stdout())).as_bytes())?;
        }
        Format::Json => output::write_json(&tests::json(&report))?,
        Format::Junit => output::write_all(tests::junit(&report).as_bytes())?,
    }
    for page in report.pages.iter().filter(|it| !it.diagnostics.is_empty()) {
        let rendered = syntax::render(&page.diagnostics, &page.file, &page.text, output::colour(&std::io::stderr()));
        output::note(rendered.trim_end());
    }
    output::note(&tests::summary(&report));
    Ok(if report.pages.iter().any(TestedPage::is_wrong) {
        Outcome::NotUnderstood
    } else if report.pages.iter().flat_map(|it| &it.tests).any(|it| it.failure.is_some()) {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

/// The pages that are asked for; nothing when none of them changed.
fn pages(arguments: &Arguments) -> Result<Option<Vec<PageFile>>> {
    if !arguments.changed {
        let all = arguments.pages.is_empty();
        return Ok(Some(if all { page_files::builtin() } else { page_files::named(&arguments.pages)? }));
    }
    let changed = Changed::find()?;
    let pages = if arguments.pages.is_empty() {
        changed.pages()?
    } else {
        if let Some(name) = arguments.pages.iter().find(|it| !Path::new(it).exists()) {
            anyhow::bail!("`{name}` is no file and no folder, and git knows no other pages; leave out --changed");
        }
        let mut pages = page_files::named(&arguments.pages)?;
        pages.retain(|it| changed.touches(it));
        pages
    };
    if pages.is_empty() {
        output::note(&format!("no page changed since {}", changed.since));
        return Ok(None);
    }
    Ok(Some(pages))
}

/// Tests a page.
fn test(page: &PageFile, options: &pack::Options, user_properties: &Arc<UserProperties>) -> TestedPage {
    let started = Instant::now();
    let file = page.name.clone();
    let text = match std::str::from_utf8(&page.bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let at = error.valid_up_to();
            let diagnostic = Diagnostic::error("not-utf8", Span::new(at, at), "the page is not UTF-8 text");
            let text = String::from_utf8_lossy(&page.bytes).into_owned();
            let elapsed = started.elapsed();
            return TestedPage { file, text, id: None, diagnostics: vec![diagnostic], tests: Vec::new(), elapsed };
        }
    };
    let (detection, mut diagnostics) = pack::read_page(&file, &text, options);
    diagnostics.retain(|it| it.severity >= syntax::Severity::Warning);
    let Some(detection) = detection else {
        return TestedPage { file, text, id: None, diagnostics, tests: Vec::new(), elapsed: started.elapsed() };
    };
    let subject = Subject::of(&detection);
    let tests = page_tests::read(&detection, user_properties);
    let verdicts = tests.run(&subject, &options.environment);
    let tests = verdicts.into_iter().zip(&detection.tests).map(|(verdict, test)| {
        let is_missed = verdict.failure == Some(Failure::NoMatch);
        let nearest = is_missed
            .then(|| tests.nearest_miss(&verdict, &subject, &detection.query.text, &options.environment))
            .flatten();
        TestedTest {
            kind: test.kind,
            name: test.name.clone(),
            atomic: test.atomic.clone(),
            line: syntax::line_column(&text, test.span.start).0,
            expected: test.expected.clone(),
            matches: verdict.matches,
            count: verdict.count,
            failure: verdict.failure,
            event: verdict.event,
            nearest,
        }
    });
    let tests = tests.collect();
    TestedPage { file, id: Some(detection.id), diagnostics, tests, elapsed: started.elapsed(), text }
}
