//! What may stand at a place: values, names, functions, keywords.

use aql::Function;
use schema::{Database, Kind};
use serde_json::{Value, json};
use syntax::ast::Quote;
use syntax::{Part, Span};

use crate::context::Tokens;
use crate::document::Document;
use crate::edits::edit;
use crate::hover::{field_text, function_text};
use crate::names::{aliases, database, written};
use crate::protocol::{CompletionItem, PlaceParams, item_kind, markdown};
use crate::server::{Refusal, State, parameters};
use crate::values::{Candidate, candidates};

/// The most elements of one answer.
const ITEMS_MAX: usize = 2000;

/// Words that are written together.
const PHRASES: [(&str, &str); 4] =
    [("GROUP", "GROUP BY"), ("ORDER", "ORDER BY"), ("SESSION", "SESSION BY"), ("IS", "IS NULL")];
const UNITS: [&str; 4] = ["SECONDS", "MINUTES", "HOURS", "DAYS"];

pub(crate) fn answer(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: PlaceParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let offset = document.offset(params.position);
    let Some((start, query)) = document.query_at(offset) else { return Ok(json!([])) };
    let place = Place::read(document, start, query, offset - start);
    let mut items = place.items(state);
    let is_incomplete = items.len() > ITEMS_MAX;
    items.truncate(ITEMS_MAX);
    Ok(json!({ "isIncomplete": is_incomplete, "items": items }))
}

/// A place in a query.
struct Place<'a> {
    document: &'a Document,
    /// Where the query begins in the document.
    start: usize,
    query: &'a str,
    tokens: Tokens<'a>,
    offset: usize,
    /// The token before the one that is written.
    before: usize,
    /// What an element replaces.
    replaced: Span,
    /// What the token that is written is.
    part: Option<Part>,
}

impl<'a> Place<'a> {
    fn read(document: &'a Document, start: usize, query: &'a str, offset: usize) -> Self {
        let tokens = Tokens::read(query);
        let written = tokens.at(offset).and_then(|it| Some((it, tokens.get(it)?)));
        let written =
            written.filter(|(_, it)| it.part.is_some() && it.span.start < offset && is_open(query, it.span, offset));
        let (before, replaced, part) = match written {
            Some((index, token)) => (index, replaced(query, token.span, offset), token.part),
            None => (tokens.before(offset), Span::new(offset, offset), None),
        };
        Self { document, start, query, tokens, offset, before, replaced, part }
    }

    fn items(&self, state: &State) -> Vec<CompletionItem> {
        if let Some(comment) = self.tokens.comment_at(self.offset) {
            return self.lints(comment);
        }
        let previous = self.before.checked_sub(1).map(|it| self.tokens.source(it).to_ascii_uppercase());
        let previous = previous.unwrap_or_default();
        if previous == "FROM" && self.part != Some(Part::Text) {
            return schema::DATABASES.iter().map(|it| self.item(it.name, item_kind::MODULE, it.name)).collect();
        }
        if previous == "AS" || previous == "INTO" {
            return Vec::new();
        }
        if self.is_after_last() {
            return UNITS.iter().map(|it| self.item(it, item_kind::KEYWORD, it)).collect();
        }
        let database = database(self.query);
        let subject = self.tokens.subject(self.before);
        let values = subject.map(|it| candidates(&it, database, &state.settings)).unwrap_or_default();
        let values = values.iter().filter(|it| it.is_text || self.part != Some(Part::Text)).map(|it| self.value(it));
        let mut items: Vec<_> = values.collect();
        if !matches!(self.part, Some(Part::Text | Part::Number)) {
            items.extend(self.words(state, database));
        }
        items
    }

    /// `LAST 5 |`
    fn is_after_last(&self) -> bool {
        let Some(count) = self.before.checked_sub(1) else { return false };
        let is_number = self.tokens.get(count).is_some_and(|it| it.part == Some(Part::Number));
        is_number && count > 0 && self.tokens.source(count - 1).eq_ignore_ascii_case("LAST")
    }

    fn item(&self, label: &str, kind: u32, text: &str) -> CompletionItem {
        let replaced = self.replaced.shifted(self.start);
        let text_edit = Some(edit(self.document, replaced, text));
        CompletionItem { label: label.to_owned(), kind, text_edit, ..CompletionItem::default() }
    }

    fn value(&self, candidate: &Candidate) -> CompletionItem {
        let quoted = format!("'{}'", candidate.value.replace('\'', "''"));
        let text = if candidate.is_text { &quoted } else { &candidate.value };
        // Numbers are found by what they mean, too.
        let filter =
            if candidate.is_text { quoted.clone() } else { format!("{} {}", candidate.value, candidate.detail) };
        CompletionItem {
            detail: Some(candidate.detail.clone()),
            sort_text: Some(format!("0{:>12}", candidate.value)),
            filter_text: Some(filter),
            ..self.item(&candidate.value, item_kind::VALUE, text)
        }
    }

