//! Aggregating queries as correlation rules: groups of events within the time of the query.

use std::fmt::Write as _;

use aql::bound::{Call, Expr, ExprKind, Query, Window};
use syntax::ast::{BinaryOperator, CompareOperator};
use syntax::{Diagnostic, Span};

use super::compare::number_of;
use super::detection::Detection;
use super::formula::{FieldKey, Formula, Test};
use super::names::{self, Scope};
use super::{RuleFile, Subject, refusal, rule, source, suffixes, yaml};
use crate::rule::LogSource;

/// Whether the query groups its events.
pub(super) fn is_needed(query: &Query) -> bool {
    !query.group_by.is_empty() || query.having.is_some() || query.columns.iter().any(|it| it.expr.has_aggregate())
}

/// What a group must be.
struct Condition {
    /// Sigma's type, such as `event_count`.
    kind: &'static str,
    /// The field that is counted or summed.
    field: Option<String>,
    /// Operator and number, printed.
    bounds: Vec<(&'static str, String)>,
}

/// The base rules and the correlation over them, in one file.
pub(super) fn file(
    subject: &Subject,
    query: &Query,
    rules: &[(LogSource, Detection)],
) -> Result<RuleFile, Box<Diagnostic>> {
    let (windows, group_by): (Vec<&Expr>, Vec<&Expr>) = query.group_by.iter().partition(|it| window(it).is_some());
    let timespan = timespan(query, windows.first().and_then(|it| window(it)))?;
    let condition = match &query.having {
        Some(having) => condition(having, rules)?,
        None => Condition { kind: "event_count", field: None, bounds: vec![("gte", "1".to_owned())] },
    };
    let keys = group_by.into_iter().map(|it| field(it, rules)).collect::<Result<Vec<_>, _>>()?;

    let mut text = String::new();
    let mut names = Vec::new();
    for ((source, detection), suffix) in rules.iter().zip(suffixes(rules)) {
        let words = [subject.id.as_str(), suffix.as_str(), "event"];
        let name = words.join("_").replace([' ', '-'], "_").replace("__", "_");
        let suffix = format!("{suffix} event").trim().to_owned();
        let part = rule::Part { suffix, related: Vec::new(), left_out: None, name: Some(&name) };
        text.push_str(&rule::text(subject, &part, source, detection));
        text.push_str("---\n");
        names.push(name);
    }
    let part = rule::Part { suffix: String::new(), related: Vec::new(), left_out: None, name: None };
    text.push_str(&rule::head(subject, &part));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "correlation:\n    type: {}\n    rules:", condition.kind);
    for name in &names {
        let _ = writeln!(text, "        - {name}");
    }
    if !keys.is_empty() {
        let _ = writeln!(text, "    group-by:");
        for key in &keys {
            let _ = writeln!(text, "        - {}", yaml::scalar(key));
        }
    }
    let _ = writeln!(text, "    timespan: {timespan}\n    condition:");
    for (operator, number) in &condition.bounds {
        let _ = writeln!(text, "        {operator}: {number}");
    }
    if let Some(field) = &condition.field {
        let _ = writeln!(text, "        field: {}", yaml::scalar(field));
    }
    text.push_str(&rule::foot(subject));
    Ok(RuleFile { name: format!("{}.yml", subject.id), text })
}

/// The length in milliseconds of the windows that a key cuts the time into: `LONG(starttime / 600000)`, or
/// `starttime - starttime % 600000`.
fn window(key: &Expr) -> Option<i64> {
    let is_start = |it: &Expr| is_field(it, "starttime");
    let length = |it: &Expr| plain(it).as_literal().and_then(number_of).map(|it| it as i64).filter(|it| *it > 0);
    match &plain(key).kind {
        ExprKind::Call(call) if matches!(call.function.name, "LONG" | "ROUND") => window(call.args.first()?),
        ExprKind::Binary(BinaryOperator::Divide, start, by) if is_start(start) => length(by),
        ExprKind::Binary(BinaryOperator::Subtract, start, rest) if is_start(start) => match &plain(rest).kind {
            ExprKind::Binary(BinaryOperator::Modulo, start, by) if is_start(start) => length(by),
            _ => None,
        },
        _ => None,
    }
}

/// The length of the windows, else of LAST, in the greatest unit that holds it.
fn timespan(query: &Query, window_ms: Option<i64>) -> Result<String, Box<Diagnostic>> {
    const UNITS: [(&str, i64); 4] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];
    let span = query.group_by.first().map_or(Span::default(), |it| it.span);
    let last_ms = if let Some(Window::Last { length_ms }) = query.window { Some(length_ms) } else { None };
    let Some(length_ms) = window_ms.or(last_ms) else {
        return Err(Box::new(refusal(span, "groups of events without a time", "add LAST, such as LAST 1 HOURS")));
    };
    let (unit, length) = UNITS.into_iter().find(|it| length_ms % it.1 == 0).unwrap_or(("s", 1000));
    Ok(format!("{}{unit}", length_ms / length))
}

