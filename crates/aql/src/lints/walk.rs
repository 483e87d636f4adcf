//! Walking over a query and its sub-selects as lints want it.

use syntax::ast::{TextOperator, TextPattern};
use syntax::{Span, ast};

use crate::bound::{Expr, Query, Source};

use super::Subject;

impl<'a> Subject<'a> {
    /// The bound query and its sub-selects, in FROM and in IN, outermost first.
    pub fn queries(&self) -> Vec<&'a Query> {
        let mut queries = Vec::new();
        collect(self.query, &mut queries);
        queries
    }

    /// Calls `visitor` for every bound expression of the query and of its sub-selects. What an alias stands for is met at
    /// each use, with the place of its definition.
    pub fn visit(&self, visitor: &mut dyn FnMut(&'a Expr)) {
        for query in self.queries() {
            for root in query.roots() {
                root.visit(visitor);
            }
        }
    }
}

fn collect<'a>(query: &'a Query, queries: &mut Vec<&'a Query>) {
    queries.push(query);
    if let Source::Query(inner) = &query.source {
        collect(inner, queries);
    }
    for subquery in &query.subqueries {
        collect(&subquery.query, queries);
    }
}

/// A LIKE, ILIKE, MATCHES or IMATCHES as it is written.
pub(super) struct WrittenTest<'a> {
    /// All of it.
    pub(super) whole: &'a ast::Expr,
    /// What is tested.
    pub(super) operand: &'a ast::Expr,
    /// How.
    pub(super) operator: TextOperator,
    /// The one pattern, or the list after ANY.
    pub(super) patterns: &'a [ast::Expr],
    /// Whether ANY stands before the patterns.
    pub(super) is_list: bool,
    /// Whether NOT stands before the operator.
    pub(super) is_negated: bool,
}

impl<'a> WrittenTest<'a> {
    /// The test that an expression is.
    pub(super) fn new(expr: &'a ast::Expr) -> Option<Self> {
        let ast::ExprKind::Text { operand, operator, pattern, negated } = &expr.value else { return None };
        let (patterns, is_list) = match pattern {
            TextPattern::One(pattern) => (std::slice::from_ref(&**pattern), false),
            TextPattern::Any(patterns) => (patterns.as_slice(), true),
        };
        Some(Self { whole: expr, operand, operator: *operator, patterns, is_list, is_negated: *negated })
    }

    /// Whether it has wildcards instead of a regular expression.
    pub(super) const fn is_like(&self) -> bool {
        matches!(self.operator, TextOperator::Like | TextOperator::ILike)
    }

    /// The patterns that are constant texts, with their places.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&'a str, Span)> + use<'a> {
        self.patterns.iter().filter_map(|it| Some((constant(it)?, it.span)))
    }
}

/// The text that an expression is.
pub(super) fn constant(expr: &ast::Expr) -> Option<&str> {
    match &expr.value {
        ast::ExprKind::Literal(ast::Literal::Text(text)) => Some(text),
        _ => None,
    }
}

/// The field that a bare name means.
pub(super) fn named_field(subject: &Subject<'_>, expr: &ast::Expr) -> Option<&'static str> {
    let ast::ExprKind::Name(name) = &expr.value else { return None };
    let database = subject.query.database()?;
    database.field(&name.text).map(|it| it.name)
}

/// The field that is tested: a bare name, or LOWER or UPPER of one.
pub(super) fn tested_field(subject: &Subject<'_>, expr: &ast::Expr) -> Option<&'static str> {
    match &expr.value {
        ast::ExprKind::Call(call) if ["LOWER", "UPPER"].iter().any(|it| call.name.value.eq_ignore_ascii_case(it)) => {
            named_field(subject, call.args.first()?)
        }
        _ => named_field(subject, expr),
    }
}
