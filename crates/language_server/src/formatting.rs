//! The layout of a document, the same as `prospero fmt` gives.

use serde_json::{Value, json};

use crate::document::Kind;
use crate::edits::difference;
use crate::protocol::DocumentParams;
use crate::server::{Refusal, State, parameters};

/// A query with errors stays as it is.
pub(crate) fn answer(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: DocumentParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let formatted = match document.kind {
        _ if document.is_too_long() => return Ok(json!([])),
        Kind::Query => aql::format(document.text()).unwrap_or_else(|_| document.text().to_owned()),
        Kind::Page => pack::format_page(document.text()).0,
    };
    Ok(json!(difference(document, &formatted)))
}
