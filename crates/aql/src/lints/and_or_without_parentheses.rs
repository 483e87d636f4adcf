//! ## What it does
//!
//! Finds AND beside OR where no parentheses say which of them comes first.
//!
//! ## Why
//!
//! AND binds tighter than OR. In a condition that begins with a filter on the log source, the filter then holds for the
//! first alternative only, and all others look at every log source.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events
//! WHERE devicetype = 12 AND EventID = 7045 OR EventID = 4697
//! LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events
//! WHERE devicetype = 12 AND (EventID = 7045 OR EventID = 4697)
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! It cannot know which of the two readings is meant: the fix writes down the one that holds today.

use syntax::{Diagnostic, Safety, Severity, Span, ast};

use super::{Finder, Group, Lint, Subject};

pub(super) static AND_OR_WITHOUT_PARENTHESES: Lint = Lint {
    name: "and-or-without-parentheses",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("and_or_without_parentheses.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit(&mut |expr| {
        let ast::ExprKind::Or(operands) = &expr.value else { return };
        let is_bare = |it: &&ast::Expr| matches!(it.value, ast::ExprKind::And(_)) && !subject.is_parenthesised(it.span);
        let bare: Vec<Span> = operands.iter().filter(is_bare).map(|it| it.span).collect();
        if bare.is_empty() {
            return;
        }
        let edits = bare.iter().flat_map(|it| {
            [(Span::new(it.start, it.start), "(".to_owned()), (Span::new(it.end, it.end), ")".to_owned())]
        });
        let diagnostic = AND_OR_WITHOUT_PARENTHESES
            .at(bare[0], "AND and OR stand together without parentheses")
            .with_label("AND is taken first")
            .with_help("say by parentheses which of them comes first")
            .with_fix(Safety::Safe, edits.collect());
        found.push(diagnostic);
    });
}
