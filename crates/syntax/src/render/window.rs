//! One line as it is shown: tabs widened, long lines cut to a window round what matters.

use unicode_width::UnicodeWidthChar;

use crate::Span;

/// The widest line that is shown, in columns of the terminal.
pub(super) const WIDTH_MAX: usize = 140;
/// How many characters of a long line are shown before the first mark.
const BEFORE_MAX: usize = 40;
/// A tab is shown as so many blanks.
const TAB: &str = "    ";

/// The part of a line that is shown.
pub(super) struct Window {
    /// The text with tabs widened, and `…` where it was cut.
    pub(super) text: String,
    /// Offset of each character and the column at which it is shown, and of the end.
    cells: Vec<(usize, usize)>,
}

impl Window {
    /// Cuts a line of the text so that the focus is seen.
    pub(super) fn cut(text: &str, line: Span, focus: Span) -> Self {
        let focus_start = focus.start.clamp(line.start, line.end);
        let mut start = line.start;
        if width_reaches(&text[line.start..line.end], WIDTH_MAX) {
            let before = text[line.start..focus_start].char_indices().rev();
            start = before.take(BEFORE_MAX).last().map_or(focus_start, |(offset, _)| line.start + offset);
        }
        let mut window = Self { text: String::new(), cells: Vec::new() };
        let mut column = 0;
        if start > line.start {
            window.text.push('…');
            column = 1;
        }
        for (offset, character) in text[start..line.end].char_indices() {
            window.cells.push((start + offset, column));
            if column >= WIDTH_MAX {
                window.text.push('…');
                return window;
            }
            column += window.push(character);
        }
        window.cells.push((line.end, column));
        window
    }

    fn push(&mut self, character: char) -> usize {
        match character {
            '\t' => {
                self.text.push_str(TAB);
                TAB.len()
            }
            _ if character.is_control() => {
                self.text.push('\u{fffd}');
                1
            }
            _ => {
                self.text.push(character);
                character.width().unwrap_or(0)
            }
        }
    }

    /// The column of an offset; what lies outside is taken to the nearest end.
    pub(super) fn column(&self, offset: usize) -> usize {
        let index = self.cells.partition_point(|(it, _)| *it <= offset);
        self.cells.get(index.saturating_sub(1)).map_or(0, |(_, column)| *column)
    }

    /// Whether the offset is shown.
    pub(super) fn shows(&self, offset: usize) -> bool {
        let first = self.cells.first().map_or(0, |it| it.0);
        let last = self.cells.last().map_or(0, |it| it.0);
        (first..=last).contains(&offset)
    }
}

fn width_reaches(text: &str, bound: usize) -> bool {
    let mut width = 0;
    text.chars().any(|it| {
        width += if it == '\t' { TAB.len() } else { it.width().unwrap_or(1) };
        width > bound
    })
}
