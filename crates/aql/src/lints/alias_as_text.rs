//! ## What it does
//!
//! Finds the name of a column in single quotes as the argument of a function.
//!
//! ## Why
//!
//! Single quotes make text. `REFERENCETABLE('people', 'dept', 'User')` looks up the word "User" in every row, not the
//! column of that name.
//!
//! ## Example
//!
//! ```aql
//! SELECT LOWER(username) AS 'User', REFERENCETABLE('people', 'dept', 'User') AS department
//! FROM events LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT LOWER(username) AS 'User', REFERENCETABLE('people', 'dept', "User") AS department
//! FROM events LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! Arguments that are names themselves, such as those of a reference table and its column, are left alone.

use syntax::ast::{ExprKind, Item};
use syntax::{Diagnostic, Safety, Severity};

use super::walk::constant;
use super::{Finder, Group, Lint, Subject};
use crate::functions;

pub(super) static ALIAS_AS_TEXT: Lint = Lint {
    name: "alias-as-text",
    group: Group::Correctness,
    severity: Severity::Warning,
    source: include_str!("alias_as_text.rs"),
    finder: Finder::Query(check),
};

/// The parameter that names a column of a reference table.
const COLUMN: &str = "column";

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit_queries(&mut |query| {
        let aliases: Vec<&str> = query.select.iter().filter_map(|it| alias(&it.value)).collect();
        for root in query.roots() {
            root.visit(&mut |it| {
                let ExprKind::Call(call) = &it.value else { return };
                let Some(function) = functions::find(&call.name.value) else { return };
                for (parameter, argument) in function.parameters.iter().zip(&call.args) {
                    if let Some(text) = constant(argument)
                        && aliases.contains(&text)
                        && !parameter.literal
                        && parameter.name != COLUMN
                    {
                        let edit = format!("\"{text}\"");
                        let diagnostic = ALIAS_AS_TEXT
                            .at(argument.span, format!("`'{text}'` is a constant text, not the column of this name"))
                            .with_label("the same in every row")
                            .with_note("single quotes make text, double quotes make names")
                            .with_help(format!("write {edit}"))
                            .with_fix(Safety::Unsafe, vec![(argument.span, edit)]);
                        found.push(diagnostic);
                    }
                }
            });
        }
    });
}

fn alias(item: &Item) -> Option<&str> {
    match item {
        Item::Expr { alias: Some(alias), .. } => Some(&alias.value.name),
        Item::Expr { alias: None, .. } | Item::Star => None,
    }
}
