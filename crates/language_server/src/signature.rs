//! The parameters of the function whose call is being written.

use serde_json::{Value, json};

use crate::context::Tokens;
use crate::protocol::{PlaceParams, markdown};
use crate::server::{Refusal, State, parameters};

pub(crate) fn answer(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: PlaceParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let offset = document.offset(params.position);
    let Some((start, query)) = document.query_at(offset) else { return Ok(Value::Null) };
    let tokens = Tokens::read(query);
    let call = tokens.open_call(tokens.before(offset - start));
    let Some((function, argument)) = call.and_then(|(name, it)| Some((aql::functions::find(&name)?, it))) else {
        return Ok(Value::Null);
    };
    let last = function.parameters.len().saturating_sub(1);
    let active = if function.variadic { argument.min(last) } else { argument };
    let names: Vec<_> = function.parameters.iter().map(|it| json!({ "label": it.name })).collect();
    Ok(json!({
        "signatures": [{
            "label": function.signature(),
            "documentation": markdown(function.summary),
            "parameters": names,
        }],
        "activeSignature": 0,
        "activeParameter": active,
    }))
}
