//! ## What it does
//!
//! Finds computed columns without a name of their own.
//!
//! ## Why
//!
//! QRadar then makes a name from the text of the expression, and how it does that differs between its versions
//! (`SUM_eventcount`, `SUM`). Dashboards, reports and scripts that read the column by name break.
//!
//! ## Example
//!
//! ```aql
//! SELECT QIDNAME(qid), username FROM events LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT QIDNAME(qid) AS event_name, username FROM events LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! The column of a sub-select in IN needs no name.

use syntax::{Diagnostic, Label, Severity, ast};

use super::{Finder, Group, Lint, Subject};

pub(super) static UNALIASED_COLUMN: Lint = Lint {
    name: "unaliased-column",
    group: Group::Portability,
    severity: Severity::Note,
    source: include_str!("unaliased_column.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let mut query = subject.syntax;
    loop {
        let mut unnamed = query.select.iter().filter(|it| is_unnamed(&it.value)).map(|it| it.span);
        if let Some(first) = unnamed.next() {
            let mut diagnostic = UNALIASED_COLUMN
                .at(first, "this column is computed and has no name")
                .with_label("versions of QRadar name it differently")
                .with_help("name it: `AS` and a name");
            let further = unnamed.map(|span| Label { span, message: "nor has this".to_owned() });
            diagnostic.labels = further.collect();
            found.push(diagnostic);
        }
        match &query.source.value {
            ast::Source::Query(inner) => query = inner,
            ast::Source::Table(_) | ast::Source::GlobalView { .. } => return,
        }
    }
}

fn is_unnamed(item: &ast::Item) -> bool {
    let ast::Item::Expr { expr, alias: None } = item else { return false };
    // A hyphen may belong to the name of a property.
    let is_plain = |it: &ast::ExprKind| {
        matches!(
            it,
            ast::ExprKind::Name(_)
                | ast::ExprKind::Literal(_)
                | ast::ExprKind::Error
                | ast::ExprKind::Binary(ast::BinaryOperator::Hyphen, ..)
        )
    };
    !is_plain(&expr.value)
}
