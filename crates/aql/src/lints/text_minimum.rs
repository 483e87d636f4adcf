//! ## What it does
//!
//! Finds MIN and MAX of a custom property.
//!
//! ## Why
//!
//! Custom properties are text, and as text `10` comes before `9`.
//!
//! ## Example
//!
//! ```aql
//! SELECT MAX("Bytes Out") AS most FROM events LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT MAX(LONG("Bytes Out")) AS most FROM events LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! For texts that are no numbers it is well: the fix is unsafe. A property that is declared with a type is compared by
//! it.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static TEXT_MINIMUM: Lint = Lint {
    name: "text-minimum",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("text_minimum.rs"),
    finder: Finder::Binder,
};
