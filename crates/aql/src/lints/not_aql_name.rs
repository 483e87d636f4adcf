//! ## What it does
//!
//! Finds names that are often taken for fields or functions of QRadar and are not, and that Prospero reads as the field
//! that is meant.
//!
//! ## Why
//!
//! QRadar refuses the query.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE LOGSOURCETYPEID(logsourceid) = 12 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE devicetype = 12 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Names for which no field is meant for sure are errors.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static NOT_AQL_NAME: Lint = Lint {
    name: "not-aql-name",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("not_aql_name.rs"),
    finder: Finder::Binder,
};
