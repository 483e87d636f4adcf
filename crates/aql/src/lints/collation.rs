//! ## What it does
//!
//! Finds COLLATE behind a key of ORDER BY.
//!
//! ## Why
//!
//! QRadar sorts by the rules of the named language. Prospero sorts without regard to case, whatever language is named.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events ORDER BY username COLLATE 'de-CH' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events ORDER BY username LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! It does not look at the names: where all of them are plain ASCII, the order is the same.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static COLLATION: Lint = Lint {
    name: "collation",
    group: Group::Portability,
    severity: Severity::Note,
    source: include_str!("collation.rs"),
    finder: Finder::Binder,
};
