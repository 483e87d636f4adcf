//! A plain table: columns as wide as their values, cut to the terminal.

use std::fmt;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest that a column grows before its values are cut, in characters.
const COLUMN_WIDTH_MAX: usize = 60;

/// Rows of text under a header.
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    cut: bool,
}

impl Table {
    /// A table without rows.
    pub(crate) fn new<T: Into<String>>(header: impl IntoIterator<Item = T>) -> Self {
        Self { header: header.into_iter().map(Into::into).collect(), rows: Vec::new(), cut: true }
    }

    /// Adds a row with as many cells as the header.
    pub(crate) fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(|it| printable(it.as_ref())).collect());
    }

    /// Removes the columns that hold nothing, and names them.
    pub(crate) fn drop_empty_columns(&mut self) -> Vec<String> {
        let empty: Vec<bool> =
            (0..self.header.len()).map(|column| self.rows.iter().all(|it| it[column].is_empty())).collect();
        if self.rows.is_empty() || empty.iter().all(|it| *it) {
            return Vec::new();
        }
        let keep = |cells: &mut Vec<String>| {
            let mut index = 0;
            cells.retain(|_| {
                index += 1;
                !empty[index - 1]
            });
        };
        let dropped = self.header.iter().zip(&empty).filter(|(_, empty)| **empty).map(|(it, _)| it.clone()).collect();
        keep(&mut self.header);
        self.rows.iter_mut().for_each(keep);
        dropped
    }

    fn widths(&self) -> Vec<usize> {
        let last = self.header.len().saturating_sub(1);
        let width = |column: usize| {
            let cells = std::iter::once(&self.header).chain(&self.rows).map(|it| it[column].width());
            let widest = cells.max().unwrap_or(0);
            if self.cut && column != last { widest.min(COLUMN_WIDTH_MAX) } else { widest }
        };
        (0..self.header.len()).map(width).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let rule: Vec<String> = widths.iter().map(|it| "-".repeat(*it)).collect();
        for cells in [&self.header, &rule].into_iter().chain(&self.rows) {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(&widths) {
                let cell = cut(cell, *width);
                line.push_str(&cell);
                line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.width()) + 2));
            }
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// The text with nothing in it that would move the cursor or colour the terminal.
pub(crate) fn printable(text: &str) -> String {
    if !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

/// The text in at most so many columns, with an ellipsis where something was cut.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut taken = String::new();
    let mut left = width.saturating_sub(1);
    for character in text.chars() {
        let needed = character.width().unwrap_or(0);
        if needed > left {
            break;
        }
        left -= needed;
        taken.push(character);
    }
    taken.push('…');
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_whatever_the_width_of_characters() {
        let mut table = Table::new(["a", "b"]);
        table.row(["日本", "x"]);
        table.row(["\u{1b}[31mred", "y"]);
        assert_eq!(table.to_string(), "a         b\n--------  -\n日本      x\n [31mred  y\n");
    }

    #[test]
    fn empty_columns_go_and_are_named() {
        let mut table = Table::new(["a", "b"]);
        table.row(["1", ""]);
        assert_eq!(table.drop_empty_columns(), ["b"]);
        assert_eq!(table.to_string(), "a\n-\n1\n");
    }

    #[test]
    fn cutting_marks_what_is_missing() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(cut("abc", 4), "abc");
    }
}
