//! A change of one expression.

use std::sync::Arc;

use aql::bound::{Call, Expr, ExprKind, Literal, Pattern, Query, Source, TextTest};
use aql::text::Case;

/// What becomes of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    /// An operand of AND or OR, or an arm of CASE, is left out.
    Without(usize),
    /// The truth is turned round.
    Negated,
    /// A test of text has other patterns or treats case otherwise.
    Patterns(Vec<Pattern>, Case),
    /// Another expression stands in its place.
    Expr(Box<Expr>),
    /// A key of GROUP BY is left out: see [`without_key`].
    Key(usize),
}

impl Change {
    /// The expression after the change.
    pub(super) fn apply(&self, expr: &Expr) -> Expr {
        let kind = match (self, &expr.kind) {
            (Self::Expr(other), _) => return (**other).clone(),
            (Self::Negated, _) => ExprKind::Not(Box::new(expr.clone())),
            (Self::Without(position), ExprKind::And(operands)) => {
                return connected(operands, *position, ExprKind::And, expr);
            }
            (Self::Without(position), ExprKind::Or(operands)) => {
                return connected(operands, *position, ExprKind::Or, expr);
            }
            (Self::Without(position), ExprKind::Case { arms, otherwise }) => {
                let mut arms = arms.clone();
                arms.remove(*position);
                if arms.is_empty() {
                    return otherwise
                        .as_deref()
                        .cloned()
                        .unwrap_or_else(|| Expr::new(ExprKind::Literal(Literal::Null), expr.value_type, expr.span));
                }
                ExprKind::Case { arms, otherwise: otherwise.clone() }
            }
            (Self::Patterns(patterns, case), ExprKind::Text(test)) => {
                ExprKind::Text(TextTest { patterns: patterns.clone(), case: *case, ..test.clone() })
            }
            _ => return expr.clone(),
        };
        Expr::new(kind, expr.value_type, expr.span)
    }
}

fn connected(operands: &[Expr], position: usize, kind: fn(Vec<Expr>) -> ExprKind, expr: &Expr) -> Expr {
    let mut rest = operands.to_vec();
    rest.remove(position);
    if rest.len() == 1 { rest.remove(0) } else { Expr::new(kind(rest), expr.value_type, expr.span) }
}

/// The expression with a change made wherever `site` stands in it.
fn changed(expr: &Expr, site: &Expr, change: &Change) -> Expr {
    if expr.span == site.span && expr == site {
        return change.apply(expr);
    }
    let kind = expr.kind.clone().map_children(&mut |it| changed(&it, site, change));
    Expr::new(kind, expr.value_type, expr.span)
}

/// The query, and those within it, with changes made wherever their sites stand in it, one after the other.
pub(super) fn changed_query(query: &Query, changes: &[(Expr, Change)]) -> Query {
    changes.iter().fold(query.clone(), |query, (site, change)| changed_once(&query, site, change))
}

fn changed_once(query: &Query, site: &Expr, change: &Change) -> Query {
    let mut query = query.clone();
    if let Source::Query(inner) = &query.source {
        query.source = Source::Query(Arc::new(changed_once(inner, site, change)));
    }
    for subquery in &mut query.subqueries {
        subquery.query = Arc::new(changed_once(&subquery.query, site, change));
    }
    if let Change::Key(position) = change {
        if query.group_by.get(*position).is_some_and(|it| it.span == site.span && it == site) {
            return without_key(query, *position);
        }
        return query;
    }
    let change = |it: Expr| changed(&it, site, change);
    for column in &mut query.columns {
        column.expr = change(column.expr.clone());
    }
    query.filter = query.filter.map(change);
    query.having = query.having.map(change);
    query.group_by = query.group_by.into_iter().map(change).collect();
    for sort in &mut query.order_by {
        sort.expr = change(sort.expr.clone());
    }
    query
}

/// The query without a key of GROUP BY. What showed the key shows its first value.
fn without_key(mut query: Query, position: usize) -> Query {
    let key = query.group_by.remove(position);
    let Some(first) = aql::functions::find("FIRST") else { return query };
    let shown = |it: Expr| first_of(&it, &key, first);
    for column in &mut query.columns {
        column.expr = shown(column.expr.clone());
    }
    query.having = query.having.map(shown);
    for sort in &mut query.order_by {
        sort.expr = shown(sort.expr.clone());
    }
    query
}

/// The expression with the first value of a key in the place of the key, outside of aggregates.
fn first_of(expr: &Expr, key: &Expr, first: &'static aql::Function) -> Expr {
    if expr == key {
        let call = Call { function: first, args: vec![expr.clone()] };
        return Expr::new(ExprKind::Aggregate(call), expr.value_type, expr.span);
    }
    if matches!(expr.kind, ExprKind::Aggregate(_)) {
        return expr.clone();
    }
    let kind = expr.kind.clone().map_children(&mut |it| first_of(&it, key, first));
    Expr::new(kind, expr.value_type, expr.span)
}
