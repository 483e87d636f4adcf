//! The lines of a text.

use crate::Span;

/// A text with the places where its lines begin.
pub(super) struct SourceText<'a> {
    pub(super) text: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> SourceText<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        Self { text, line_starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line that holds an offset, from 0.
    pub(super) fn line_index(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|it| *it <= offset) - 1
    }

    /// The text of a line, without its end.
    pub(super) fn line(&self, index: usize) -> Span {
        let start = self.line_starts[index];
        let end = self.line_starts.get(index + 1).map_or(self.text.len(), |it| it - 1);
        Span::new(start, start + self.text[start..end].trim_end_matches('\r').len())
    }

    /// Line and column from 1; columns count characters.
    pub(super) fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = self.text.floor_char_boundary(offset);
        let index = self.line_index(offset);
        (index + 1, self.text[self.line_starts[index]..offset].chars().count() + 1)
    }

    /// The span, cut to the text and to whole characters.
    pub(super) fn clamp(&self, span: Span) -> Span {
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end.min(self.text.len()));
        Span::new(start, end.max(start))
    }
}
