//! What is said about text that a user wrote: plain data, rendered elsewhere.

/// A range of bytes of the source text: `start` inclusive, `end` exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` to `end`, in bytes.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest range that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether no byte lies within.
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// The same range, `offset` bytes later: from a fenced query to its page.
    #[must_use]
    pub const fn shifted(self, offset: usize) -> Self {
        Self { start: self.start + offset, end: self.end + offset }
    }
}

/// How much a diagnostic matters. An error means that the text has no meaning and nothing was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// A fact worth knowing; nothing to change.
    Note,
    /// Runs, but probably not as its author meant, or not on `QRadar`.
    Warning,
    /// Cannot be run.
    Error,
}

/// A second place that the message speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// A short phrase, lower case, no final stop.
    pub message: String,
}

/// Whether a fix keeps the meaning of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Safety {
    /// Same results.
    Safe,
    /// May change results.
    Unsafe,
    /// Shown to the user, never applied.
    DisplayOnly,
}

/// An edit that would mend the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Non-overlapping replacements: range of the original text, new text.
    pub edits: Vec<(Span, String)>,
    /// Whether it keeps the meaning.
    pub safety: Safety,
}

/// One thing said about text that a user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The meaningful, permanent name, such as `unknown-field`.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// One short phrase, lower case, no final stop, names in backticks.
    pub message: String,
    /// The text it speaks of.
    pub span: Span,
    /// A short phrase that stands under the span; empty for none.
    pub label: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// Why.
    pub note: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// The edit, when it is known.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A diagnostic without label, help or fix.
    pub fn new(id: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self {
            id,
            severity,
            message: message.into(),
            span,
            label: String::new(),
            labels: Vec::new(),
            note: None,
            help: None,
            fix: None,
        }
    }

    /// An error: the text cannot be run.
    pub fn error(id: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, span, message)
    }

    /// A warning: the text runs, but probably not as meant.
    pub fn warning(id: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, span, message)
    }

    /// Adds the phrase that stands under the span.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds why.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the edit that mends it.
    #[must_use]
    pub fn with_fix(mut self, safety: Safety, edits: Vec<(Span, String)>) -> Self {
        self.fix = Some(Fix { edits, safety });
        self
    }

    /// The same, said of a text that begins `offset` bytes earlier: from a fenced query to its page.
    #[must_use]
    pub fn shifted(mut self, offset: usize) -> Self {
        self.span = self.span.shifted(offset);
        for label in &mut self.labels {
            label.span = label.span.shifted(offset);
        }
        for (span, _) in self.fix.iter_mut().flat_map(|it| &mut it.edits) {
            *span = span.shifted(offset);
        }
        self
    }

    /// Whether it stops the text from being run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
