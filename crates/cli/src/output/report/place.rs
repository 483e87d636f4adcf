//! Places of a text as machines count them: lines from 1, columns from 1 in units of UTF-16.

use serde_json::{Value, json};
use syntax::Span;

/// The lines of a text, found once.
pub(super) struct Lines<'a> {
    text: &'a str,
    /// Where each line begins, in bytes.
    starts: Vec<usize>,
}

/// A place: line and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, it)| *it == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// The place of a byte; one that is no boundary of a character counts as the boundary before it.
    pub(super) fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|it| *it <= offset).saturating_sub(1);
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = self.text.get(self.starts[line]..end).unwrap_or_default();
        Place { line: line + 1, column: before.encode_utf16().count() + 1 }
    }

    /// A region of SARIF; its end is exclusive.
    pub(super) fn region(&self, span: Span) -> Value {
        let (start, end) = (self.place(span.start), self.place(span.end.max(span.start)));
        json!({
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_units_of_utf_16() {
        let text = "a\u{e4}\u{1f600}b\nc";
        let lines = Lines::new(text);
        let places: Vec<_> = [0, 1, 3, 7, 8, 9, 10, 99].map(|it| lines.place(it)).map(|it| (it.line, it.column)).into();
        assert_eq!(places, [(1, 1), (1, 2), (1, 3), (1, 5), (1, 6), (2, 1), (2, 2), (2, 2)]);
        // Within a character.
        assert_eq!(lines.place(2).column, 2);
    }
}
