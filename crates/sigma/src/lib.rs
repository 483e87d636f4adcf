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
