//! ## What it does
//!
//! Finds properties by the names that they had before the content packs of QRadar 7.4.3.
//!
//! ## Why
//!
//! With 7.4.3 IBM gave the properties of its packs common names: `Process CommandLine` became `Command`. A console with
//! newer packs does not know the old name and refuses the whole query; one with older packs does not know the new one.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE "Process CommandLine" ILIKE '%mimikatz%' LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events WHERE "Command" ILIKE '%mimikatz%' LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Which packs a console has cannot be known here. `EventID` is not reported: packs of both generations have it. A name
//! that the SELECT list defines stands for that column (`"URL Host" AS UrlHost`) and is left alone.

use schema::EVENTS;
use schema::tables::renamed_properties::{new_name, old_name};
use syntax::ast::{self, Item};
use syntax::{Diagnostic, Label, Safety, Severity, Span};

use super::event_classes::filter;
use super::{Finder, Group, Lint, Subject};

pub(super) static RENAMED_PROPERTY: Lint = Lint {
    name: "renamed-property",
    group: Group::Portability,
    severity: Severity::Note,
    source: include_str!("renamed_property.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    if filter(subject.query).is_none() && subject.query.database().is_none_or(|it| it.name != EVENTS.name) {
        return;
    }
    let defined = |name: &str| subject.options.properties.iter().any(|it| it.name.eq_ignore_ascii_case(name));
    let mut old: Vec<(Span, String, &str)> = Vec::new();
    let mut new: Vec<(Span, String)> = Vec::new();
    subject.syntax.visit_queries(&mut |query| {
        visit_names(query, &mut |name, span| {
            if defined(name) {
                return;
            }
            if let Some(current) = new_name(name) {
                old.push((span, name.to_owned(), current));
            } else if old_name(name).is_some() {
                new.push((span, name.to_owned()));
            }
        });
    });
    for (index, (span, name, current)) in old.iter().enumerate() {
        let mut diagnostic = RENAMED_PROPERTY
            .at(*span, format!("`{name}` is named `{current}` since the content packs of 7.4.3"))
            .with_help(format!("name it `\"{current}\"` where the packs are newer"))
            .with_fix(Safety::Safe, vec![(*span, format!("\"{current}\""))]);
        // No console has both generations.
        if let Some((other, newer)) = new.first().filter(|_| index == 0) {
            diagnostic.severity = Severity::Warning;
            diagnostic = diagnostic.with_note("the query mixes names of both generations");
            diagnostic.labels.push(Label { span: *other, message: format!("`{newer}` is a name of the newer packs") });
        }
        found.push(diagnostic);
    }
}

/// Calls `visitor` for each name that no column of the SELECT list defines. Within its own expression a column is not
/// defined yet.
fn visit_names(query: &ast::Query, visitor: &mut dyn FnMut(&str, Span)) {
    let columns: Vec<(&ast::Expr, String)> = query
        .select
        .iter()
        .filter_map(|it| match &it.value {
            Item::Expr { expr, alias: Some(alias) } => Some((expr, schema::key(&alias.value.name))),
            Item::Expr { .. } | Item::Star => None,
        })
        .collect();
    for root in query.roots() {
        let is_column = |key: &str| columns.iter().any(|it| it.1 == key && !std::ptr::eq(it.0, root));
        root.visit(&mut |expr| {
            if let ast::ExprKind::Name(name) = &expr.value
                && !is_column(&schema::key(&name.text))
            {
                visitor(&name.text, expr.span);
            }
        });
    }
}
