//! What escapes the queries of pages when attacks are rewritten: for people and for programs.

use std::fmt::Write as _;
use std::time::Duration;

use engine::Evasion;
use evade::{Platform, Transformation};
use pack::Detection;
use serde_json::{Value, json};

use super::Table;
use super::table::{cut, printable};
use crate::evasions::{Escape, PageEvasions};

/// How much of a value, and of a test of the query, is shown, in columns of a terminal.
const VALUE_WIDTH_MAX: usize = 240;

/// All pages.
pub(crate) struct Report {
    /// In the order that they were asked for.
    pub(crate) detections: Vec<Detection>,
    /// What became of each.
    pub(crate) pages: Vec<PageEvasions>,
    /// How long all took.
    pub(crate) elapsed: Duration,
}

impl Report {
    fn pages(&self) -> impl Iterator<Item = (&Detection, &PageEvasions)> {
        self.detections.iter().zip(&self.pages)
    }

    fn sums(&self) -> Sums {
        let sum = |of: fn(&PageEvasions) -> usize| self.pages.iter().map(of).sum();
        Sums { made: sum(|it| it.made), caught: sum(PageEvasions::caught), unseen: sum(PageEvasions::unseen) }
    }
}

/// Numbers over all pages.
struct Sums {
    made: usize,
    caught: usize,
    unseen: usize,
}

impl Sums {
    fn score(&self) -> Option<f64> {
        (self.made > 0).then(|| self.caught as f64 / self.made as f64)
    }
}

/// A score for people.
pub(crate) fn score(score: Option<f64>) -> String {
    score.map_or_else(|| "-".to_owned(), |it| format!("{:.2}", (it * 100.0).floor() / 100.0))
}

/// A line a page, then what escapes.
pub(crate) fn table(report: &Report, colour: bool) -> String {
    let mut table = Table::new(["page", "variants", "caught", "escaped", "unseen", "score"]);
    for (detection, page) in report.pages() {
        let numbers = [page.made, page.caught(), page.escapes.len(), page.unseen()].map(|it| it.to_string());
        let [made, caught, escaped, unseen] = &numbers;
        table.row([&detection.id, made, caught, escaped, unseen, &score(page.score())]);
    }
    let mut text = table.to_string();
    let (start, end) = if colour { ("\x1b[1;93m", "\x1b[0m") } else { ("", "") };
    for (detection, page) in report.pages() {
        if let Some(reason) = &page.failure {
            let _ = writeln!(text, "\n{start}NOT RUN{end} {}\n  {reason}", detection.id);
        }
        for escape in &page.escapes {
            let _ = writeln!(text, "\n{start}ESCAPED{end} {}  {}", detection.id, escape.evasion.transformation.name);
            lines(&mut text, detection, escape);
        }
    }
    text
}

fn lines(text: &mut String, detection: &Detection, escape: &Escape) {
    let shown = |text: &str| cut(&printable(&text.replace('\t', "<tab>")), VALUE_WIDTH_MAX);
    let _ = writeln!(text, "  attack  {}", shown(test_name(detection, &escape.evasion)));
    for change in &escape.evasion.changes {
        let _ = writeln!(text, "  {}", change.field);
        let _ = writeln!(text, "     was  {}\n      is  {}", shown(&change.before), shown(&change.after));
    }
    for missed in &escape.missed {
        let _ = writeln!(text, "   fails  {}", shown(&missed.text));
    }
    let also = if escape.also.is_empty() { "no other page".to_owned() } else { escape.also.join(", ") };
    let _ = writeln!(text, "   found  by {also}");
}

fn test_name<'a>(detection: &'a Detection, evasion: &Evasion) -> &'a str {
    detection.tests.get(evasion.test).map_or("", |it| it.name.as_str())
}

/// How many pages and variants, and how they ended.
pub(crate) fn summary(report: &Report) -> String {
    let sums = report.sums();
    let pages = super::count(report.pages.len() as u64, "page");
    let made = super::count(sums.made as u64, "variant");
    let escaped = sums.made - sums.caught;
    format!(
        "{pages}, {made}: {} caught, {escaped} escape, {} of them unseen by all pages; score {} ({:.1} s)",
        sums.caught,
        sums.unseen,
        score(sums.score()),
        report.elapsed.as_secs_f64()
    )
}

/// One object; the shape is stable.
pub(crate) fn json(report: &Report) -> Value {
    let sums = report.sums();
    json!({
        "pages": report.pages().map(|(detection, page)| page_json(detection, page)).collect::<Vec<_>>(),
        "variants": sums.made,
        "caught": sums.caught,
        "unseen": sums.unseen,
        "score": sums.score(),
        "seconds": report.elapsed.as_secs_f64(),
    })
}

fn page_json(detection: &Detection, page: &PageEvasions) -> Value {
    let escape = |it: &Escape| {
        let changes = it.evasion.changes.iter();
        let changes = changes.map(|it| json!({ "field": it.field, "before": it.before, "after": it.after }));
        json!({
            "transformation": it.evasion.transformation.name,
            "test": test_name(detection, &it.evasion),
            "changes": changes.collect::<Vec<_>>(),
            "fails": it.missed.iter().map(|it| it.text.as_str()).collect::<Vec<_>>(),
            "found_by": it.also,
        })
    };
    json!({
        "id": detection.id,
        "file": detection.file,
        "variants": page.made,
        "caught": page.caught(),
        "unseen": page.unseen(),
        "score": page.score(),
        "failure": page.failure,
        "escapes": page.escapes.iter().map(escape).collect::<Vec<_>>(),
    })
}

fn platforms(transformation: &Transformation) -> String {
    transformation.platforms.iter().copied().map(Platform::name).collect::<Vec<_>>().join(", ")
}

/// The transformations, for people.
pub(crate) fn list(transformations: &[&Transformation]) -> String {
    let mut text = String::new();
    for it in transformations {
        let _ = writeln!(text, "{} ({})\n  {}", it.name, platforms(it), it.summary);
        let _ = writeln!(text, "  events  {}\n  limits  {}", it.events, it.limits);
        for source in it.sources {
            let _ = writeln!(text, "  source  {source}");
        }
        if let Some(example) = it.examples.first() {
            let shown = |text: String| printable(&text.replace('\t', "<tab>"));
            let _ = writeln!(text, "     was  {}\n      is  {}", shown(example.before()), shown(example.after()));
        }
        text.push('\n');
    }
    text
}

/// The transformations, for programs.
pub(crate) fn list_json(transformations: &[&Transformation]) -> Value {
    let each = transformations.iter().map(|it| {
        let examples = it.examples.iter().map(|it| json!({ "before": it.before(), "after": it.after() }));
        json!({
            "name": it.name,
            "summary": it.summary,
            "platforms": it.platforms.iter().copied().map(Platform::name).collect::<Vec<_>>(),
            "events": it.events,
            "limits": it.limits,
            "sources": it.sources,
            "examples": examples.collect::<Vec<_>>(),
        })
    });
    each.collect()
}
