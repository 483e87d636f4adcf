//! The one type of what is authored.

use std::fmt;
use std::str::FromStr;

use syntax::Span;

use crate::heading::Heading;
use crate::test::Test;

/// A detection, read from its page.
#[derive(Clone, Debug)]
pub struct Detection {
    /// The permanent name: lower-case letters, digits and hyphens.
    pub id: String,
    /// What an analyst reads first.
    pub title: String,
    /// How far it can be trusted.
    pub status: Status,
    /// How bad a true match is.
    pub severity: Level,
    /// How likely a match is true.
    pub confidence: Confidence,
    /// The risk score of a match, 0-100.
    pub score: Score,
    /// ATT&CK techniques, such as `T1543.003`; at least one.
    pub techniques: Vec<String>,
    /// Operating systems and the like: `windows`, `linux`, `macos`, `containers`, ...
    pub platforms: Vec<String>,
    /// The logs that show it, in words.
    pub log_sources: Vec<String>,
    /// ATT&CK detection strategies that it follows, such as `DET0552`.
    pub detection_strategies: Vec<String>,
    /// ATT&CK data components that it reads, such as `DC0060`.
    pub data_components: Vec<String>,
    /// The Atomic Red Team tests that it answers: GUIDs in lower case. A test of the page shows each.
    pub atomics: Vec<String>,
    /// How backslashes in its strings are read.
    pub escapes: aql::Escapes,
    /// The text before the first heading: what it finds and why it matters.
    pub description: String,
    /// The query that makes the matches.
    pub query: FencedQuery,
    /// The query, bound.
    pub bound: aql::bound::Query,
    /// Further queries of the page: hunting and investigation.
    pub further_queries: Vec<FencedQuery>,
    /// What must match and what must not.
    pub tests: Vec<Test>,
    /// All sections, in the order of the page.
    pub sections: Vec<Section>,
    /// The file that the page was read from, as given.
    pub file: String,
    /// Who wrote the page.
    pub author: Option<String>,
    /// When the query last changed: `2026-11-21`.
    pub date: Option<String>,
    /// Where the page was imported from; none for a page that was written as such.
    pub origin: Option<String>,
    /// Further labels, as other systems use them.
    pub tags: Vec<String>,
}

/// An AQL query in a fence of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FencedQuery {
    /// The section that it stands in.
    pub heading: Heading,
    /// The text between the fences.
    pub text: String,
    /// Where it stands in the page, in bytes.
    pub span: Span,
}

/// A section of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: Heading,
    /// Markdown, without the heading.
    pub text: String,
    /// Where it stands in the page, in bytes.
    pub span: Span,
}

/// The risk score of a match, 0-100.
#[derive(Clone, Debug, PartialEq)]
pub enum Score {
    /// The same for each match.
    Constant(f64),
    /// The value of a selected column.
    Column(String),
}

/// Declares an ordered enum with its names, once.
macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$variant_doc])* $variant,)+ }

        impl $type {
            /// All values, from least to most.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The names of all values, in the same order.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];

            /// The name, as pages and output spell it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err(format!("`{text}` is none of {}", Self::NAMES.join(", "))),
                }
            }
        }
    };
}

names! {
    /// How bad a true match is.
    Level {
        /// Worth knowing, not worth waking anyone.
        Informational = "informational",
        /// Rarely an attack by itself.
        Low = "low",
        /// Look at it today.
        Medium = "medium",
        /// Look at it now.
        High = "high",
        /// Act now.
        Critical = "critical",
    }
}

names! {
    /// How likely a match is true.
    Confidence {
        /// Often benign.
        Low = "low",
        /// Sometimes benign.
        Medium = "medium",
        /// Seldom benign.
        High = "high",
    }
}

names! {
    /// How far a detection can be trusted.
    Status {
        /// Kept for reference; not run unless asked for.
        Deprecated = "deprecated",
        /// New, may be noisy.
        Experimental = "experimental",
        /// Tested on few logs.
        Test = "test",
        /// Tested and tuned.
        Stable = "stable",
    }
}
