//! ## What it does
//!
//! Finds patterns in which each backslash is doubled, as in C or in JSON.
//!
//! ## Why
//!
//! A backslash in a string of AQL is an ordinary character. LIKE `'%\\Temp\\%'` looks for two backslashes in a row,
//! which paths do not have: the test is never true. In a regular expression a backslash is written as two, and four
//! look for two.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE "Process Path" ILIKE '%\\Temp\\%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE "Process Path" ILIKE '%\Temp\%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Two backslashes that may begin a network path, as in `'% \\%'`, are not counted, and none in a pattern where another
//! stands alone. The fix is unsafe, since a query that worked as written finds more after it. A query that was written
//! for doubled backslashes throughout is read as it was meant with `--escapes c-style`; see `c-style-escapes`.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static DOUBLED_BACKSLASH: Lint = Lint {
    name: "doubled-backslash",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("doubled_backslash.rs"),
    finder: Finder::Binder,
};
