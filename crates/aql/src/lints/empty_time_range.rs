//! ## What it does
//!
//! Finds a time clause whose START is later than its STOP.
//!
//! ## Why
//!
//! No event lies between, so the query never finds anything.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events START '2024-05-02 00:00' STOP '2024-05-01 00:00'
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events START '2024-05-01 00:00' STOP '2024-05-02 00:00'
//! ```
//!
//! ## Limits
//!
//! Both ends must be written down, or both counted back from now.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static EMPTY_TIME_RANGE: Lint = Lint {
    name: "empty-time-range",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("empty_time_range.rs"),
    finder: Finder::Binder,
};
