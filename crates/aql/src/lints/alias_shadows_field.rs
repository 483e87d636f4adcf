//! ## What it does
//!
//! Finds a name in WHERE or in another column that is both a field and a column of the SELECT list, where the two
//! differ.
//!
//! ## Why
//!
//! Inside an expression the field wins. `SELECT LOWER(username) AS username ... WHERE username = 'bob'` compares the
//! field as it was logged, not the column in small letters.
//!
//! ## Example
//!
//! ```aql
//! SELECT LOWER(username) AS username FROM events WHERE username = 'bob' LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT LOWER(username) AS user_name FROM events WHERE user_name = 'bob' LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Only names whose two meanings have the same type are reported: `LOGSOURCENAME(logsourceid) AS logsourceid` beside
//! `logsourceid = 65` leaves no doubt. GROUP BY, HAVING and ORDER BY are left alone: there the column may win.

use syntax::ast::{ExprKind, Item};
use syntax::{Diagnostic, Label, Severity, ast};

use super::{Finder, Group, Lint, Subject};
use crate::bound::{self, Source};

pub(super) static ALIAS_SHADOWS_FIELD: Lint = Lint {
    name: "alias-shadows-field",
    group: Group::Clarity,
    severity: Severity::Note,
    source: include_str!("alias_shadows_field.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Source::Database(database) = &subject.query.source else { return };
    for item in &subject.syntax.select {
        let Item::Expr { expr, alias: Some(alias) } = &item.value else { continue };
        let name = &alias.value.name;
        let Some(field) = own_field(database, name) else { continue };
        let column = subject.query.columns.iter().find(|it| it.alias.as_ref() == Some(name));
        let Some(column) = column.filter(|it| it.expr.kind != bound::ExprKind::Field(field)) else { continue };
        let is_same_type = column.expr.value_type == database.fields[field].value_type;
        if !is_same_type || column.expr.has_aggregate() {
            continue;
        }
        let Some(used) = used(subject.syntax, name, expr) else { continue };
        let mut diagnostic = ALIAS_SHADOWS_FIELD
            .at(used.span, format!("`{}` is the field here, not the column of this name", subject.source(used.span)))
            .with_label("a field wins over a column")
            .with_help("give the column another name");
        diagnostic.labels.push(Label { span: alias.span, message: "the column".to_owned() });
        found.push(diagnostic);
    }
}

/// The field whose own name this is.
fn own_field(database: &schema::Database, name: &str) -> Option<usize> {
    database.find(name).filter(|it| schema::key(database.fields[*it].name) == schema::key(name))
}

/// The first use of a name in WHERE or in another column.
fn used<'a>(query: &'a ast::Query, name: &str, definition: &ast::Expr) -> Option<&'a ast::Expr> {
    let columns = query.select.iter().filter_map(|it| match &it.value {
        Item::Expr { expr, .. } if expr.span != definition.span => Some(expr),
        Item::Expr { .. } | Item::Star => None,
    });
    let mut found = None;
    for root in query.filter.iter().chain(columns) {
        root.visit(&mut |it| {
            // A name that is all of a column is shown, and nothing is decided by it.
            let is_shown = std::ptr::eq(it, root);
            if let ExprKind::Name(used) = &it.value
                && schema::key(&used.text) == schema::key(name)
                && !is_shown
            {
                found = found.or(Some(it));
            }
        });
    }
    found
}
