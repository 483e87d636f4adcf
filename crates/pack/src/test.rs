//! The tests of a page: events that must match and events that must not.
//!
//! A test is a fence in the section Tests: ```` ```json attack "what it shows" column=value ````. The fence holds a small
//! log in any format that a reader takes: JSON objects, Windows event XML, or the lines of a Linux or macOS log.

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
    pub input: String,
    /// Values that the first match must have: column, value as text.
    pub expected: Vec<(String, String)>,
    /// Where the test stands in the page, in bytes.
    pub span: Span,
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
    let mut expected = Vec::new();
    for word in words {
        let Some((column, value)) = word.split_once('=') else {
            diagnostics.push(wrong("after the name stand only `column=value`"));
            return None;
        };
        expected.push((column.to_owned(), value.to_owned()));
    }
    let input = input(page, fence, &language, diagnostics)?;
    Some(Test { kind, name, input, expected, span: fence.span })
}

/// The text of the fence; where it is JSON, an error in it is said at its place.
fn input(page: &str, fence: &Fence, language: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
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
