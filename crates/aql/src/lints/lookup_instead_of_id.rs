//! ## What it does
//!
//! Finds conditions that compare a looked-up name where the number behind it could be compared.
//!
//! ## Why
//!
//! `LOGSOURCETYPENAME(devicetype) = '...'` looks up a name for every event that is read, and no index helps. The number
//! is compared at once, and QRadar's own indexes are on the numbers. IBM warns of such lookups before IN.
//!
//! ## Example
//!
//! ```aql
//! SELECT username FROM events WHERE LOGSOURCETYPENAME(devicetype) = 'Linux OS' LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Instead
//!
//! ```aql
//! SELECT username FROM events WHERE devicetype = 11 LIMIT 100 LAST 1 HOURS
//! ```
//!
//! ## Limits
//!
//! The fix is known for log source types and protocols, by public names; consoles may have further types. The numbers
//! of log sources, domains and most QIDs differ between consoles. LIKE is left alone.

use schema::tables::{log_source_types, protocols};
use syntax::ast::{CompareOperator, ExprKind, InList};
use syntax::{Diagnostic, Safety, Severity, ast};

use super::walk::constant;
use super::{Finder, Group, Lint, Subject};

pub(super) static LOOKUP_INSTEAD_OF_ID: Lint = Lint {
    name: "lookup-instead-of-id",
    group: Group::Cost,
    severity: Severity::Note,
    source: include_str!("lookup_instead_of_id.rs"),
    finder: Finder::Query(check),
};

/// Functions that name what a field numbers.
const LOOKUPS: [&str; 7] =
    ["APPLICATIONNAME", "CATEGORYNAME", "DOMAINNAME", "LOGSOURCENAME", "LOGSOURCETYPENAME", "PROTOCOLNAME", "QIDNAME"];

fn check(subject: &Subject<'_>, found: &mut Vec<Diagnostic>) {
    subject.syntax.visit_queries(&mut |query| {
        let Some(filter) = &query.filter else { return };
        filter.visit(&mut |expr| {
            let (operand, values) = match &expr.value {
                ExprKind::Compare(CompareOperator::Equal | CompareOperator::NotEqual, left, right) => {
                    (left, std::slice::from_ref(&**right))
                }
                ExprKind::In { operand, list: InList::Values(values), .. } => (operand, values.as_slice()),
                _ => return,
            };
            let ExprKind::Call(call) = &operand.value else { return };
            let ([field], true) = (call.args.as_slice(), is_lookup(&call.name.value)) else { return };
            let is_constant = values.iter().all(|it| constant(it).is_some());
            if matches!(field.value, ExprKind::Name(_)) && is_constant {
                found.push(diagnostic(subject, expr, operand, field, values));
            }
        });
    });
}

/// Whether a function with this name looks up the name of what a field numbers.
pub(crate) fn is_lookup(name: &str) -> bool {
    LOOKUPS.iter().any(|it| it.eq_ignore_ascii_case(name))
}

fn diagnostic(
    subject: &Subject<'_>,
    whole: &ast::Expr,
    operand: &ast::Expr,
    field: &ast::Expr,
    values: &[ast::Expr],
) -> Diagnostic {
    let (written, field_name) = (subject.source(operand.span), subject.source(field.span));
    let diagnostic = LOOKUP_INSTEAD_OF_ID
        .at(operand.span, format!("`{written}` is looked up for every event"))
        .with_label(format!("names what `{field_name}` numbers"));
    let ids: Option<Vec<i64>> = values.iter().map(|it| number(written, constant(it)?)).collect();
    let Some(ids) = ids else {
        return diagnostic.with_help(format!("compare `{field_name}` with its number, and show the name in SELECT"));
    };
    let mut edits = vec![(operand.span, field_name.to_owned())];
    edits.extend(values.iter().zip(&ids).map(|(value, id)| (value.span, id.to_string())));
    let numbers: Vec<String> = ids.iter().map(i64::to_string).collect();
    debug_assert!(whole.span.start <= operand.span.start, "the edits stay within the condition");
    diagnostic.with_help(format!("compare `{field_name}` with {}", numbers.join(", "))).with_fix(Safety::Unsafe, edits)
}

/// The number behind a name, where it is public.
fn number(lookup: &str, name: &str) -> Option<i64> {
    let function = lookup.split('(').next()?.trim().to_ascii_uppercase();
    match function.as_str() {
        "LOGSOURCETYPENAME" => {
            let found = log_source_types::by_name(name)?;
            found.display_name.filter(|it| it.eq_ignore_ascii_case(name)).map(|_| found.id)
        }
        "PROTOCOLNAME" => protocols::all().iter().find(|it| it.1.eq_ignore_ascii_case(name)).map(|it| it.0),
        _ => None,
    }
}
