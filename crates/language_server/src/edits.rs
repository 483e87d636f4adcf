//! Changes of a document.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use syntax::Span;

use crate::document::Document;
use crate::protocol::TextEdit;

/// The change of a place.
pub(crate) fn edit(document: &Document, span: Span, text: impl Into<String>) -> TextEdit {
    TextEdit { range: document.range(span), new_text: text.into() }
}

/// A change of one document, as the workspace takes it.
pub(crate) fn workspace_edit(document: &Document, edits: &[TextEdit]) -> Value {
    json!({ "changes": BTreeMap::from([(document.uri.as_str(), edits)]) })
}

/// What turns the text of a document into another; nothing when they are the same. What both begin and end with stays
/// untouched, so that the editor keeps its marks.
pub(crate) fn difference(document: &Document, after: &str) -> Vec<TextEdit> {
    let before = document.text();
    if before == after {
        return Vec::new();
    }
    let same = |one: &mut dyn Iterator<Item = char>, other: &mut dyn Iterator<Item = char>| {
        one.zip(other).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum::<usize>()
    };
    let start = same(&mut before.chars(), &mut after.chars());
    let end = same(&mut before[start..].chars().rev(), &mut after[start..].chars().rev());
    let span = Span::new(start, before.len() - end);
    vec![edit(document, span, &after[start..after.len() - end])]
}
