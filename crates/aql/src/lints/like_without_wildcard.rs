//! ## What it does
//!
//! Finds LIKE patterns without `%` and `_`.
//!
//! ## Why
//!
//! Such a pattern must be the whole value, in this case: LIKE then says no more than `=`. Either a wildcard was
//! forgotten, or `=` is meant.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE username LIKE 'administrator' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE username = 'administrator' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! ILIKE without a wildcard is left alone: it is the way to compare without regard to case. So is LIKE of a function,
//! such as `LOWER(username) LIKE 'administrator'`.

use syntax::ast::{ExprKind, Literal, TextOperator, TextPattern};
use syntax::{Diagnostic, Safety, Severity, Span};

use super::{Finder, Group, Lint, Subject};

pub(super) static LIKE_WITHOUT_WILDCARD: Lint = Lint {
    name: "like-without-wildcard",
    group: Group::Clarity,
    severity: Severity::Note,
    source: include_str!("like_without_wildcard.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit(&mut |expr| {
        let ExprKind::Text { operator: TextOperator::Like, operand, pattern: TextPattern::One(pattern), negated } =
            &expr.value
        else {
            return;
        };
        let ExprKind::Literal(Literal::Text(text)) = &pattern.value else { return };
        let is_star = text.starts_with('*') || text.ends_with('*');
        if !matches!(operand.value, ExprKind::Name(_)) || text.contains(['%', '_']) || is_star {
            return;
        }
        let operator = if *negated { "!=" } else { "=" };
        let between = Span::new(operand.span.end, pattern.span.start);
        let diagnostic = LIKE_WITHOUT_WILDCARD
            .at(pattern.span, "this pattern has no wildcard")
            .with_label("the value must be exactly this")
            .with_help(format!("write `%` where other text may stand, or `{operator}`"))
            .with_fix(Safety::Safe, vec![(between, format!(" {operator} "))]);
        found.push(diagnostic);
    });
}
