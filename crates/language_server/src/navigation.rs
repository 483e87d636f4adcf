//! Definition, uses and renaming of aliases.

use lsp_server::ErrorCode;
use serde_json::{Value, json};
use syntax::Span;
use syntax::ast::Quote;

use crate::document::{Document, Kind};
use crate::edits::{edit, workspace_edit};
use crate::names::{Defined, aliases, written};
use crate::protocol::{PlaceParams, TextEdit};
use crate::server::{Refusal, State, parameters};

/// The alias at a place, with its places in the document.
fn alias_at(document: &Document, offset: usize) -> Option<Defined> {
    let (start, query) = document.query_at(offset)?;
    let touches = |span: &Span| span.start + start <= offset && offset <= span.end + start;
    let found = aliases(query).into_iter().find(|it| touches(&it.span) || it.uses.iter().any(touches))?;
    Some(Defined {
        span: found.span.shifted(start),
        value: found.value.shifted(start),
        uses: found.uses.iter().map(|it| it.shifted(start)).collect(),
        ..found
    })
}

fn found(state: &State, params: &PlaceParams) -> Result<Option<Defined>, Refusal> {
    let document = state.document(&params.text_document.uri)?;
    Ok(alias_at(document, document.offset(params.position)))
}

pub(crate) fn definition(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: PlaceParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let found = found(state, &params)?;
    Ok(found.map_or(Value::Null, |it| json!({ "uri": document.uri, "range": document.range(it.span) })))
}

pub(crate) fn references(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: PlaceParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let Some(found) = found(state, &params)? else { return Ok(json!([])) };
    let declaration = params.context.include_declaration.then_some(found.span);
    let places = declaration.into_iter().chain(found.uses);
    Ok(places.map(|it| json!({ "uri": document.uri, "range": document.range(it) })).collect())
}

pub(crate) fn prepare_rename(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: PlaceParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let offset = document.offset(params.position);
    let Some(found) = found(state, &params)? else { return Ok(Value::Null) };
    let touches = |it: &Span| it.start <= offset && offset <= it.end;
    let here = std::iter::once(found.span).chain(found.uses).find(touches).unwrap_or(found.span);
    Ok(json!({ "range": document.range(here), "placeholder": found.name }))
}

pub(crate) fn rename(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: PlaceParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let refuse = |reason: &str| Err((ErrorCode::RequestFailed, reason.to_owned()));
    let Some(found) = found(state, &params)? else { return refuse("only aliases can be renamed") };
    let name = params.new_name.trim();
    if name.is_empty() || name.contains(['\n', '\r']) {
        return refuse("a name is one line of text");
    }
    if schema::EVENTS.field(name).is_some_and(|it| schema::key(it.name) == schema::key(name)) {
        return refuse("a field has this name, and would go before the alias");
    }
    let mut edits = vec![edit(document, found.span, written(name, found.quote))];
    edits.extend(found.uses.iter().map(|it| edit(document, *it, written(name, Quote::None))));
    edits.extend(in_page(document, &found, name));
    Ok(workspace_edit(document, &edits))
}

/// The places of a detection page that speak of a column of its query: `score` in the front matter, expectations of tests.
fn in_page(document: &Document, alias: &Defined, name: &str) -> Vec<TextEdit> {
    let text = document.text();
    let is_main =
        document.queries().first().is_some_and(|it| it.start <= alias.span.start && alias.span.start < it.end);
    if document.kind != Kind::Page || !is_main {
        return Vec::new();
    }
    let mut edits = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = if line.trim_end() == format!("score: {}", alias.name) {
            Some("score: ".len())
        } else if line.starts_with("```") {
            line.find(&format!(" {}=", alias.name)).map(|it| it + 1)
        } else {
            None
        };
        if let Some(at) = at {
            edits.push(edit(document, Span::new(start + at, start + at + alias.name.len()), name));
        }
        start += line.len();
    }
    edits
}
