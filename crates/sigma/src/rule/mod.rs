//! A Sigma file as data: rules, correlations and filters, as version 2.1 of the specification describes them.
//!
//! Reading collects: what is wrong with a document is said at its place, and the other documents of the file are read.

mod condition;
mod correlation;
mod detection;
mod modifier;
mod read;

pub use condition::{Condition, Quantity, Selector};
pub use correlation::{Alias, Correlation, CorrelationKind, Criterion, Threshold};
pub use detection::{FieldTest, Item, Scalar, Search};
pub use modifier::{Comparison, Modifier, RegexFlag, TimePart};
pub use read::{RULE_BYTES_MAX, read};
use syntax::{Diagnostic, Span};

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// What stands beside the logic.
    pub head: Head,
    /// The logic; none when something is wrong with it.
    pub body: Option<Body>,
    /// What is to be said about it.
    pub diagnostics: Vec<Diagnostic>,
    /// Where it stands in the file, in bytes.
    pub span: Span,
}

/// The logic of a document.
#[derive(Clone, Debug)]
pub enum Body {
    /// A rule about single events.
    Rule(Rule),
    /// A rule about what other rules find.
    Correlation(Correlation),
    /// What is taken away from other rules.
    Filter(Filter),
}

/// What stands beside the logic of a document.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// What an analyst reads first.
    pub title: String,
    /// A UUID.
    pub id: Option<String>,
    /// A name by which correlations refer to it.
    pub name: Option<String>,
    /// `stable`, `test`, `experimental`, `deprecated` or `unsupported`.
    pub status: Option<String>,
    /// `informational`, `low`, `medium`, `high` or `critical`.
    pub level: Option<String>,
    /// What it finds.
    pub description: String,
    /// The licence of the rule, by its SPDX id.
    pub license: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was written.
    pub date: Option<String>,
    /// When it last changed.
    pub modified: Option<String>,
    /// Where its facts come from.
    pub references: Vec<String>,
    /// Labels such as `attack.t1543.003`.
    pub tags: Vec<String>,
    /// What else matches.
    pub false_positives: Vec<String>,
    /// Fields that an analyst wants to see.
    pub fields: Vec<String>,
    /// Other rules and what they are to this one: type, id.
    pub related: Vec<(String, String)>,
    /// What the rule is limited to, in words.
    pub scope: Vec<String>,
    /// The names of fields that it uses, when they are not Sigma's own.
    pub taxonomy: Option<String>,
}

/// The logs that a rule is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogSource {
    /// A kind of event, such as `process_creation`.
    pub category: Option<String>,
    /// Who makes the log, such as `windows`.
    pub product: Option<String>,
    /// A part of the product's logs, such as `security`.
    pub service: Option<String>,
    /// What must be set up so that the log has these events, in words.
    pub definition: Option<String>,
}

/// A rule about single events.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The logs that it is about.
    pub log_source: LogSource,
    /// Where its log source stands.
    pub log_source_span: Span,
    /// Its named parts.
    pub searches: Vec<Search>,
    /// How they go together; any of several conditions is enough.
    pub conditions: Vec<Condition>,
    /// Where the section `detection` stands.
    pub span: Span,
}

/// What is taken away from other rules, or asked of them in addition: its condition joins theirs.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The rules concerned, by id or name; none for all rules of its log source.
    pub rules: Vec<(String, Span)>,
    /// Its log source, searches and condition.
    pub rule: Rule,
}
