//! What QRadar knows by number: log source types, categories, QIDs, protocols; and the numbers of Windows services.
//!
//! The long tables stand in `data/*.tsv`, one row a line, and are read when first asked for: they stay readable, and
//! the compiler has nothing to do.

pub mod atomics;
pub mod attack;
pub mod categories;
pub mod event_classes;
pub mod log_source_subjects;
pub mod log_source_systems;
pub mod log_source_types;
pub mod protocols;
pub mod qids;
pub mod remote_tools;
pub mod renamed_properties;
pub mod services;
pub mod windows_events;

/// How well a fact is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Seen in exports of consoles or in a vendor's documents.
    Verified,
    /// One public map says so.
    Community,
    /// Derived from neighbours, or general knowledge.
    Inferred,
    /// A number that is used somewhere and has no public meaning.
    Unknown,
}

impl Standing {
    fn parse(text: &str) -> Self {
        match text {
            "verified" => Self::Verified,
            "community" => Self::Community,
            "unknown" => Self::Unknown,
            _ => Self::Inferred,
        }
    }
}

/// The cells of each row of a table, `count` of them; missing cells are empty. Lines that begin with `#` are comments.
fn rows<const COUNT: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; COUNT]> {
    text.lines().filter(|it| !it.starts_with('#') && !it.is_empty()).map(|line| {
        let mut cells = line.split('\t');
        std::array::from_fn(|_| cells.next().unwrap_or_default())
    })
}

/// A number of an embedded table; a test reads every row.
fn number<T: std::str::FromStr>(cell: &str) -> T {
    cell.parse().unwrap_or_else(|_| panic!("`{cell}` in an embedded table is no number"))
}