    /// Names, functions and keywords; keywords first where an operand has just ended.
    fn words(&self, state: &State, database: &'static Database) -> Vec<CompletionItem> {
        let previous = self.before.checked_sub(1).and_then(|it| self.tokens.get(it));
        let is_operand = previous.is_some_and(|it| match it.part {
            Some(Part::Name | Part::Text | Part::Number) => true,
            Some(_) => false,
            None => self.query[it.span.start..it.span.end] == *")",
        });
        let mut items = self.aliases();
        items.extend(self.fields(database));
        items.extend(self.properties(state));
        if !self.query[self.replaced.start..].starts_with('"') {
            items.extend(aql::functions::FUNCTIONS.iter().map(|it| self.function(it, state.snippets)));
            items.extend(self.keywords(if is_operand { "0" } else { "4" }));
        }
        items
    }

    fn aliases(&self) -> Vec<CompletionItem> {
        let named =
            aliases(self.query).into_iter().filter(|it| it.span.end < self.offset || it.span.start > self.offset);
        let item = |it: crate::names::Defined| CompletionItem {
            detail: Some(self.query[it.value.start..it.value.end].split_whitespace().collect::<Vec<_>>().join(" ")),
            sort_text: Some(format!("1{}", it.name)),
            ..self.name(&it.name, item_kind::VARIABLE)
        };
        named.map(item).collect()
    }

    /// A name, in quotes where it needs them or has them already.
    fn name(&self, name: &str, kind: u32) -> CompletionItem {
        let is_quoted = self.query[self.replaced.start..].starts_with('"');
        let text = written(name, if is_quoted { Quote::Double } else { Quote::None });
        CompletionItem { filter_text: is_quoted.then(|| text.clone()), ..self.item(name, kind, &text) }
    }

    fn fields(&self, database: &'static Database) -> impl Iterator<Item = CompletionItem> {
        let fields = database.fields.iter().filter(|it| it.kind != Kind::Locator);
        fields.flat_map(move |field| {
            // Aliases of one word are what queries are written with; of the others the name is enough.
            let aliases = field.aliases.iter().filter(|it| !it.contains([' ', '-']));
            std::iter::once(field.name).chain(aliases.copied()).map(move |name| CompletionItem {
                detail: Some(field.value_type.name().to_owned()),
                documentation: Some(markdown(field_text(field))),
                sort_text: Some(format!("2{name}")),
                ..self.name(name, item_kind::FIELD)
            })
        })
    }

    fn properties(&self, state: &State) -> Vec<CompletionItem> {
        let properties = state.settings.options.properties.iter();
        let item = |it: &aql::Property| CompletionItem {
            detail: Some(format!("{}, a property of this deployment", it.value_type.name())),
            sort_text: Some(format!("2{}", it.name)),
            ..self.name(&it.name, item_kind::FIELD)
        };
        properties.map(item).collect()
    }

    fn function(&self, function: &Function, snippets: bool) -> CompletionItem {
        let has_call = self.query[self.replaced.end..].starts_with('(');
        let text = match (has_call, snippets, function.parameters.is_empty()) {
            (true, ..) | (_, false, false) => function.name.to_owned(),
            (false, _, true) => format!("{}()", function.name),
            (false, true, false) => format!("{}($0)", function.name),
        };
        CompletionItem {
            detail: Some(function.signature()),
            documentation: Some(markdown(function_text(function))),
            sort_text: Some(format!("3{}", function.name)),
            insert_text_format: (snippets && !has_call).then_some(2),
            ..self.item(function.name, item_kind::FUNCTION, &text)
        }
    }

    fn keywords(&self, order: &str) -> impl Iterator<Item = CompletionItem> {
        syntax::keywords().filter(|it| *it != "BY").map(move |keyword| {
            let phrase = PHRASES.iter().find(|it| it.0 == keyword).map_or(keyword, |it| it.1);
            let sort_text = Some(format!("{order}{keyword}"));
            CompletionItem { sort_text, ..self.item(phrase, item_kind::KEYWORD, phrase) }
        })
    }

    /// The lints that a comment `-- allow: ` may name.
    fn lints(&self, comment: Span) -> Vec<CompletionItem> {
        let text = &self.query[comment.start..self.offset];
        let Some(list) = text.find("allow:").map(|it| it + "allow:".len()) else { return Vec::new() };
        let start = text.rfind([',', ' ', ':']).map_or(list, |it| it + 1);
        let replaced = Span::new(comment.start + start, self.offset).shifted(self.start);
        let item = |lint: &&aql::lints::Lint| CompletionItem {
            documentation: Some(markdown(lint.documentation())),
            text_edit: Some(edit(self.document, replaced, lint.name)),
            ..self.item(lint.name, item_kind::VALUE, lint.name)
        };
        aql::lints::LINTS.iter().map(item).collect()
    }
}

/// Whether a token is still being written at a place: always a word, a quoted one before its closing quote.
fn is_open(query: &str, span: Span, offset: usize) -> bool {
    let quoted = query[span.start..].starts_with(['\'', '"']);
    !quoted || offset < span.end || !is_closed(&query[span.start..span.end])
}

/// Whether a quoted token ends with its quote.
fn is_closed(source: &str) -> bool {
    source.len() > 1 && source.chars().next() == source.chars().next_back()
}

/// What is replaced: the whole token, but of a quoted one that is not closed only what stands before the place.
fn replaced(query: &str, span: Span, offset: usize) -> Span {
    let source = &query[span.start..span.end];
    let is_whole = !source.starts_with(['\'', '"']) || is_closed(source) && !source.contains('\n');
    Span::new(span.start, if is_whole { span.end } else { offset })
}