/// HAVING as Sigma's condition: one aggregate against constants.
fn condition(having: &Expr, rules: &[(LogSource, Detection)]) -> Result<Condition, Box<Diagnostic>> {
    if let ExprKind::And(parts) = &having.kind {
        let mut conditions = parts.iter().map(|it| condition(it, rules));
        let mut first = conditions.next().unwrap_or_else(|| Err(unsaid(having)))?;
        for other in conditions {
            let other = other?;
            if other.kind != first.kind || other.field != first.field {
                return Err(Box::new(refusal(having.span, "conditions on several aggregates", "keep one of them")));
            }
            first.bounds.extend(other.bounds);
        }
        return Ok(first);
    }
    let ExprKind::Compare(operator, left, right) = &having.kind else { return Err(unsaid(having)) };
    let aggregate = plain(left);
    let (ExprKind::Aggregate(call), Some(number)) = (&aggregate.kind, right.as_literal().and_then(number_of)) else {
        return Err(unsaid(having));
    };
    let operator = match operator {
        CompareOperator::Equal => "eq",
        CompareOperator::NotEqual => "neq",
        CompareOperator::Less => "lt",
        CompareOperator::LessOrEqual => "lte",
        CompareOperator::Greater => "gt",
        CompareOperator::GreaterOrEqual => "gte",
    };
    let (kind, field) = aggregate_of(call, aggregate, rules)?;
    Ok(Condition { kind, field, bounds: vec![(operator, number.to_string())] })
}

fn aggregate_of(
    call: &Call,
    aggregate: &Expr,
    rules: &[(LogSource, Detection)],
) -> Result<(&'static str, Option<String>), Box<Diagnostic>> {
    let argument = call.args.first().map(|it| field(it, rules)).transpose();
    match (call.function.name, call.args.first()) {
        ("COUNT", None) => Ok(("event_count", None)),
        // A row of QRadar may stand for several events; of a log, which Sigma counts, each is one.
        ("SUM", Some(counted)) if is_field(counted, "eventcount") => Ok(("event_count", None)),
        ("UNIQUECOUNT" | "DISTINCTCOUNT", Some(_)) => Ok(("value_count", argument?)),
        ("SUM", Some(_)) => Ok(("value_sum", argument?)),
        ("AVG", Some(_)) => Ok(("value_avg", argument?)),
        _ => {
            let what = format!("the aggregate `{}`", call.function.name);
            Err(Box::new(refusal(aggregate.span, &what, "COUNT(*), UNIQUECOUNT, SUM and AVG of a field have a rule")))
        }
    }
}

fn unsaid(having: &Expr) -> Box<Diagnostic> {
    Box::new(refusal(having.span, "this condition on groups", "compare one aggregate with a number"))
}

/// Whether an expression is this field of events.
fn is_field(expr: &Expr, name: &str) -> bool {
    matches!(plain(expr).kind, ExprKind::Field(column) if schema::EVENTS.fields[column].name == name)
}

fn plain(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Convert(inner) => plain(inner),
        _ => expr,
    }
}

/// Sigma's name of a field, which must be the same in all log sources.
fn field(expr: &Expr, rules: &[(LogSource, Detection)]) -> Result<String, Box<Diagnostic>> {
    let key = match &plain(expr).kind {
        ExprKind::Field(column) => FieldKey::Column(*column),
        ExprKind::Property(name) => FieldKey::Property(name.clone()),
        _ => return Err(Box::new(refusal(expr.span, "groups by a computed value", "group by fields"))),
    };
    let mut name: Option<String> = None;
    for (source, _) in rules {
        let class = source::class_of(source);
        let scope = Scope { category: source.category.as_deref(), class: &class };
        let found = named(&key, &scope, expr.span);
        match (found, &name) {
            (Some(found), None) => name = Some(found),
            (Some(found), Some(name)) if found == *name => {}
            _ => return Err(Box::new(refusal(expr.span, "this field for all log sources", "use one log source"))),
        }
    }
    name.ok_or_else(|| Box::new(refusal(expr.span, "groups of no log source", "name a log source")))
}

/// The name of the whole field; none when Sigma has it as a part of another.
fn named(key: &FieldKey, scope: &Scope<'_>, span: Span) -> Option<String> {
    let exists = Formula::atom(key.clone(), Test::Exists, span);
    let text = Formula::atom(key.clone(), Test::IsTrue, span);
    match (names::named(&exists, scope), names::named(&text, scope)) {
        (Formula::Atom(_), Formula::Atom(atom)) if atom.test == Test::IsTrue => match &atom.field {
            FieldKey::Property(name) => Some(name.clone()),
            FieldKey::Column(_) => None,
        },
        _ => None,
    }
}
