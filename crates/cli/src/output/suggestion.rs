//! Suggested tests as fences for a page.

use std::fmt::Write as _;

use engine::Suggestion;
use pack::Test;
use serde_json::{Value, json};

use super::mutation::MutatedPage;

/// Suggestions of the same kind on the same event.
struct Fence<'a> {
    first: &'a Suggestion,
    lines: Vec<&'a Suggestion>,
}

/// The fences, each with what its lines decide.
pub(super) fn fences(page: &MutatedPage) -> String {
    let Some(detection) = &page.detection else { return String::new() };
    let mut fences = String::new();
    for fence in grouped(&page.suggestions) {
        let Some(test) = detection.tests.get(fence.first.test) else { continue };
        let _ = write!(fences, "\n{}\n", fence_text(&fence, test));
        for line in &fence.lines {
            let decided = line.decides.iter().filter_map(|it| page.outcome.as_ref().ok()?.mutants.get(*it));
            let decided: Vec<&str> = decided.map(engine::Mutant::change).collect();
            let _ = writeln!(fences, "<!-- {} -->", decided.join("; ").replace("--", "- -"));
        }
    }
    fences
}

/// For machines.
pub(super) fn json(page: &MutatedPage) -> Vec<Value> {
    let Some(detection) = &page.detection else { return Vec::new() };
    let fence = |fence: Fence<'_>| {
        let test = detection.tests.get(fence.first.test)?;
        let decides: usize = fence.lines.iter().map(|it| it.decides.len()).sum();
        Some(json!({
            "kind": if fence.first.matches { "attack" } else { "benign" },
            "of": test.name,
            "decides": decides,
            "fence": fence_text(&fence, test),
        }))
    };
    grouped(&page.suggestions).into_iter().filter_map(fence).collect()
}

fn grouped(suggestions: &[Suggestion]) -> Vec<Fence<'_>> {
    let mut fences: Vec<Fence<'_>> = Vec::new();
    for suggestion in suggestions {
        let same = |it: &&mut Fence<'_>| {
            let key = |it: &Suggestion| (it.test, it.event, it.matches);
            key(it.first) == key(suggestion) && it.first.expected == suggestion.expected
        };
        match fences.iter_mut().find(same) {
            Some(fence) => fence.lines.push(suggestion),
            None => fences.push(Fence { first: suggestion, lines: vec![suggestion] }),
        }
    }
    fences.sort_by_key(|it| (!it.first.matches, it.first.test, it.first.event));
    fences
}

fn fence_text(fence: &Fence<'_>, base: &Test) -> String {
    let first = fence.first;
    let (kind, name) = if first.matches { ("attack", "other forms") } else { ("benign", "near misses") };
    let language = if first.patch.is_some() { "json" } else { "text" };
    let number = if first.event == 0 { String::new() } else { format!(" #{}", first.event + 1) };
    let of = if first.patch.is_some() { format!("of=\"{}{number}\"", base.name) } else { "each".to_owned() };
    let expected: Vec<_> =
        first.expected.iter().map(|(column, value)| format!(" {column}={}", quoted(value))).collect();
    let expected = expected.concat();
    let mut text = format!("```{language} {kind} \"{name}: {}\" {of}{expected}\n", base.name);
    for line in &fence.lines {
        text.push_str(line.patch.as_ref().map_or_else(|| line.text.clone(), Value::to_string).trim_end());
        text.push('\n');
    }
    text.push_str("```");
    text
}

/// A value of an info string.
fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value.to_owned() }
}
