//! ## What it does
//!
//! Finds a text in single quotes that stands where a field is meant.
//!
//! ## Why
//!
//! Single quotes make text, double quotes make names. The text is the same for every row, so a test of it is always
//! true or always false, and a column shows its own name.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE 'Process Path' ILIKE '%\Temp\%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE "Process Path" ILIKE '%\Temp\%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! As a column with a new name a text is found only when a field has that name.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static QUOTED_NAME: Lint = Lint {
    name: "quoted-name",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("quoted_name.rs"),
    finder: Finder::Binder,
};
