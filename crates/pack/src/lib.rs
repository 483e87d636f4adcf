//! Detections as they are authored: one Markdown page each, read, checked and compiled.
//!
//! The page is the documentation and the test. `docs/detection-format.md` describes it; its JSON Schema and the list of
//! keys there are projections of [`front_matter::KEYS`] and [`heading::HEADINGS`]. No input/output: pages come as text.

mod builtin;
mod c_style;
mod declared_but_unseen;
mod detection;
mod draft;
mod format;
pub mod front_matter;
pub mod heading;
mod in_parallel;
mod page;
mod read;
mod test;
pub mod tuning;
mod variants;
pub mod yaml;

pub use builtin::{builtin_file, builtin_pages, builtin_tuning};
pub use detection::{Confidence, Detection, FencedQuery, Level, Score, Section, Status};
pub use draft::{Draft, fenced, write_page};
pub use format::{fences, format_page};
pub use in_parallel::in_parallel;
pub use read::{Options, check_page, read_page};
pub use test::{Input, Kind, Test};
pub use variants::merge;

/// The warnings of pages that are no lints of their queries: name and sentence.
pub static WARNINGS: &[(&str, &str)] = &[
    (declared_but_unseen::NAME, "A platform or log source is declared that no branch of the query can see."),
    ("few-tests", "The page has fewer tests than show where the line runs."),
    ("untested", "The page has no tests, as an imported or experimental one may."),
];
