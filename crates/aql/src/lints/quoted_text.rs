//! ## What it does
//!
//! Finds a name in double quotes, which no field has, compared with a field.
//!
//! ## Why
//!
//! Single quotes make text, double quotes make names. The comparison reads a property of the log that is probably not
//! there.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE username = "bob" LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE username = 'bob' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! A custom property that is compared with a field looks the same. Declare it, and nothing is said.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static QUOTED_TEXT: Lint = Lint {
    name: "quoted-text",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("quoted_text.rs"),
    finder: Finder::Binder,
};
