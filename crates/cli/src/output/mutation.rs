//! What mutation testing said of pages: for people and as JSON.

use std::fmt::Write as _;
use std::time::Duration;

use engine::{Mutant, Mutation, Suggestion};
use pack::Detection;
use serde_json::{Value, json};
use syntax::{Diagnostic, Span};

use super::{Table, suggestion};

/// All pages.
pub(crate) struct Report {
    /// In the order that they were asked for.
    pub(crate) pages: Vec<MutatedPage>,
    /// How long all took.
    pub(crate) elapsed: Duration,
}

/// A page and what became of its changes.
pub(crate) struct MutatedPage {
    pub(crate) file: String,
    pub(crate) text: String,
    /// Nothing when the page is wrong.
    pub(crate) detection: Option<Detection>,
    /// What was found, or why nothing could be.
    pub(crate) outcome: Result<Mutation, String>,
    /// Events that would decide what survives, when they are asked for.
    pub(crate) suggestions: Vec<Suggestion>,
}

impl MutatedPage {
    pub(crate) fn name(&self) -> &str {
        self.detection.as_ref().map_or(&self.file, |it| &it.id)
    }

    /// A place of the query in the page.
    fn place(&self, span: Span) -> Span {
        self.detection.as_ref().map_or(span, |it| span.shifted(it.query.span.start))
    }
}

/// A line a page, then, when wanted, each change that survives at its place.
pub(crate) fn table(report: &Report, survivors: bool, colour: bool) -> String {
    let mut table = Table::new(["page", "changes", "noticed", "survive", "the same", "score"]);
    for page in &report.pages {
        let Ok(mutation) = &page.outcome else { continue };
        let (all, killed, counted) = (mutation.mutants.len(), mutation.killed(), mutation.counted());
        let numbers = [all, killed, counted - killed, all - counted].map(|it| it.to_string());
        let [all, killed, survive, same] = &numbers;
        table.row([page.name(), all, killed, survive, same, &format!("{:.2}", mutation.score())]);
    }
    let mut text = table.to_string();
    if survivors {
        for page in &report.pages {
            for mutant in page.outcome.iter().flat_map(Mutation::survivors) {
                let diagnostic = diagnostic(page, mutant);
                let _ = write!(text, "\n{}", syntax::render(&[diagnostic], &page.file, &page.text, colour));
            }
        }
    }
    for page in &report.pages {
        text.push_str(&suggestion::fences(page));
    }
    text
}

fn diagnostic(page: &MutatedPage, mutant: &Mutant) -> Diagnostic {
    let message = format!("no test notices the query {}", mutant.change());
    Diagnostic::warning(mutant.kind().name, page.place(mutant.span()), message).with_help(mutant.kind().remedy)
}

/// How many changes, and how they ended.
pub(crate) fn summary(report: &Report) -> String {
    let mutations = || report.pages.iter().filter_map(|it| it.outcome.as_ref().ok());
    let killed: usize = mutations().map(Mutation::killed).sum();
    let counted: usize = mutations().map(Mutation::counted).sum();
    let pages = super::count(mutations().count() as u64, "page");
    let changes = super::count(counted as u64, "change");
    format!(
        "{pages}, {changes}: {killed} noticed, {} survive ({:.1} s)",
        counted - killed,
        report.elapsed.as_secs_f64()
    )
}

/// For machines.
pub(crate) fn json(report: &Report) -> Value {
    json!({
        "pages": report.pages.iter().map(page_json).collect::<Vec<_>>(),
        "seconds": report.elapsed.as_secs_f64(),
    })
}

fn page_json(page: &MutatedPage) -> Value {
    let mutation = match &page.outcome {
        Ok(mutation) => mutation,
        Err(error) => {
            return json!({ "id": page.detection.as_ref().map(|it| &it.id), "file": page.file, "error": error });
        }
    };
    let survivors: Vec<_> = mutation.survivors().map(|it| mutant_json(page, it)).collect();
    json!({
        "id": page.name(),
        "file": page.file,
        "score": mutation.score(),
        "changes": mutation.mutants.len(),
        "noticed": mutation.killed(),
        "same": mutation.mutants.len() - mutation.counted(),
        "cut": mutation.is_cut,
        "survivors": survivors,
        "suggestions": suggestion::json(page),
    })
}

fn mutant_json(page: &MutatedPage, mutant: &Mutant) -> Value {
    let span = page.place(mutant.span());
    let (line, column) = syntax::line_column(&page.text, span.start);
    json!({
        "kind": mutant.kind().name,
        "change": mutant.change(),
        "line": line,
        "column": column,
        "text": page.text.get(span.start..span.end),
    })
}
