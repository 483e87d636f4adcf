//! Where the conditions of a query stand: which of them are joined by which AND or OR, and what must hold beside them.

use syntax::Span;

use crate::bound::{Expr, ExprKind, Query, Source};
use crate::reachability::{Condition, Outcome, Reachability};

/// One operand of an AND or OR as it is written. `BETWEEN` and `TEXT SEARCH` are bound as several conditions of one
/// place.
#[derive(Clone, Debug)]
pub(super) struct Part<'q> {
    pub(super) span: Span,
    pub(super) exprs: Vec<&'q Expr>,
    pub(super) conditions: Vec<Condition>,
}

/// An AND or OR, with what must be true for it to matter.
#[derive(Clone, Debug)]
pub(super) struct Place<'q> {
    pub(super) is_and: bool,
    /// How many of its kind it stands in.
    pub(super) depth: usize,
    pub(super) parts: Vec<Part<'q>>,
    /// Conditions that stand beside it in an AND, near or far.
    pub(super) context: Vec<Condition>,
    /// The expression that the context belongs to, part by part, with its place.
    pub(super) beside: Vec<(Span, Condition)>,
}

/// A goal of a question.
pub(super) type Goal = (Condition, Outcome);

impl Place<'_> {
    /// Whether a CASE stands in it, such as a score that is compared.
    pub(super) fn has_choice(&self) -> bool {
        self.parts.iter().flat_map(|it| &it.exprs).any(|it| has_choice(it))
    }

    /// What must be true beside it.
    pub(super) fn goals(&self) -> Vec<Goal> {
        self.context.iter().map(|it| (*it, Outcome::True)).collect()
    }
}

impl Part<'_> {
    /// The only expression, if it is one.
    pub(super) fn only(&self) -> Option<&Expr> {
        if let [only] = self.exprs.as_slice() { Some(only) } else { None }
    }

    /// Whether a constant stands where a value of the row is meant: it was said already, or is on purpose.
    pub(super) fn is_constant(&self) -> bool {
        self.exprs.iter().any(|it| is_constant(it))
    }

    /// Whether it is proven that it cannot be true beside what the goals say.
    pub(super) fn never(&self, is_and: bool, goals: &[Goal], reachability: &mut Reachability) -> bool {
        let goal = |it: &Condition| (*it, Outcome::True);
        if is_and {
            let all: Vec<Goal> = goals.iter().copied().chain(self.conditions.iter().map(goal)).collect();
            return reachability.never(&all);
        }
        self.conditions.iter().all(|it| {
            let all: Vec<Goal> = goals.iter().copied().chain([goal(it)]).collect();
            reachability.never(&all)
        })
    }

    /// Whether it is proven that it is true whenever the goals are met; a part of an AND.
    pub(super) fn always(&self, goals: &[Goal], reachability: &mut Reachability) -> bool {
        self.conditions.iter().all(|it| {
            let all: Vec<Goal> = goals.iter().copied().chain([(*it, Outcome::NotTrue)]).collect();
            reachability.never(&all)
        })
    }

    /// That it is true, as goals; only for a part of an AND, or one of a single condition.
    pub(super) fn truth(&self) -> impl Iterator<Item = Goal> + '_ {
        self.conditions.iter().map(|it| (*it, Outcome::True))
    }
}

/// The places within a condition, outermost first. NOT is not entered.
pub(super) fn places<'q>(condition: &'q Expr, reachability: &mut Reachability) -> Vec<Place<'q>> {
    let mut found = Vec::new();
    collect(condition, &[], 0, reachability, &mut found);
    found
}

fn collect<'q>(
    condition: &'q Expr,
    beside: &[(Span, Condition)],
    depth: usize,
    reachability: &mut Reachability,
    found: &mut Vec<Place<'q>>,
) {
    let (ExprKind::And(operands) | ExprKind::Or(operands)) = &condition.kind else { return };
    let is_and = matches!(condition.kind, ExprKind::And(_));
    let mut parts: Vec<Part<'q>> = Vec::with_capacity(operands.len());
    for operand in operands {
        let bound = reachability.condition(operand);
        match parts.last_mut() {
            Some(part) if part.span == operand.span => {
                part.exprs.push(operand);
                part.conditions.push(bound);
            }
            _ => parts.push(Part { span: operand.span, exprs: vec![operand], conditions: vec![bound] }),
        }
    }
    let context = beside.iter().map(|(_, it)| *it).collect();
    found.push(Place { is_and, depth, parts: parts.clone(), context, beside: beside.to_vec() });
    for (index, part) in parts.iter().enumerate() {
        let [expr] = part.exprs.as_slice() else { continue };
        let mut inner = beside.to_vec();
        if is_and {
            let others = parts.iter().enumerate().filter(|(other, _)| *other != index);
            inner.extend(others.flat_map(|(_, it)| it.conditions.iter().map(|condition| (it.span, *condition))));
        }
        collect(expr, &inner, depth + 1, reachability, found);
    }
}

/// A query with its sub-selects, in FROM and in IN.
pub(crate) fn queries(query: &Query) -> Vec<&Query> {
    let mut all = vec![query];
    if let Source::Query(inner) = &query.source {
        all.extend(queries(inner));
    }
    for subquery in &query.subqueries {
        all.extend(queries(&subquery.query));
    }
    all
}

/// The CASEs of a query, each place once: an alias may stand for one in several clauses.
pub(super) fn choices(query: &Query) -> Vec<&Expr> {
    let mut found: Vec<&Expr> = Vec::new();
    for root in query.roots() {
        collect_choices(root, &mut found);
    }
    found.sort_by_key(|it| it.span);
    found.dedup_by_key(|it| it.span);
    found
}

/// The CASEs of an expression.
pub(super) fn choices_of(expr: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    collect_choices(expr, &mut found);
    found
}

fn collect_choices<'q>(expr: &'q Expr, found: &mut Vec<&'q Expr>) {
    if matches!(expr.kind, ExprKind::Case { .. }) {
        found.push(expr);
    }
    for child in expr.children() {
        collect_choices(child, found);
    }
}

/// Whether a CASE stands in an expression.
pub(super) fn has_choice(expr: &Expr) -> bool {
    let mut found = false;
    expr.visit(&mut |it| found |= matches!(it.kind, ExprKind::Case { .. }));
    found
}

/// Whether a condition has a part that does not depend on the row: an impossible constant was said by the binder, and
/// `1 = 1` is there on purpose.
pub(super) fn is_constant(condition: &Expr) -> bool {
    let reads_row = |expr: &Expr| {
        let mut reads = false;
        expr.visit(&mut |it| {
            let is_value = matches!(it.kind, ExprKind::Field(_) | ExprKind::Property(_) | ExprKind::Call(_));
            reads |= is_value || matches!(it.kind, ExprKind::Aggregate(_) | ExprKind::SessionId);
        });
        reads
    };
    let is_null = |it: &Expr| matches!(it.as_literal(), Some(crate::bound::Literal::Null));
    let mut said = false;
    condition.visit(&mut |it| {
        said |= match &it.kind {
            ExprKind::Compare(_, left, right) => is_null(left) || is_null(right),
            ExprKind::In { list, .. } => list.iter().any(is_null),
            _ => false,
        };
    });
    said || !reads_row(condition)
}
