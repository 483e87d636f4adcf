//! ## What it does
//!
//! Finds names in a comment `-- allow: NAME` that no lint has.
//!
//! ## Why
//!
//! The comment silences nothing, and what was to be silenced is said.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events -- allow: commment
//! LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events -- allow: comment
//! LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Errors have names too, but are never silenced, so that their names are unknown here.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static UNKNOWN_LINT: Lint = Lint {
    name: "unknown-lint",
    group: Group::Clarity,
    severity: Severity::Warning,
    source: include_str!("unknown_lint.rs"),
    finder: Finder::Binder,
};
