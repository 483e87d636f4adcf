//! ## What it does
//!
//! Finds LIKE, ILIKE, MATCHES and their kin on an address, a number or a time.
//!
//! ## Why
//!
//! QRadar takes text only and refuses the query: wrong argument type. Prospero reads the value as its text.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE sourceip LIKE '10.%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE STR(sourceip) LIKE '10.%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Bytes, such as `payload`, are an error.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static TEXT_TEST_OF_NON_TEXT: Lint = Lint {
    name: "text-test-of-non-text",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("text_test_of_non_text.rs"),
    finder: Finder::Binder,
};
