//! The original text of an event: what changed in a field changes in it.

use serde_json::Value;

/// Pieces of the original text that may show a value, before and after; the first that is found is replaced.
pub(super) type Alternatives = Vec<(String, String)>;

/// A field of a Windows event within JSON or XML.
pub(super) fn field(name: &str, before: &str, after: &str) -> Alternatives {
    let json = |text: &str| Value::from(text).to_string();
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let quoted = |text: &str| plain(text).replace('"', "&quot;");
    let mut alternatives = Vec::new();
    for between in [":", ": "] {
        let pair = |text: &str| format!("{}{between}{}", json(name), json(text));
        alternatives.push((pair(before), pair(after)));
    }
    for mark in ['"', '\''] {
        let element = |text: &str| format!("Name={mark}{name}{mark}>{text}<");
        alternatives.push((element(&plain(before)), element(&plain(after))));
        alternatives.push((element(&quoted(before)), element(&quoted(after))));
    }
    alternatives.push((json(before), json(after)));
    alternatives
}

/// The text with each value replaced once.
pub(super) fn replaced(payload: &str, values: &[Alternatives]) -> String {
    values.iter().fold(payload.to_owned(), |text, alternatives| {
        let found = alternatives.iter().find(|it| text.contains(&it.0));
        found.map_or(text.clone(), |(before, after)| text.replacen(before, after, 1))
    })
}
