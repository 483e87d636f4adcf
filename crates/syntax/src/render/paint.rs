//! Colours of the terminal.

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Error,
    Warning,
    Note,
    Help,
    /// Line numbers and bars.
    Margin,
    /// Marks of further places.
    Label,
    /// Text that a fix adds.
    Added,
    /// Text that a fix removes.
    Removed,
    Strong,
    Plain,
}

/// Whether to colour.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    pub(super) color: bool,
}

impl Paint {
    /// The text in its colours, or as it is.
    pub(super) fn apply(self, style: Style, text: &str) -> String {
        if !self.color || style == Style::Plain || text.trim().is_empty() {
            return text.to_owned();
        }
        let code = match style {
            Style::Error | Style::Removed => "1;31",
            Style::Warning => "1;33",
            Style::Note | Style::Added => "1;32",
            Style::Help => "1;36",
            Style::Margin | Style::Label => "1;34",
            Style::Strong | Style::Plain => "1",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// A row of characters, each with its style.
#[derive(Default)]
pub(super) struct Row {
    cells: Vec<(char, Style)>,
}

impl Row {
    /// Puts a text at a column; what was there is replaced.
    pub(super) fn put(&mut self, column: usize, text: &str, style: Style) {
        for (offset, character) in text.chars().enumerate() {
            let place = column + offset;
            if self.cells.len() <= place {
                self.cells.resize(place + 1, (' ', Style::Plain));
            }
            self.cells[place] = (character, style);
        }
    }

    pub(super) fn paint(&self, paint: Paint) -> String {
        let mut text = String::new();
        for run in self.cells.chunk_by(|left, right| left.1 == right.1) {
            let run_text: String = run.iter().map(|it| it.0).collect();
            text.push_str(&paint.apply(run[0].1, &run_text));
        }
        text
    }
}
