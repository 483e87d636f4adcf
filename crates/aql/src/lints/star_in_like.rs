//! ## What it does
//!
//! Finds `*` used as a wildcard in LIKE.
//!
//! ## Why
//!
//! The wildcard of LIKE is `%`; `*` is an ordinary character. `LIKE '*mimikatz*'` asks for a text of two stars with
//! `mimikatz` between.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE CommandLine ILIKE '*mimikatz*' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE CommandLine ILIKE '%mimikatz%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! A pattern that has a `%` too is taken to mean its stars.

use syntax::{Diagnostic, Safety, Severity};

use super::walk::WrittenTest;
use super::{Finder, Group, Lint, Subject};

pub(super) static STAR_IN_LIKE: Lint = Lint {
    name: "star-in-like",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("star_in_like.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit(&mut |expr| {
        let Some(test) = WrittenTest::new(expr).filter(WrittenTest::is_like) else { return };
        for (text, span) in test.texts() {
            let is_wild = text.starts_with('*') || text.ends_with('*');
            if is_wild && !text.contains('%') && text.contains(char::is_alphanumeric) {
                let diagnostic = STAR_IN_LIKE
                    .at(span, "`*` is no wildcard of LIKE")
                    .with_label("looks for the star itself")
                    .with_help("the wildcard is `%`")
                    .with_fix(Safety::Unsafe, vec![(span, subject.source(span).replace('*', "%"))]);
                found.push(diagnostic);
            }
        }
    });
}
