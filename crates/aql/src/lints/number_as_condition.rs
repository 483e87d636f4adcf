//! ## What it does
//!
//! Finds a number that stands where a condition is needed.
//!
//! ## Why
//!
//! Prospero reads it as: not 0. IBM does not document it, and QRadar may refuse it.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE STRPOS(username, 'adm') LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE STRPOS(username, 'adm') >= 0 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Which comparison is meant is not known, so there is no fix: STRPOS is -1 where it finds nothing, which is not 0
//! either.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static NUMBER_AS_CONDITION: Lint = Lint {
    name: "number-as-condition",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("number_as_condition.rs"),
    finder: Finder::Binder,
};
