//! Walking over syntax trees.

use crate::ast::{Call, Expr, ExprKind, InList, Item, Query, Session, Source, TextPattern};

impl Expr {
    /// Calls `visitor` for this expression and everything within, outermost first; sub-selects are not entered.
    pub fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a Expr)) {
        visitor(self);
        for child in self.children() {
            child.visit(visitor);
        }
    }

    /// The direct operands, in the order of the text.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.value {
            ExprKind::Literal(_) | ExprKind::Name(_) | ExprKind::TextSearch(_) | ExprKind::Error => Vec::new(),
            ExprKind::Call(Call { args, .. }) => args.iter().collect(),
            ExprKind::Unary(_, operand)
            | ExprKind::Not(operand)
            | ExprKind::IsNull { operand, .. }
            | ExprKind::In { operand, list: InList::Query(_), .. } => vec![operand],
            ExprKind::Binary(_, left, right) | ExprKind::Compare(_, left, right) => vec![left, right],
            ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().collect(),
            ExprKind::In { operand, list: InList::Values(values), .. } => {
                std::iter::once(&**operand).chain(values).collect()
            }
            ExprKind::Between { operand, low, high, .. } => vec![operand, low, high],
            ExprKind::Text { operand, pattern: TextPattern::One(pattern), .. } => vec![operand, pattern],
            ExprKind::Text { operand, pattern: TextPattern::Any(patterns), .. } => {
                std::iter::once(&**operand).chain(patterns).collect()
            }
            ExprKind::Case { operand, arms, otherwise } => {
                let arms = arms.iter().flat_map(|(condition, value)| [condition, value]);
                operand.as_deref().into_iter().chain(arms).chain(otherwise.as_deref()).collect()
            }
            ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
        }
    }
}

impl Query {
    /// Calls `visitor` for every expression of this query and of its sub-selects, in FROM and in IN.
    pub fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a Expr)) {
        self.visit_queries(&mut |query| {
            for root in query.roots() {
                root.visit(visitor);
            }
        });
    }

    /// Calls `visitor` for this query and for its sub-selects, in FROM and in IN, outermost first.
    pub fn visit_queries<'a>(&'a self, visitor: &mut dyn FnMut(&'a Query)) {
        visitor(self);
        if let Source::Query(inner) = &self.source.value {
            inner.visit_queries(visitor);
        }
        for root in self.roots() {
            root.visit(&mut |it| {
                if let ExprKind::In { list: InList::Query(inner), .. } = &it.value {
                    inner.visit_queries(visitor);
                }
            });
        }
    }

    /// The outermost expressions, in the order of the clauses: columns, filter, session, grouping, having, order.
    pub fn roots(&self) -> Vec<&Expr> {
        let columns = self.select.iter().filter_map(|it| match &it.value {
            Item::Star => None,
            Item::Expr { expr, .. } => Some(expr),
        });
        let session = self.session.iter().flat_map(|it| it.value.roots());
        let order = self.order_by.iter().map(|it| &it.value.expr);
        columns.chain(&self.filter).chain(session).chain(&self.group_by).chain(&self.having).chain(order).collect()
    }
}

impl Session {
    /// The outermost expressions: time, keys, conditions.
    pub fn roots(&self) -> Vec<&Expr> {
        let boundaries = self.begin.iter().chain(&self.end).map(|it| &it.condition);
        std::iter::once(&self.time).chain(&self.keys).chain(boundaries).collect()
    }
}
