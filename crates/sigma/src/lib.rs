//! Sigma rules to detections, and detections to Sigma rules.
//!
//! Sigma is an exchange format here, never a second rule language: a rule becomes a detection page with AQL, and from then
//! on takes the one road from log to match. No input/output: rules come as text.

pub mod export;
pub mod import;
pub mod log_source;
pub mod rule;
mod text;

pub use export::{ExportOptions, Exported, RuleFile, Subject, export, export_query};
pub use import::{Collection, Imported, Options, Outcome, Placeholders};
pub use rule::{Document, Rule, read};
pub use text::{Part, Text};

/// What is said of Sigma rules beside errors and beside lints of the queries that they become: name and sentence.
pub static WARNINGS: &[(&str, &str)] = &[
    ("sigma-difference", "The query finds more or less than the rule asks for."),
    ("sigma-field", "A value is looked for that the field never has."),
    ("sigma-filter", "The filter names a rule that was not read."),
    ("sigma-head", "A key beside the logic has a value of another kind than Sigma's."),
    ("sigma-log-source", "A part of the log source is not known, and more is read than the rule means."),
];
