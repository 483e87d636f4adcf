//! ## What it does
//!
//! Finds an address that is compared with a text that is none.
//!
//! ## Why
//!
//! A text beside an address is read as an IPv4 or IPv6 address. One that is none is equal to no address, so the
//! comparison is never true.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE sourceip = '10.0.0' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE INCIDR('10.0.0.0/24', sourceip) LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Names of hosts are not looked up.

use syntax::Severity;

use super::{Finder, Group, Lint};

pub(crate) static INVALID_ADDRESS: Lint = Lint {
    name: "invalid-address",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("invalid_address.rs"),
    finder: Finder::Binder,
};
