//! ## What it does
//!
//! Finds comments. It is said once for a query, at the first one; a comment `allow: ...` does not count.
//!
//! ## Why
//!
//! IBM documents no comments for AQL. When something joins the lines of a query, as clients of the API do, `--` hides
//! all that follows.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events -- all of them
//! LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events
//! LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Taking comments out is no fix that is applied: they are worth more than the risk until the query is sent to QRadar.
//! What `--fix --unsafe` writes has none.

use syntax::{Diagnostic, Safety, Severity, Span};

use super::{Finder, Group, Lint, allow};

pub(super) static COMMENT: Lint = Lint {
    name: "comment",
    group: Group::Portability,
    severity: Severity::Note,
    source: include_str!("comment.rs"),
    finder: Finder::Binder,
};

/// What is said of the comments of a text.
pub(crate) fn find(text: &str) -> Option<Diagnostic> {
    let mut comments = syntax::comments(text);
    comments.retain(|it| !allow::is_allow(text, *it));
    let first = *comments.first()?;
    let removal = |it: &Span| {
        let span = allow::comment_removal(text, *it);
        // What stands on both sides of a comment must not grow together.
        let joins = span == *it && text[..it.start].ends_with(|it: char| !it.is_whitespace());
        (span, if joins { " ".to_owned() } else { String::new() })
    };
    let diagnostic = COMMENT
        .at(first, "comments are not documented for AQL")
        .with_note("when the lines of a query are joined, `--` hides all that follows")
        .with_help("take them out before the query goes to QRadar")
        .with_fix(Safety::Unsafe, comments.iter().map(removal).collect());
    Some(diagnostic)
}
