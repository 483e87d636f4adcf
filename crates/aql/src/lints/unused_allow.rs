//! ## What it does
//!
//! Finds names in a comment `-- allow: NAME` that silence nothing.
//!
//! ## Why
//!
//! The query has changed, or the comment stands on another line than what it is about. It would hide a new fault of
//! that kind.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE username = 'bob' -- allow: null-comparison
//! LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE username = 'bob'
//! LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Nothing is said of a query with an error, since lints do not look at it.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static UNUSED_ALLOW: Lint = Lint {
    name: "unused-allow",
    group: Group::Clarity,
    severity: Severity::Warning,
    source: include_str!("unused_allow.rs"),
    finder: Finder::Binder,
};
