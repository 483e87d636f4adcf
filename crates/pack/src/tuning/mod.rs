//! Exclusions: what a detection should not say in one environment. They live apart from the pages, in TOML files, and
//! survive their updates. `docs/tuning.md` is the guide; [`KEYS`] describes each key once.

mod keys;
mod places;
mod read;
mod write;

use std::sync::Arc;

use syntax::Span;

pub use keys::{KEYS, json_schema};
pub use read::{EXCLUSIONS_MAX, read_tuning};
pub use write::{Proposal, write_tuning};

use crate::Detection;

/// An exclusion, read from a tuning file.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// The permanent name: lower-case letters, digits and hyphens.
    pub id: String,
    /// Ids of detections, techniques (with their sub-techniques), or `*`.
    pub detections: Vec<String>,
    /// Who answers for it.
    pub owner: String,
    /// Why it is right.
    pub reason: String,
    /// The last day on which it holds, as `2027-03-31`; none only where a product is named.
    pub expires: Option<String>,
    /// Whether it is in use.
    pub enabled: bool,
    /// The product that makes these events: it is then off until that product is chosen.
    pub product: Option<String>,
    /// The filter as written.
    pub filter: String,
    /// The filter, bound: a query over `events` that has nothing else.
    pub bound: Arc<aql::bound::Query>,
    /// The file that it was read from, as given.
    pub file: String,
    /// Where it stands in the file, in bytes.
    pub span: Span,
}

impl Exclusion {
    /// Whether it is about a detection.
    pub fn covers(&self, detection: &Detection) -> bool {
        self.detections.iter().any(|scope| {
            scope == "*" || *scope == detection.id || detection.techniques.iter().any(|it| is_of(it, scope))
        })
    }

    /// Whether its last day is before a day, written as `2026-11-21`.
    pub fn is_expired(&self, today: &str) -> bool {
        self.expires.as_deref().is_some_and(|it| it < today)
    }
}

/// Whether a technique is the wanted one or a sub-technique of it.
fn is_of(technique: &str, wanted: &str) -> bool {
    technique.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
