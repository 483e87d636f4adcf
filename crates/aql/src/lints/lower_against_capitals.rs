//! ## What it does
//!
//! Finds LOWER(...) compared with a text that has capitals.
//!
//! ## Why
//!
//! LOWER never yields a capital, so the test is never true.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE LOWER(username) LIKE 'Admin%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE LOWER(username) LIKE 'admin%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Regular expressions are not looked at.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static LOWER_AGAINST_CAPITALS: Lint = Lint {
    name: "lower-against-capitals",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("lower_against_capitals.rs"),
    finder: Finder::Binder,
};
