//! Text tests (`=`, LIKE, ILIKE, MATCHES, IMATCHES, IN, TEXT SEARCH) in kernels of our own over Arrow string views.
//! Compiled once when a plan is made; never through DataFusion's LIKE or regex operators, which read a backslash
//! differently and compile again for every batch.

mod affixes;
mod array;
mod fold;
mod java_regex;
pub(crate) mod language;
mod like;
mod matcher;
mod required;
mod search;
mod udf;

use syntax::Span;

pub use java_regex::{Attack, Captures, JavaRegex, Replacement};
pub use matcher::TextMatcher;
pub(crate) use required::{Shorter, cost as required_cost};
pub use required::{UNLIKE_ASCII, everyday_lines, is_candidate, required_texts};
pub use search::{TextSearch, text_search};
pub use udf::{matcher_of, text_test};

/// Whether a text test tells upper from lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Case {
    /// LIKE, MATCHES, `=`: characters are compared as they are.
    Sensitive,
    /// `LOWER(x) LIKE`: the value is lower-cased as Java's `toLowerCase(Locale.ROOT)` does it, the pattern stays as written.
    Lowered,
    /// ILIKE, IMATCHES: Unicode simple case folding on both sides.
    Insensitive,
}

/// One pattern as the query has it, after its string escapes are resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Pattern {
    /// The whole value.
    Equal(String),
    /// `%` is any run of characters, line ends included, `_` is one character; nothing is escaped (`reference/aql.md`
    /// section 1), a backslash is an ordinary character.
    Like(String),
    /// A regular expression in the dialect of `java.util.regex`, found anywhere in the value (`reference/aql.md`
    /// section 3.3).
    Regex(String),
}

impl Pattern {
    /// The text as written, without its kind.
    pub fn text(&self) -> &str {
        match self {
            Self::Equal(text) | Self::Like(text) | Self::Regex(text) => text,
        }
    }
}

/// The longest pattern that is accepted, in bytes.
pub const PATTERN_BYTES_MAX: usize = 64 * 1024;

/// Why a pattern has no meaning or cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PatternError {
    /// Which of the patterns, counted from 0.
    pub pattern: usize,
    /// Where in its text, in bytes.
    pub span: Span,
    /// What is wrong: a short phrase, lower case, no final stop.
    pub reason: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl PatternError {
    fn new(span: Span, reason: impl Into<String>) -> Self {
        Self { pattern: 0, span, reason: reason.into(), help: None }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn of_pattern(mut self, pattern: usize) -> Self {
        self.pattern = pattern;
        self
    }
}
