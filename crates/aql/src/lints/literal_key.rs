//! ## What it does
//!
//! Finds GROUP BY or ORDER BY with a constant.
//!
//! ## Why
//!
//! Single quotes make text, and a number is a number, not the position of a column. All rows fall into one group, or
//! stay in the order that they have.
//!
//! ## Example
//!
//! ```aql
//! SELECT username, COUNT(*) AS n FROM events GROUP BY username ORDER BY 'n' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username, COUNT(*) AS n FROM events GROUP BY username ORDER BY "n" LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! For a number no fix is known: which column was meant is not said.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static LITERAL_KEY: Lint = Lint {
    name: "literal-key",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("literal_key.rs"),
    finder: Finder::Binder,
};
