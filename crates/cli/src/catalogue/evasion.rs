//! The part of a detection's page about evasion: its score, and what escapes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Entry;
use crate::evasions::{Escape, PageEvasions};
use crate::output::count;
use crate::output::evasions::score as number;
use crate::output::html::escape;

/// Escapes by one transformation that are shown; the others are counted.
const SHOWN_MAX: usize = 3;

/// `0.95: 38 of 40 variants are caught`
pub(super) fn score(page: &PageEvasions) -> String {
    match (&page.failure, page.made) {
        (Some(reason), _) => format!("not run: {}", escape(reason)),
        (None, 0) => "no transformation applies to its attacks".to_owned(),
        (None, made) => {
            format!("{}: {} of {} are caught", number(page.score()), page.caught(), count(made as u64, "variant"))
        }
    }
}

/// The section. `has_page` says which detections have a page beside this one.
pub(super) fn section(text: &mut String, entry: &Entry<'_>, has_page: &dyn Fn(&str) -> bool) {
    let page = &entry.evasions;
    let _ = writeln!(
        text,
        "<h2 id=\"evasion\">Evasion</h2>\n<p>Its attacks rewritten as an attacker would. {}.</p>",
        score(page)
    );
    let mut groups: BTreeMap<&str, (&str, Vec<&Escape>)> = BTreeMap::new();
    for it in &page.escapes {
        let transformation = it.evasion.transformation;
        groups.entry(transformation.name).or_insert((transformation.summary, Vec::new())).1.push(it);
    }
    for (name, (summary, escapes)) in groups {
        let _ = writeln!(
            text,
            "<details><summary><span class=\"fails\">escapes</span> · {name} · {}</summary>\n<p>{}</p>",
            count(escapes.len() as u64, "variant"),
            escape(summary)
        );
        for it in escapes.iter().take(SHOWN_MAX) {
            variant(text, it, has_page);
        }
        if escapes.len() > SHOWN_MAX {
            let _ = writeln!(text, "<p>and {} more: see <code>prospero evade</code>.</p>", escapes.len() - SHOWN_MAX);
        }
        text.push_str("</details>\n");
    }
}

fn variant(text: &mut String, it: &Escape, has_page: &dyn Fn(&str) -> bool) {
    text.push_str("<dl>\n");
    for change in &it.evasion.changes {
        let _ = writeln!(
            text,
            "<dt>{}</dt><dd>was <code>{}</code></dd><dd>is <code>{}</code></dd>",
            escape(&change.field),
            escape(&change.before),
            escape(&change.after)
        );
    }
    let link = |id: &String| {
        if has_page(id) { format!("<a href=\"{id}.html\">{id}</a>") } else { escape(id) }
    };
    let also: Vec<_> = it.also.iter().map(link).collect();
    let also = if also.is_empty() { "no other page".to_owned() } else { also.join(", ") };
    let _ = writeln!(text, "<dt>Found by</dt><dd>{also}</dd>\n</dl>");
}
