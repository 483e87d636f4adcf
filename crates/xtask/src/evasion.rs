//! The transformations of `prospero evade`, and how the built-in pages stand up to them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use cli::evasions::{Escape, PageEvasions};
use evade::{Platform, TRANSFORMATIONS};
use pack::Detection;

use crate::docs::{cell, heading, page_link};

/// Letters of a changed text that are shown.
const CHARACTERS_MAX: usize = 160;

/// The document.
pub(crate) fn document() -> Result<String> {
    let mut text = heading("Evasion", "crates/evade/src/transformations` and `packs");
    text.push_str("What the transformations are for and how to read the scores: [evasion.md](../evasion.md).\n\n");
    text.push_str("## Transformations\n");
    for it in TRANSFORMATIONS {
        let platforms: Vec<_> = it.platforms.iter().copied().map(Platform::name).collect();
        let _ = writeln!(text, "\n### {}\n\n{} ({})\n", it.name, it.summary, platforms.join(", "));
        let _ = writeln!(text, "* Events: {}\n* Limits: {}", it.events, it.limits);
        let _ = writeln!(
            text,
            "* Sources: {}\n",
            it.sources.iter().map(|it| format!("<{it}>")).collect::<Vec<_>>().join(", ")
        );
        text.push_str("| before | after |\n|---|---|\n");
        for example in it.examples {
            let _ = writeln!(text, "| {} | {} |", code(&example.before()), code(&example.after()));
        }
    }
    let pages = cli::evasions::of_builtin_pages()?;
    text.push_str("\n## Scores of the built-in pages\n\n");
    scores(&mut text, &pages);
    text.push_str(
        "\n## What escapes\n\nFor each page and transformation the first variant that the page does not match.\n",
    );
    for (detection, page) in pages.iter().filter(|it| !it.1.escapes.is_empty()) {
        escapes(&mut text, detection, page);
    }
    Ok(text)
}

fn scores(text: &mut String, pages: &[(Detection, PageEvasions)]) {
    let sum = |of: fn(&PageEvasions) -> usize| pages.iter().map(|it| of(&it.1)).sum::<usize>();
    let (made, caught, unseen) = (sum(|it| it.made), sum(PageEvasions::caught), sum(PageEvasions::unseen));
    let _ = writeln!(
        text,
        "Of {made} variants the page itself catches {caught}; another page catches {} of those that escape, and {unseen} \
         are caught by none.\n",
        made - caught - unseen
    );
    text.push_str("| page | variants | caught | by another page | by none | score |\n|---|--:|--:|--:|--:|--:|\n");
    for (detection, page) in pages {
        let score = page.score().map_or("-".to_owned(), |it| format!("{:.2}", (it * 100.0).floor() / 100.0));
        let elsewhere = page.escapes.len() - page.unseen();
        let (made, caught, unseen) = (page.made, page.caught(), page.unseen());
        let _ = writeln!(text, "| {} | {made} | {caught} | {elsewhere} | {unseen} | {score} |", page_link(detection));
    }
}

fn escapes(text: &mut String, detection: &Detection, page: &PageEvasions) {
    let _ = writeln!(
        text,
        "\n### {}\n\n| transformation | variants | first of them | found by |\n|---|--:|---|---|",
        detection.id
    );
    let mut groups: BTreeMap<&str, Vec<&Escape>> = BTreeMap::new();
    for it in &page.escapes {
        groups.entry(it.evasion.transformation.name).or_default().push(it);
    }
    for (name, escapes) in groups {
        let Some(first) = escapes.first() else { continue };
        let changes: Vec<_> =
            first.evasion.changes.iter().map(|it| format!("{}: {}", it.field, code(&it.after))).collect();
        let also = if first.also.is_empty() { "none".to_owned() } else { first.also.join(", ") };
        let _ = writeln!(text, "| {name} | {} | {} | {also} |", escapes.len(), changes.join("; "));
    }
}

/// Text in a cell as code, short enough for it.
fn code(text: &str) -> String {
    let text = text.replace('\t', "\u{2192}").replace('`', "\u{2018}");
    let text = match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}\u{2026}", &text[..end]),
        None => text,
    };
    format!("`` {} ``", cell(&text))
}
