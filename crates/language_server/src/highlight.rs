//! Semantic tokens: the parts of the queries, for editors that colour by meaning.

use serde_json::{Value, json};
use syntax::{Part, Span};

use crate::document::Document;
use crate::protocol::DocumentParams;
use crate::server::{Refusal, State, parameters};

/// The types of tokens, by their number in an answer.
pub(crate) const TYPES: [&str; 6] = ["keyword", "function", "property", "string", "number", "comment"];

pub(crate) fn answer(state: &State, params: Value) -> Result<Value, Refusal> {
    let params: DocumentParams = parameters(params)?;
    let document = state.document(&params.text_document.uri)?;
    let mut tokens = Tokens { document, data: Vec::new(), line: 0, character: 0, place: 0, at: (0, 0) };
    for query in document.queries() {
        for (span, part) in syntax::highlight(&document.text()[query.start..query.end]) {
            tokens.push(span.shifted(query.start), part);
        }
    }
    Ok(json!({ "data": tokens.data }))
}

const fn number(part: Part) -> u32 {
    match part {
        Part::Keyword => 0,
        Part::Function => 1,
        Part::Name => 2,
        Part::Text => 3,
        Part::Number => 4,
        Part::Comment => 5,
    }
}

/// Tokens relative to one another. The place is followed along the text, so that a long line is read once.
struct Tokens<'a> {
    document: &'a Document,
    data: Vec<u32>,
    line: u32,
    character: u32,
    /// The byte that was reached.
    place: usize,
    /// Its line and character.
    at: (u32, u32),
}

impl Tokens<'_> {
    /// A token of several lines is one for each.
    fn push(&mut self, span: Span, part: Part) {
        let text = &self.document.text()[span.start..span.end];
        let mut start = span.start;
        for line in text.split_inclusive('\n') {
            let length: usize = line.trim_end_matches(['\n', '\r']).chars().map(char::len_utf16).sum();
            if length > 0 {
                self.push_line(start, length as u32, part);
            }
            start += line.len();
        }
    }

    fn push_line(&mut self, start: usize, length: u32, part: Part) {
        self.advance(start);
        let (line, character) = self.at;
        let from = if line == self.line { self.character } else { 0 };
        self.data.extend([line - self.line, character - from, length, number(part), 0]);
        (self.line, self.character) = (line, character);
    }

    fn advance(&mut self, offset: usize) {
        let passed = &self.document.text()[self.place..offset];
        if passed.contains(['\n', '\r']) {
            let position = self.document.position(offset);
            self.at = (position.line, position.character);
        } else {
            self.at.1 += passed.chars().map(char::len_utf16).sum::<usize>() as u32;
        }
        self.place = offset;
    }
}
