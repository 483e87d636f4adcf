//! The tests of a page: events that must match and events that must not.
//!
//! A test is a fence in the section Tests: ```` ```json attack "what it shows" column=value ````. The fence holds a small
//! log in any format that a reader takes: JSON objects, Windows event XML, or the lines of a Linux or macOS log; or it
//! names a file beside the page that does; or it says what differs from the events of another test.

use syntax::{Diagnostic, Span};

use crate::page::Fence;

/// What a fence of a test may be called; editors colour it by that.
const LANGUAGES: [&str; 3] = ["json", "xml", "text"];

/// What a test shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Must match.
    Attack,
    /// The same attack in another spelling; must match.
    Evasion,
    /// Must not match.
    Benign,
}

/// Some events and what the detection must make of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// Whether they must match.
    pub kind: Kind,
    /// What they show.
    pub name: String,
    /// The log that shows them, in any format that a reader takes.
    pub input: Input,
    /// Values that the first match must have: column, value as text.
    pub expected: Vec<(String, String)>,
    /// The Atomic Red Team test whose behaviour this is: its GUID.
    pub atomic: Option<String>,
    /// Whether each event is a log of its own, so that each must match, or must not.
    pub each: bool,
    /// The test whose first event these are variants of; they are whole events all the same.
    pub of: Option<String>,
    /// Where the test stands in the page, in bytes.
    pub span: Span,
    /// Where its opening fence stands.
    pub(crate) info_span: Span,
}

/// Where the events of a test stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// On the page.
    Text(String),
    /// In a file of this name in the folder of the page.
    File(String),
}

/// What `key=value` after the name of a test says, beside the expected columns.
#[derive(Default)]
struct Attributes {
    expected: Vec<(String, String)>,
    atomic: Option<String>,
    file: Option<String>,
    each: bool,
    of: Option<String>,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Attack, Self::Evasion, Self::Benign];

    /// As the fence spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attack => "attack",
            Self::Evasion => "evasion",
            Self::Benign => "benign",
        }
    }

    /// Whether the events must match.
    pub const fn must_match(self) -> bool {
        !matches!(self, Self::Benign)
    }
}

/// Reads a fence of the section Tests.
pub(crate) fn read(page: &str, fence: &Fence, diagnostics: &mut Vec<Diagnostic>) -> Option<Test> {
    let info_span = Span::new(fence.span.start, fence.span.start + fence.info.len() + 3);
    let mut words = words(&fence.info).into_iter();
    let help = "write ```json attack \"what it shows\", ```json evasion \"...\" or ```json benign \"...\"";
    let wrong = |message: &str| Diagnostic::error("wrong-test", info_span, message).with_help(help);
    let language = words.next().unwrap_or_default();
    if !LANGUAGES.contains(&language.as_str()) {
        diagnostics.push(wrong("a test is a fence of `json`, `xml` or `text`"));
        return None;
    }
    let kind = words.next().and_then(|word| Kind::ALL.into_iter().find(|it| it.name() == word));
    let (Some(kind), Some(name)) = (kind, words.next()) else {
        diagnostics.push(wrong("a test needs its kind and its name"));
        return None;
    };
    let attributes = match attributes(words) {
        Ok(attributes) => attributes,
        Err(message) => {
            diagnostics.push(wrong(message));
            return None;
        }
    };
    let input = match attributes.file {
        Some(file) if page[fence.content.start..fence.content.end].trim().is_empty() => Input::File(file),
        Some(_) => {
            diagnostics.push(wrong("a test has its events in the fence or in a file, not in both"));
            return None;
        }
        None => Input::Text(text(page, fence, &language, diagnostics)?),
    };
    if attributes.of.is_some() && language != "json" {
        diagnostics.push(wrong("variants (`of`) are written in a fence of `json`"));
        return None;
    }
    let Attributes { expected, atomic, each, of, .. } = attributes;
    Some(Test { kind, name, input, expected, atomic, each: each || of.is_some(), of, span: fence.span, info_span })
}

/// The words after the name.
fn attributes(words: impl Iterator<Item = String>) -> Result<Attributes, &'static str> {
    let mut attributes = Attributes::default();
    for word in words {
        let Some((key, value)) = word.split_once('=') else {
            if word == "each" {
                attributes.each = true;
                continue;
            }
            return Err(
                "after the name stand only `column=value`, `atomic=GUID`, `file=\"name\"`, `each` and `of=\"test\"`",
            );
        };
        match key {
            "of" => attributes.of = Some(value.to_owned()),
            "atomic" => attributes.atomic = Some(value.to_owned()),
            "file" if !is_file_name(value) => return Err("`file` is the name of a file beside the page"),
            "file" => attributes.file = Some(value.to_owned()),
            _ => attributes.expected.push((key.to_owned(), value.to_owned())),
        }
    }
    Ok(attributes)
}

/// A name without folders, on any operating system.
fn is_file_name(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('.') && !text.contains(['/', '\\', ':'])
}

/// The text of the fence; where it is JSON, an error in it is said at its place.
fn text(page: &str, fence: &Fence, language: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let text = &page[fence.content.start..fence.content.end];
    if text.trim().is_empty() {
        diagnostics.push(Diagnostic::error("wrong-test", fence.span, "the test has no events"));
        return None;
    }
    if language == "json" {
        for value in serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>() {
            let Err(error) = value else { continue };
            let at = fence.content.start + offset_of(text, error.line(), error.column());
            let diagnostic = Diagnostic::error("wrong-test", Span::new(at, at + 1), "the events are not JSON");
            diagnostics.push(diagnostic.with_label(error.to_string()));
            return None;
        }
    }
    Some(text.to_owned())
}

/// The byte at a line and column, both from 1.
fn offset_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (start + column.saturating_sub(1)).min(text.len().saturating_sub(1))
}

/// The words of an info string; double quotes keep blanks together, anywhere in a word.
fn words(info: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for character in info.chars() {
        match character {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            _ if character.is_whitespace() && !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_blanks_together() {
        assert_eq!(words(r#"json attack "sc create" path="C:\a b""#), ["json", "attack", "sc create", r"path=C:\a b"]);
    }
}
