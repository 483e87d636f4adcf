//! The shapes of the protocol that are used here, as its version 3.17 defines them.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A place: line and UTF-16 code unit, both from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Position {
    pub(crate) line: u32,
    pub(crate) character: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Range {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TextEdit {
    pub(crate) range: Range,
    pub(crate) new_text: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TextDocument {
    pub(crate) uri: String,
}

/// Parameters of requests about a document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DocumentParams {
    pub(crate) text_document: TextDocument,
}

/// Parameters of requests about a place.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlaceParams {
    pub(crate) text_document: TextDocument,
    pub(crate) position: Position,
    /// Of `textDocument/rename`.
    #[serde(default)]
    pub(crate) new_name: String,
    /// Of `textDocument/references`.
    #[serde(default)]
    pub(crate) context: ReferenceContext,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReferenceContext {
    #[serde(default)]
    pub(crate) include_declaration: bool,
}

/// Parameters of `textDocument/codeAction`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActionParams {
    pub(crate) text_document: TextDocument,
    pub(crate) range: Range,
    pub(crate) context: ActionContext,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ActionContext {
    pub(crate) only: Option<Vec<String>>,
}

/// Parameters of `textDocument/didOpen`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenParams {
    pub(crate) text_document: OpenedDocument,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenedDocument {
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) language_id: String,
    pub(crate) version: i64,
    pub(crate) text: String,
}

/// Parameters of `textDocument/didChange`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeParams {
    pub(crate) text_document: ChangedDocument,
    pub(crate) content_changes: Vec<Change>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ChangedDocument {
    pub(crate) uri: String,
    pub(crate) version: i64,
}

/// A replaced range, or the whole text.
#[derive(Debug, Deserialize)]
pub(crate) struct Change {
    pub(crate) range: Option<Range>,
    pub(crate) text: String,
}

/// An element of a completion.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CompletionItem {
    pub(crate) label: String,
    pub(crate) kind: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) documentation: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sort_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) filter_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) insert_text_format: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text_edit: Option<TextEdit>,
}

/// Kinds of completion items.
pub(crate) mod item_kind {
    pub(crate) const FUNCTION: u32 = 3;
    pub(crate) const FIELD: u32 = 5;
    pub(crate) const VARIABLE: u32 = 6;
    pub(crate) const MODULE: u32 = 9;
    pub(crate) const VALUE: u32 = 12;
    pub(crate) const KEYWORD: u32 = 14;
}

/// Markdown for hovers and documentation.
pub(crate) fn markdown(text: impl Into<String>) -> Value {
    serde_json::json!({ "kind": "markdown", "value": text.into() })
}
