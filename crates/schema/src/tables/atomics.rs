//! Atomic Red Team: the tests for the techniques that our detections are about.
//!
//! Technique, GUID, name and platform as github.com/redcanaryco/atomic-red-team has them; nothing of what a test runs.

use std::sync::LazyLock;

use super::rows;

/// A test of Atomic Red Team.
#[derive(Clone, Copy, Debug)]
pub struct Atomic {
    /// The technique that it shows, such as `T1543.003`.
    pub technique: &'static str,
    /// Its permanent name, in lower case.
    pub guid: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Where it runs: `windows`, `linux` or `macos`.
    pub platform: &'static str,
}

static TABLE: LazyLock<Vec<Atomic>> = LazyLock::new(|| {
    let rows = rows(include_str!("../../data/atomics.tsv"));
    rows.map(|[technique, guid, name, platform]| Atomic { technique, guid, name, platform }).collect()
});

/// All tests, by technique.
pub fn all() -> &'static [Atomic] {
    &TABLE
}

/// The test with this GUID.
pub fn by_guid(guid: &str) -> Option<&'static Atomic> {
    TABLE.iter().find(|it| it.guid == guid)
}
