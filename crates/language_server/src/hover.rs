//! What the catalogues say of the word at a place.

use std::fmt::Write as _;

use aql::{Function, Standing};
use schema::Field;
use serde_json::{Value, json};
use syntax::{Part, Span};

use crate::context::Tokens;
use crate::names::{aliases, database};
use crate::protocol::{PlaceParams, markdown};
use crate::server::{Refusal, State, parameters};
use crate::values::meaning;

pub(crate) fn answer(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: PlaceParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let offset = document.offset(params.position);
    let Some((start, query)) = document.query_at(offset) else { return Ok(Value::Null) };
    let found = hover(query, offset - start, state);
    Ok(found.map_or(
        Value::Null,
        |(span, text)| json!({ "contents": markdown(text), "range": document.range(span.shifted(start)) }),
    ))
}

/// The word at a place and what is known of it.
fn hover(query: &str, offset: usize, state: &State) -> Option<(Span, String)> {
    if let Some(found) = allowed_lint(query, offset) {
        return Some(found);
    }
    let tokens = Tokens::read(query);
    let index = tokens.at(offset)?;
    let token = tokens.get(index)?;
    let text = match token.part? {
        Part::Function | Part::Name | Part::Keyword if tokens.source(index + 1) == "(" => {
            function_text(aql::functions::find(&tokens.called(index)?)?)
        }
        Part::Function | Part::Name | Part::Keyword => name_text(query, token.span, &tokens.unquoted(index), state)?,
        Part::Text | Part::Number => {
            let subject = tokens.subject(index)?;
            meaning(&subject, &tokens.unquoted(index), database(query), &state.settings)?
        }
        Part::Comment => return None,
    };
    Some((token.span, text))
}

/// The lint that a comment `-- allow: NAME` names at a place.
fn allowed_lint(query: &str, offset: usize) -> Option<(Span, String)> {
    let comment = Tokens::read(query).comment_at(offset)?;
    let is_part = |it: char| it.is_ascii_lowercase() || it == '-';
    let before = &query[comment.start..offset];
    let start = comment.start + before.rfind(|it| !is_part(it)).map_or(0, |it| it + 1);
    let end = query[offset..].find(|it| !is_part(it)).map_or(query.len(), |it| offset + it);
    let lint = aql::lints::lint(&query[start..end])?;
    Some((Span::new(start, end), lint.documentation().to_owned()))
}

fn name_text(query: &str, span: Span, name: &str, state: &State) -> Option<String> {
    let alias = aliases(query).into_iter().find(|it| it.span == span || it.uses.contains(&span));
    if let Some(alias) = alias {
        let value = &query[alias.value.start..alias.value.end];
        return Some(format!("`{}` stands for\n\n```aql\n{value}\n```", alias.name));
    }
    if let Some(field) = database(query).field(name) {
        return Some(field_text(field));
    }
    let key = schema::key(name);
    let property = state.settings.options.properties.iter().find(|it| schema::key(&it.name) == key)?;
    Some(format!("`{}`: {}\n\nA property of this deployment.", property.name, property.value_type.name()))
}

/// A field for people.
pub(crate) fn field_text(field: &Field) -> String {
    let mut text = format!("`{}`: {}\n\n{}", field.name, field.value_type.name(), field.meaning);
    if !field.aliases.is_empty() {
        let _ = write!(text, "\n\nOther names: {}", field.aliases.join(", "));
    }
    for (family, place) in field.sources {
        let _ = write!(text, "\n* {family}: {place}");
    }
    text
}

/// A function for people.
pub(crate) fn function_text(function: &Function) -> String {
    let mut text =
        format!("```aql\n{}\n```\n\nReturns {}. {}", function.signature(), function.returns, function.summary);
    if let Standing::Extension(portable) = function.standing {
        text.push_str("\n\nAn extension: QRadar does not have it.");
        if let Some(portable) = portable {
            let _ = write!(text, " There write `{portable}`.");
        }
    }
    for example in function.examples {
        let _ = write!(text, "\n* `{}` is `{}`", example.call, example.value);
    }
    text
}
