//! Fixes and other actions at a place.

use serde_json::{Value, json};
use syntax::{Diagnostic, Fix, Safety, Span};

use crate::diagnostics::{diagnose, to_json};
use crate::document::Document;
use crate::edits::{difference, edit, workspace_edit};
use crate::protocol::ActionParams;
use crate::server::{Refusal, State, parameters};

/// All safe fixes at once; editors ask for it by `source.fixAll` when a file is saved.
const FIX_ALL: &str = "source.fixAll.prospero";

pub(crate) fn answer(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: ActionParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let wants = |kind: &str| {
        let is_part = |wanted: &String| kind == wanted || kind.starts_with(&format!("{wanted}."));
        params.context.only.as_ref().is_none_or(|it| it.iter().any(is_part))
    };
    let said = diagnose(document, &state.settings);
    let asked = Span::new(document.offset(params.range.start), document.offset(params.range.end));
    let mut actions = Vec::new();
    if wants("quickfix") {
        for diagnostic in said.iter().filter(|it| it.span.start <= asked.end && asked.start <= it.span.end) {
            actions.extend(quick_fix(document, diagnostic));
            actions.extend(allow(document, diagnostic));
        }
    }
    if wants(FIX_ALL) {
        actions.extend(fix_all(document, &said));
    }
    Ok(actions.into())
}

fn quick_fix(document: &Document, diagnostic: &Diagnostic) -> Option<Value> {
    let Fix { edits, safety } = diagnostic.fix.as_ref()?;
    if *safety == Safety::DisplayOnly {
        return None;
    }
    let is_safe = *safety == Safety::Safe;
    let what = diagnostic.help.as_deref().unwrap_or(&diagnostic.message);
    let title = if is_safe { what.to_owned() } else { format!("{what} (may change results)") };
    let edits: Vec<_> = edits.iter().map(|(span, text)| edit(document, *span, text)).collect();
    Some(json!({
        "title": title,
        "kind": "quickfix",
        "isPreferred": is_safe,
        "diagnostics": [to_json(document, diagnostic)],
        "edit": workspace_edit(document, &edits),
    }))
}

/// A comment at the end of the line that silences a lint there.
fn allow(document: &Document, diagnostic: &Diagnostic) -> Option<Value> {
    aql::lints::lint(diagnostic.id).filter(|_| !diagnostic.is_error())?;
    let (start, query) = document.query_at(diagnostic.span.start)?;
    let place = diagnostic.span.start - start;
    let line_end = query[place..].find('\n').map_or(query.len(), |it| place + it);
    let end = query[..line_end].trim_end().len();
    let is_within = |it: &Span| it.start < line_end && end < it.end;
    let ends_in_comment = syntax::comments(query).iter().any(|it| it.end >= end && it.start < line_end);
    if ends_in_comment || syntax::tokens(query).iter().any(is_within) {
        return None;
    }
    let name = diagnostic.id;
    let edits = [edit(document, Span::new(start + end, start + end), format!(" -- allow: {name}"))];
    Some(json!({
        "title": format!("allow `{name}` on this line"),
        "kind": "quickfix",
        "diagnostics": [to_json(document, diagnostic)],
        "edit": workspace_edit(document, &edits),
    }))
}

fn fix_all(document: &Document, said: &[Diagnostic]) -> Option<Value> {
    let fixed = syntax::apply_fixes(document.text(), said, Safety::Safe);
    let edits = difference(document, &fixed.text);
    (!edits.is_empty())
        .then(|| json!({ "title": "apply all safe fixes", "kind": FIX_ALL, "edit": workspace_edit(document, &edits) }))
}
