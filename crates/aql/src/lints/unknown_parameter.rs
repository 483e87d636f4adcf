//! ## What it does
//!
//! Finds names in PARAMETERS that QRadar is not known to take.
//!
//! ## Why
//!
//! It is a slip, or a parameter that IBM does not document.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events LAST 1 HOURS PARAMETERS REMOTESERVER='x'
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events LAST 1 HOURS PARAMETERS REMOTESERVERS='x'
//! ```
//!
//! ## Limits
//!
//! Values are not looked at. Prospero runs every query on its own machine.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static UNKNOWN_PARAMETER: Lint = Lint {
    name: "unknown-parameter",
    group: Group::Portability,
    severity: Severity::Warning,
    source: include_str!("unknown_parameter.rs"),
    finder: Finder::Binder,
};
