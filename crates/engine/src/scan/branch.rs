//! The branches of a query: the labels of a selected CASE, or where there is none the arms of the topmost OR of WHERE.

use std::sync::Arc;

use aql::bound::{Column, Expr, ExprKind, Literal, Query};
use schema::Type;

use super::{Match, Subject};

/// The name of the column that is added to tell the arms of WHERE apart.
const ARM_COLUMN: &str = "$branch";
/// The column that is taken for the branch when several could be.
const USUAL_COLUMN: &str = "detection_branch";
/// The longest text of an arm, in characters; what is longer is cut.
const ARM_TEXT_MAX: usize = 100;

/// How the matches of a query divide into branches.
#[derive(Clone, Debug, PartialEq)]
pub struct Branches {
    /// The labels that there are, in the order of the query. One that no match has is a branch that did not fire.
    pub labels: Vec<String>,
    column: Option<String>,
    conditions: Vec<Option<Expr>>,
}

impl Branches {
    /// The branches of a subject, and the subject whose matches tell them. `text` is that of the query. Where several
    /// arms of WHERE are true on an event, the first counts.
    pub fn of(subject: &Subject, text: &str) -> (Self, Subject) {
        let query = &subject.query;
        if let Some((name, labels, conditions)) = label_column(query) {
            return (Self { labels, column: Some(name), conditions }, subject.clone());
        }
        let arms = query.filter.as_ref().filter(|_| subject.is_single()).and_then(top_or);
        let Some(arms) = arms else {
            return (Self { labels: Vec::new(), column: None, conditions: Vec::new() }, subject.clone());
        };
        let labels: Vec<String> = arms.iter().map(|it| arm_text(it, text)).collect();
        let conditions = arms.iter().cloned().map(Some).collect();
        let mut query = Query::clone(query);
        query.columns.push(arm_column(arms, &labels));
        let branches = Self { labels, column: Some(ARM_COLUMN.to_owned()), conditions };
        (branches, Subject { query: Arc::new(query), ..subject.clone() })
    }

    /// What must be true on an event of a branch beside the filter, by the place of its label; nothing where any event
    /// that passes the filter may be of it.
    pub fn condition(&self, branch: usize) -> Option<&Expr> {
        self.conditions.get(branch)?.as_ref()
    }

    /// The branch of a match; an added column is taken off. Nothing where the query has no branches.
    pub fn take(&self, found: &mut Match) -> Option<String> {
        let column = self.column.as_deref()?;
        let position = found.columns.iter().position(|(name, _)| **name == *column)?;
        let value =
            if column == ARM_COLUMN { found.columns.remove(position).1 } else { found.columns[position].1.clone() };
        match value {
            serde_json::Value::String(label) => Some(label),
            _ => None,
        }
    }
}

/// The selected column that is a CASE of labels, with these and the condition of each.
fn label_column(query: &Query) -> Option<(String, Vec<String>, Vec<Option<Expr>>)> {
    let with_labels = query.columns.iter().filter_map(|it| {
        let mut labels = Vec::new();
        let is_label = matches!(it.expr.kind, ExprKind::Case { .. }) && collect_labels(&it.expr, &mut labels);
        let conditions = labels.iter().map(|label| condition_of(&it.expr, label)).collect();
        (is_label && labels.len() > 1).then(|| (it.name.clone(), labels, conditions))
    });
    let mut columns: Vec<_> = with_labels.collect();
    let usual = columns.iter().position(|(name, ..)| name.eq_ignore_ascii_case(USUAL_COLUMN)).unwrap_or(0);
    (usual < columns.len()).then(|| columns.swap_remove(usual))
}

/// What must be true for a CASE to give a label: one of the conditions of its arms. Nothing where it may be given without
/// any, or by a CASE within.
fn condition_of(expr: &Expr, label: &str) -> Option<Expr> {
    let ExprKind::Case { arms, otherwise } = &expr.kind else { return None };
    let is_plain = |it: &Expr| it.as_literal().is_some();
    if !arms.iter().all(|(_, value)| is_plain(value))
        || otherwise.as_ref().is_some_and(|it| it.as_text() == Some(label))
    {
        return None;
    }
    let mut conditions: Vec<Expr> =
        arms.iter().filter(|(_, value)| value.as_text() == Some(label)).map(|(it, _)| it.clone()).collect();
    match conditions.len() {
        0 | 1 => conditions.pop(),
        _ => Some(Expr::new(ExprKind::Or(conditions), Type::Boolean, expr.span)),
    }
}

/// Whether all values of nested CASEs are constant texts, which are added.
fn collect_labels(expr: &Expr, labels: &mut Vec<String>) -> bool {
    match &expr.kind {
        ExprKind::Case { arms, otherwise } => {
            let values = arms.iter().map(|(_, value)| value).chain(otherwise.as_deref());
            values.into_iter().all(|it| collect_labels(it, labels))
        }
        ExprKind::Literal(Literal::Null) => true,
        ExprKind::Literal(Literal::Text(label)) => {
            if !labels.contains(label) {
                labels.push(label.clone());
            }
            true
        }
        _ => false,
    }
}

/// The arms of the filter itself, or of the longest OR among its conjuncts.
fn top_or(filter: &Expr) -> Option<&[Expr]> {
    let conjuncts = match &filter.kind {
        ExprKind::And(conjuncts) => conjuncts.as_slice(),
        _ => std::slice::from_ref(filter),
    };
    let mut longest: Option<&[Expr]> = None;
    for conjunct in conjuncts {
        if let ExprKind::Or(arms) = &conjunct.kind
            && longest.is_none_or(|it| arms.len() > it.len())
        {
            longest = Some(arms);
        }
    }
    longest
}

fn arm_column(arms: &[Expr], labels: &[String]) -> Column {
    let span = arms.first().map(|it| it.span).unwrap_or_default();
    let label = |label: &String| Expr::literal(Literal::Text(label.clone()), span);
    let arms = arms.iter().cloned().zip(labels.iter().map(label)).collect();
    let expr = Expr::new(ExprKind::Case { arms, otherwise: None }, Type::Text, span);
    Column { name: ARM_COLUMN.to_owned(), alias: None, expr, span }
}

/// The text of an arm on one line.
fn arm_text(arm: &Expr, text: &str) -> String {
    let text = text.get(arm.span.start..arm.span.end).unwrap_or_default();
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= ARM_TEXT_MAX {
        return line;
    }
    line.chars().take(ARM_TEXT_MAX).chain(['…']).collect()
}
