//! ## What it does
//!
//! Finds patterns of registry keys that know `CurrentControlSet` only.
//!
//! ## Why
//!
//! `CurrentControlSet` is a link. Old versions of Sysmon, event 4657 of the Security log and many sensors write what it
//! points to: `\REGISTRY\MACHINE\SYSTEM\ControlSet001\Services`. Prospero brings both to one form; QRadar keeps what the
//! log wrote, and the pattern misses it.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE "Registry Key" ILIKE '%\CurrentControlSet\Services\%' LAST 24 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events WHERE "Registry Key" IMATCHES '\\(CurrentControlSet|ControlSet\d{3})\\Services\\'
//! LAST 24 HOURS
//! ```
//!
//! ## Limits
//!
//! Patterns of other fields, such as command lines, are left alone, and so is a field for which the query has a pattern
//! of numbered keys somewhere.

use schema::EVENTS;
use syntax::{Diagnostic, Safety, Severity};

use super::event_classes::filter;
use super::{Finder, Group, Lint, Subject};
use crate::bound::{Expr, ExprKind, Pattern, PatternKind};

/// The link, and a key that it may point to.
const LINK: &str = "currentcontrolset";
/// Fields that hold registry paths.
const FIELDS: [&str; 2] = ["Registry Key", "Object Name"];

pub(super) static NUMBERED_CONTROL_SET: Lint = Lint {
    name: "numbered-control-set",
    group: Group::Portability,
    severity: Severity::Note,
    source: include_str!("numbered_control_set.rs"),
    finder: Finder::Query(check),
};

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    let Some(filter) = filter(subject.query) else { return };
    let mut fields: Vec<usize> = FIELDS.iter().filter_map(|it| EVENTS.position(it)).collect();
    fields.retain(|it| !knows_numbered_keys(filter, *it));
    filter.visit(&mut |it| {
        let ExprKind::Text(test) = &it.kind else { return };
        let ExprKind::Field(field) = test.operand.kind else { return };
        if test.negated || !fields.contains(&field) {
            return;
        }
        let knows_only_the_link = |it: &&Pattern| it.text.to_lowercase().contains(LINK) && !is_numbered(it);
        let Some(pattern) = test.patterns.iter().find(knows_only_the_link) else { return };
        if found.iter().any(|it| it.id == NUMBERED_CONTROL_SET.name && it.span == pattern.span) {
            return;
        }
        let mut said = NUMBERED_CONTROL_SET
            .at(pattern.span, "a pattern of the registry that misses `ControlSet001` on QRadar")
            .with_label("`CurrentControlSet` is a link")
            .with_help("leave the key out (`%\\Services\\%`), or match `(CurrentControlSet|ControlSet\\d{3})`");
        if let Some(wider) = wider(subject.source(pattern.span), pattern.kind) {
            said = said.with_fix(Safety::Unsafe, vec![(pattern.span, wider)]);
        }
        found.push(said);
    });
}

/// Whether a pattern of the field is one of numbered keys: they are looked for, perhaps in another alternative.
fn knows_numbered_keys(filter: &Expr, field: usize) -> bool {
    let mut found = false;
    filter.visit(&mut |it| {
        if let ExprKind::Text(test) = &it.kind {
            let is_field = test.operand.kind == ExprKind::Field(field);
            found |= is_field && !test.negated && test.patterns.iter().any(is_numbered);
        }
    });
    found
}

fn is_numbered(pattern: &Pattern) -> bool {
    pattern.text.to_lowercase().replace(LINK, "").contains("controlset")
}

/// A literal that matches the numbered keys too; none where a pattern cannot say it.
fn wider(literal: &str, kind: PatternKind) -> Option<String> {
    let start = literal.to_ascii_lowercase().find(LINK)?;
    let (before, rest) = literal.split_at(start);
    let (link, after) = rest.split_at(LINK.len());
    let set = &link["current".len()..];
    match kind {
        PatternKind::Equal => None,
        PatternKind::Like => Some(format!("{}%{set}%{after}", before.trim_end_matches('%'))),
        PatternKind::Regex => Some(format!(r"{before}({link}|{set}\d{{3}}){after}")),
    }
}
