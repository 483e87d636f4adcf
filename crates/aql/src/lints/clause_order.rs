//! ## What it does
//!
//! Finds clauses in another order than that of AQL, such as LIMIT before ORDER BY.
//!
//! ## Why
//!
//! QRadar takes INTO, WHERE, SESSION BY, GROUP BY, HAVING, ORDER BY, LIMIT, time and PARAMETERS in this order, and
//! refuses any other. Prospero reads them as if they stood in their places.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events LIMIT 10 ORDER BY starttime LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events ORDER BY starttime LIMIT 10 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! A clause that is given twice is an error, not this.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static CLAUSE_ORDER: Lint = Lint {
    name: "clause-order",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("clause_order.rs"),
    finder: Finder::Binder,
};
