//! The outline: queries and their named columns.

use serde_json::{Value, json};

use crate::names::aliases;
use crate::protocol::DocumentParams;
use crate::server::{Refusal, State, parameters};

/// Kinds of symbols.
const FUNCTION: u32 = 12;
const VARIABLE: u32 = 13;

pub(crate) fn answer(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: DocumentParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let symbols = document.queries().iter().map(|span| {
        let text = &document.text()[span.start..span.end];
        let columns = aliases(text).into_iter().map(|it| {
            let whole = it.value.to(it.span).shifted(span.start);
            json!({
                "name": it.name,
                "detail": text[it.value.start..it.value.end].split_whitespace().collect::<Vec<_>>().join(" "),
                "kind": VARIABLE,
                "range": document.range(whole),
                "selectionRange": document.range(it.span.shifted(span.start)),
            })
        });
        let columns: Vec<_> = columns.collect();
        let range = document.range(*span);
        let database = crate::names::database(text).name;
        json!({ "name": format!("query on {database}"), "kind": FUNCTION, "range": range, "selectionRange": range, "children": columns })
    });
    Ok(symbols.collect())
}
