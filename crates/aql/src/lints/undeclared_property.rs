//! ## What it does
//!
//! Finds names that the event model does not have, and that are read from the properties of the log instead.
//!
//! ## Why
//!
//! It may be a custom property of a deployment, or a slip: a wrong name is null for every row, and what tests it is
//! never true.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE usernam = 'bob' LAST 1 HOURS
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
//! It is said once for each name. A property that is declared in a file of properties is known.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static UNDECLARED_PROPERTY: Lint = Lint {
    name: "undeclared-property",
    group: Group::EventModel,
    severity: Severity::Warning,
    source: include_str!("undeclared_property.rs"),
    finder: Finder::Binder,
};
