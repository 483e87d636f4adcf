//! ## What it does
//!
//! Finds a number, a time or a truth value compared with a text that is none.
//!
//! ## Why
//!
//! The text is read as the other side's type. One that cannot be read so is equal to no value, and the comparison is
//! never true.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE qid = 'Logon' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE QIDNAME(qid) = 'Logon' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! A number in quotes is a number: `qid = '44250002'` is well.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static NEVER_EQUAL: Lint = Lint {
    name: "never-equal",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("never_equal.rs"),
    finder: Finder::Binder,
};
