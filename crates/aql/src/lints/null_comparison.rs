//! ## What it does
//!
//! Finds comparisons with NULL by `=`, `!=` and their kin.
//!
//! ## Why
//!
//! A comparison with NULL is unknown, neither true nor false, and the row is dropped.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE username = NULL LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE username IS NULL LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! The fix is unsafe, since the query finds more after it.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static NULL_COMPARISON: Lint = Lint {
    name: "null-comparison",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("null_comparison.rs"),
    finder: Finder::Binder,
};
