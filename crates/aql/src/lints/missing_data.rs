//! ## What it does
//!
//! Finds functions, and sources of rows, for which no data was given: reference data, geography, results of saved
//! searches.
//!
//! ## Why
//!
//! The function is null or false for every row, so what tests it finds nothing.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE REFERENCESETCONTAINS('Admins', username) LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE username IN ('ann', 'bob') LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! It is said once for each kind of data. `check` says it only when reference data was named, since without any it says
//! nothing about the query.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static MISSING_DATA: Lint = Lint {
    name: "missing-data",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("missing_data.rs"),
    finder: Finder::Binder,
};
