//! A text that is open in the editor, with the places of its queries and lines.

use syntax::Span;

use crate::protocol::{Change, Position, Range};

/// The longest text that is looked at, in bytes; a longer one is kept, and nothing is said about it.
pub(crate) const TEXT_MAX: usize = 4 << 20;

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One AQL query.
    Query,
    /// Markdown, perhaps a detection page.
    Page,
}

/// A text that is open in the editor.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) uri: String,
    pub(crate) version: i64,
    pub(crate) kind: Kind,
    text: String,
    line_starts: Vec<usize>,
    queries: Vec<Span>,
}

impl Document {
    pub(crate) fn new(uri: String, language: &str, version: i64, text: String) -> Self {
        let extension = uri.rsplit_once('.').map_or("", |it| it.1);
        let is_markdown = ["md", "markdown"].iter().any(|it| it.eq_ignore_ascii_case(extension));
        let is_page = language == "markdown" || is_markdown;
        let kind = if is_page { Kind::Page } else { Kind::Query };
        let mut document = Self { uri, version, kind, text, line_starts: Vec::new(), queries: Vec::new() };
        document.index();
        document
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text is too long to be looked at.
    pub(crate) fn is_too_long(&self) -> bool {
        self.text.len() > TEXT_MAX
    }

    /// Takes the changes of the editor, in their order.
    pub(crate) fn change(&mut self, version: i64, changes: Vec<Change>) {
        for change in changes {
            match change.range {
                Some(range) => {
                    let start = self.offset(range.start);
                    let end = self.offset(range.end).max(start);
                    self.text.replace_range(start..end, &change.text);
                }
                None => self.text = change.text,
            }
            self.index_lines();
        }
        self.version = version;
        self.index();
    }

    fn index(&mut self) {
        self.index_lines();
        self.queries = match self.kind {
            _ if self.is_too_long() => Vec::new(),
            Kind::Query => vec![Span::new(0, self.text.len())],
            Kind::Page => pack::fences(&self.text),
        };
    }

    fn index_lines(&mut self) {
        let bytes = self.text.as_bytes();
        let is_end = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        self.line_starts.clear();
        self.line_starts.push(0);
        self.line_starts.extend((0..bytes.len()).filter(|it| is_end(*it)).map(|it| it + 1));
    }

    /// The places of all queries.
    pub(crate) fn queries(&self) -> &[Span] {
        &self.queries
    }

    /// The query that stands at a place, and where it begins.
    pub(crate) fn query_at(&self, offset: usize) -> Option<(usize, &str)> {
        let query = self.queries.iter().find(|it| it.start <= offset && offset <= it.end)?;
        Some((query.start, &self.text[query.start..query.end]))
    }

    /// The byte at a place; a place behind the end of its line is taken back to that end.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let line = position.line as usize;
        let Some(&start) = self.line_starts.get(line) else { return self.text.len() };
        let end = self.line_starts.get(line + 1).copied().unwrap_or(self.text.len());
        let text = self.text[start..end].trim_end_matches(['\n', '\r']);
        let mut units = 0;
        for (offset, character) in text.char_indices() {
            if units >= position.character {
                return start + offset;
            }
            units += character.len_utf16() as u32;
        }
        start + text.len()
    }

    /// The place of a byte.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.line_starts.partition_point(|it| *it <= offset).saturating_sub(1);
        let character = self.text[self.line_starts[line]..offset].chars().map(char::len_utf16).sum::<usize>();
        Position { line: line as u32, character: character as u32 }
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.start), end: self.position(span.end) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::new("file:///a.aql".to_owned(), "aql", 1, text.to_owned())
    }

    fn at(line: u32, character: u32) -> Position {
        Position { line, character }
    }

    #[test]
    fn places_count_utf_16() {
        let document = document("a😀é\r\nb\rc\n");
        let cases =
            [(0, at(0, 0)), (1, at(0, 1)), (5, at(0, 3)), (7, at(0, 4)), (9, at(1, 0)), (11, at(2, 0)), (13, at(3, 0))];
        for (offset, position) in cases {
            assert_eq!((document.position(offset), document.offset(position)), (position, offset));
        }
        // Behind the end of a line, inside a character, behind the text.
        assert_eq!(document.offset(at(0, 99)), 7);
        assert_eq!(document.offset(at(0, 2)), 5);
        assert_eq!(document.offset(at(9, 0)), 13);
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let mut document = document("one\ntwo\n");
        let change = |start, end, text: &str| Change { range: Some(Range { start, end }), text: text.to_owned() };
        document.change(
            2,
            vec![change(at(0, 3), at(1, 0), " "), change(at(0, 4), at(0, 7), "😀"), change(at(0, 6), at(0, 6), "!")],
        );
        assert_eq!((document.text(), document.version), ("one 😀!\n", 2));
        document.change(3, vec![Change { range: None, text: "new".to_owned() }]);
        assert_eq!(document.text(), "new");
    }
}
