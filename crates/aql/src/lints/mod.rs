//! The lints: what is said about a query that compiles. One file each, whose header is its documentation in five
//! parts, and one line in [`LINTS`]. The reference page, `check --explain` and hovers are projections of these.
//!
//! Lints are named after the pattern they find, so that `-- allow: NAME` reads well. Names are never reused.

mod allow;
mod and_or_without_parentheses;
mod any_pattern;
mod client_without_service;
mod event_classes;
mod event_id_without_channel;
mod event_left_out;
mod field_not_in_event;
mod numbered_control_set;
mod renamed_property;
mod unknown_qid;
mod unrelated_log_source_type;

pub use allow::Allowed;
pub(crate) use any_pattern::ANY_PATTERN;

use std::sync::OnceLock;

use syntax::{Diagnostic, Severity, Span, ast};

use crate::Options;
use crate::bound::Query;

/// A lint.
#[derive(Debug)]
pub struct Lint {
    /// The permanent name, which is the id of its diagnostics: lower-case letters and hyphens.
    pub name: &'static str,
    /// What it is about.
    pub group: Group,
    /// How much a finding matters unless the user's settings say otherwise.
    pub severity: Severity,
    /// The text of its file, whose header is its documentation.
    pub(crate) source: &'static str,
    /// What finds it.
    pub(crate) finder: Finder,
}

/// What a lint is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// What can never happen, never decides or is probably not meant.
    Correctness,
    /// What does not fit the events that the query reads.
    EventModel,
    /// What QRadar refuses or runs differently.
    Portability,
    /// What makes the query read or compute more than it needs.
    Cost,
    /// What makes results hard to read or to keep.
    Clarity,
}

/// What finds a lint.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Finder {
    /// A function over the query.
    Query(fn(&Subject<'_>, &mut Vec<Diagnostic>)),
    /// Parser and binder say it when they meet it.
    Binder,
}

/// A query as lints see it. A lint reads the bound form wherever it can: the tree of the text is for what is said about
/// writing, such as missing parentheses.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The text.
    pub text: &'a str,
    /// The tree of the text.
    pub syntax: &'a ast::Query,
    /// The bound query.
    pub query: &'a Query,
    /// How it was read.
    pub options: &'a Options,
}

impl<'a> Subject<'a> {
    /// The text of a place.
    pub fn source(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Whether a pair of parentheses stands round the place, with nothing else within.
    pub fn is_parenthesised(&self, span: Span) -> bool {
        let before = self.text[..span.start].trim_end();
        let after = self.text[span.end..].trim_start();
        before.ends_with('(') && after.starts_with(')')
    }
}

/// All lints, sorted by name.
pub static LINTS: &[&Lint] = &[
    &and_or_without_parentheses::AND_OR_WITHOUT_PARENTHESES,
    &ANY_PATTERN,
    &client_without_service::CLIENT_WITHOUT_SERVICE,
    &event_id_without_channel::EVENT_ID_WITHOUT_CHANNEL,
    &event_left_out::EVENT_LEFT_OUT,
    &field_not_in_event::FIELD_NOT_IN_EVENT,
    &numbered_control_set::NUMBERED_CONTROL_SET,
    &renamed_property::RENAMED_PROPERTY,
    &unknown_qid::UNKNOWN_QID,
    &unrelated_log_source_type::UNRELATED_LOG_SOURCE_TYPE,
];

/// The lint of this name.
pub fn lint(name: &str) -> Option<&'static Lint> {
    LINTS.binary_search_by(|it| it.name.cmp(name)).ok().map(|index| LINTS[index])
}

/// What the lints find in a query that was compiled from the text; in the order of the lints.
pub fn find(text: &str, query: &Query, options: &Options) -> Vec<Diagnostic> {
    let (syntax, _) = syntax::parse_query(text);
    let subject = Subject { text, syntax: &syntax, query, options };
    let mut found = Vec::new();
    for lint in LINTS {
        if let Finder::Query(check) = lint.finder {
            check(&subject, &mut found);
        }
    }
    let allowed = Allowed::read(text);
    found.retain(|it| !allowed.silences(it));
    found
}

impl Lint {
    /// A finding of this lint, without label, help or fix.
    pub(crate) fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.name, self.severity, span, message)
    }

    /// The documentation: Markdown with the headings `What it does`, `Why`, `Example`, `Instead` and `Limits`.
    pub fn documentation(&self) -> &'static str {
        static TEXTS: OnceLock<Vec<String>> = OnceLock::new();
        let texts = TEXTS.get_or_init(|| LINTS.iter().map(|it| header(it.source)).collect());
        let index = LINTS.binary_search_by(|it| it.name.cmp(self.name)).ok();
        index.and_then(|it| texts.get(it)).map_or("", String::as_str)
    }
}

impl Group {
    /// All groups, in the order of the documents.
    pub const ALL: [Self; 5] = [Self::Correctness, Self::EventModel, Self::Portability, Self::Cost, Self::Clarity];

    /// The name, as settings and documents spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Correctness => "correctness",
            Self::EventModel => "event-model",
            Self::Portability => "portability",
            Self::Cost => "cost",
            Self::Clarity => "clarity",
        }
    }
}

/// The `//!` lines at the head of a file, without the marks.
fn header(source: &str) -> String {
    let lines = source.lines().map_while(|it| it.strip_prefix("//!")).map(|it| it.strip_prefix(' ').unwrap_or(it));
    lines.collect::<Vec<_>>().join("\n")
}
