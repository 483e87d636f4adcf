//! ## What it does
//!
//! Finds names of files that stand without quotes.
//!
//! ## Why
//!
//! It is read as a text, which is all that it can be; QRadar may refuse it.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE "Process Name" = conhost.exe LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE "Process Name" = 'conhost.exe' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Only names with one of the usual extensions of programs are seen; any other name with a dot is an error.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static UNQUOTED_TEXT: Lint = Lint {
    name: "unquoted-text",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("unquoted_text.rs"),
    finder: Finder::Binder,
};
