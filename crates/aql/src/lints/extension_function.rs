//! ## What it does
//!
//! Finds functions that Prospero has and QRadar has not.
//!
//! ## Why
//!
//! QRadar refuses the query.
//!
//! ## Example
//!
//! ```aql
//! SELECT COALESCE(username, 'nobody') AS who FROM events LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT (IF username IS NULL THEN 'nobody' ELSE username) AS who FROM events LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! It is said once for each function. Functions of content extensions, which a QRadar may have, are refused here and
//! not found by this.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static EXTENSION_FUNCTION: Lint = Lint {
    name: "extension-function",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("extension_function.rs"),
    finder: Finder::Binder,
};
