//! ## What it does
//!
//! Finds `LIKE ANY (...)` and its kin.
//!
//! ## Why
//!
//! It belongs to other dialects of SQL. Prospero runs it as one test for each pattern, joined by OR; QRadar refuses the
//! query.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE username ILIKE ANY ('adm%', 'svc%') LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE (username ILIKE 'adm%' OR username ILIKE 'svc%') LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! `NOT LIKE ANY` is found without a fix: engines differ in what it means.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static ANY_PATTERN: Lint = Lint {
    name: "any-pattern",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("any_pattern.rs"),
    finder: Finder::Binder,
};
