//! Exclusions in a bound query: where rows are put together, the events that an exclusion removes must be gone before.

use std::sync::Arc;

use aql::bound::{Expr, ExprKind, Literal, Query, Source};
use schema::Type;
use syntax::Span;

/// The query that reads the events in the end, through sub-selects in FROM; nothing where `events` is not read.
pub(crate) fn innermost(query: &Arc<Query>) -> Option<Arc<Query>> {
    match &query.source {
        Source::Query(inner) => innermost(inner),
        Source::Database(database) if database.name == schema::EVENTS.name => Some(Arc::clone(query)),
        _ => None,
    }
}

/// The same query over the events for which no exclusion is true: each stands as AND NOT in the WHERE that reads the
/// events, where unknown does not exclude.
pub(super) fn without(query: &Query, exclusions: &[Arc<Query>]) -> Query {
    let mut query = query.clone();
    match &query.source {
        Source::Query(inner) => query.source = Source::Query(Arc::new(without(inner, exclusions))),
        Source::Database(database) if database.name == schema::EVENTS.name => {
            let mut conditions = match query.filter.take() {
                Some(Expr { kind: ExprKind::And(operands), .. }) => operands,
                filter => filter.into_iter().collect(),
            };
            conditions.extend(exclusions.iter().filter_map(|it| it.filter.as_ref()).map(not_true));
            query.filter = if conditions.len() > 1 {
                let span = conditions[0].span;
                Some(Expr::new(ExprKind::And(conditions), Type::Boolean, span))
            } else {
                conditions.pop()
            };
        }
        // Exclusions are about events; nothing else is kept of logs.
        Source::Database(_) | Source::GlobalView { .. } => {}
    }
    query
}

/// Whether a condition is false or unknown.
fn not_true(condition: &Expr) -> Expr {
    let constant = |value| Expr::literal(Literal::Boolean(value), Span::default());
    let arms = vec![(condition.clone(), constant(false))];
    Expr::new(ExprKind::Case { arms, otherwise: Some(Box::new(constant(true))) }, Type::Boolean, condition.span)
}
