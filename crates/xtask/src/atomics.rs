//! Which page answers which test of Atomic Red Team, or why none does.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use pack::Detection;
use schema::tables::atomics::{self, Atomic};

/// The file of reasons: GUID, text.
const REASONS: &str = "packs/atomics-unanswered.toml";

/// The document.
pub(crate) fn document() -> Result<String> {
    let detections = crate::detections::load(None)?;
    let reasons = reasons()?;
    let mut text = crate::docs::heading("Atomic Red Team tests", "packs and packs/atomics-unanswered.toml");
    text.push_str(
        "For every test of [Atomic Red Team](https://github.com/redcanaryco/atomic-red-team) of T1543, T1569 and their \
         sub-techniques: the pages that answer it, each with a test that shows its behaviour, or why none does.\n",
    );
    let mut technique = "";
    for atomic in atomics::all() {
        if technique != atomic.technique {
            technique = atomic.technique;
            let name = schema::tables::attack::technique(technique).map_or("", |it| it.name);
            let _ = writeln!(text, "\n## {technique} {name}\n\n| test | platform | GUID | answer |\n|---|---|---|---|");
        }
        let answer = answer(atomic, &detections, &reasons);
        let _ = writeln!(text, "| {} | {} | `{}` | {answer} |", atomic.name, atomic.platform, atomic.guid);
    }
    Ok(text)
}

/// Links to the pages that answer a test, or the reason why none does.
fn answer(atomic: &Atomic, detections: &[Detection], reasons: &BTreeMap<String, String>) -> String {
    let pages = detections.iter().filter(|it| it.atomics.iter().any(|it| it == atomic.guid));
    let links: Vec<_> = pages.map(crate::docs::page_link).collect();
    match reasons.get(atomic.guid) {
        _ if !links.is_empty() => links.join(", "),
        Some(reason) => format!("none: {}", crate::docs::cell(reason.trim())),
        None => "none".to_owned(),
    }
}

fn reasons() -> Result<BTreeMap<String, String>> {
    let text =
        std::fs::read_to_string(crate::root().join(REASONS)).with_context(|| format!("cannot read {REASONS}"))?;
    toml::from_str(&text).with_context(|| format!("{REASONS} is wrong"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_atomic_test_is_answered_or_has_a_reason() {
        let detections = crate::detections::load(None).expect("the pages are good");
        let reasons = reasons().expect("the reasons can be read");
        let mut wrong = Vec::new();
        for atomic in atomics::all() {
            let answered = detections.iter().any(|it| it.atomics.iter().any(|it| it == atomic.guid));
            match reasons.get(atomic.guid) {
                Some(_) if answered => wrong.push(format!("{}: a page answers it; remove the reason", atomic.guid)),
                Some(reason) if reason.trim().len() < 20 => wrong.push(format!("{}: no reason", atomic.guid)),
                None if !answered => wrong.push(format!("{} {}: no page, no reason", atomic.guid, atomic.name)),
                _ => {}
            }
        }
        let unknown = |guid: &str| atomics::by_guid(guid).is_none();
        wrong.extend(reasons.keys().filter(|it| unknown(it)).map(|it| format!("{REASONS}: {it} is no test")));
        for page in &detections {
            wrong
                .extend(page.atomics.iter().filter(|it| unknown(it)).map(|it| format!("{}: {it} is no test", page.id)));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
