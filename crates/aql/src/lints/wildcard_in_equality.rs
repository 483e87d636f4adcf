//! ## What it does
//!
//! Finds `%` at the beginning or end of a text that is compared by `=` or IN.
//!
//! ## Why
//!
//! `%` is a wildcard of LIKE only. `username = 'adm%'` asks for a user whose name ends with a percent sign.
//!
//! ## Example
//!
//! ```aql
//! SELECT qid FROM events WHERE username = 'adm%' LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT qid FROM events WHERE username LIKE 'adm%' LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Percentages (`'95%'`) and environment variables (`'%SystemRoot%\x.exe'`) are taken for what they are.

use syntax::ast::{CompareOperator, ExprKind, InList, Literal};
use syntax::{Diagnostic, Safety, Severity, Span, ast};

use super::{Finder, Group, Lint, Subject};

pub(super) static WILDCARD_IN_EQUALITY: Lint = Lint {
    name: "wildcard-in-equality",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("wildcard_in_equality.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit(&mut |expr| match &expr.value {
        ExprKind::Compare(operator @ (CompareOperator::Equal | CompareOperator::NotEqual), left, right) => {
            if let Some(literal) = wildcard(right) {
                let not = if *operator == CompareOperator::NotEqual { "NOT " } else { "" };
                let edit = format!("{} {not}LIKE {}", subject.source(left.span), subject.source(right.span));
                found.push(diagnostic(literal).with_fix(Safety::Unsafe, vec![(expr.span, edit)]));
            }
        }
        ExprKind::In { list: InList::Values(values), .. } => {
            found.extend(values.iter().filter_map(wildcard).map(diagnostic));
        }
        _ => {}
    });
}

fn diagnostic(literal: Span) -> Diagnostic {
    WILDCARD_IN_EQUALITY
        .at(literal, "`%` is no wildcard here")
        .with_label("compared as it stands, with its percent sign")
        .with_help("wildcards stand in LIKE and ILIKE")
}

/// The place of a text that reads as a pattern.
fn wildcard(expr: &ast::Expr) -> Option<Span> {
    let ExprKind::Literal(Literal::Text(text)) = &expr.value else { return None };
    let inner = text.trim_matches('%');
    let is_outer = text.starts_with('%') || text.ends_with('%');
    let is_percentage = text.ends_with('%') && inner.ends_with(|it: char| it.is_ascii_digit() || it == ' ');
    // A variable has a second `%`, with nothing but a name between.
    let is_variable = text.strip_prefix('%').and_then(|it| it.split_once('%')).is_some_and(|(name, rest)| {
        let is_name = !name.is_empty() && name.chars().all(|it| it.is_alphanumeric() || "_()".contains(it));
        is_name && (rest.is_empty() && name.chars().any(char::is_uppercase) || rest.starts_with(['\\', '/']))
    });
    let is_pattern = is_outer && inner.contains(char::is_alphanumeric) && !is_percentage && !is_variable;
    is_pattern.then_some(expr.span)
}
