//! Walking over bound expressions.

use super::{Boundary, Call, Expr, ExprKind, Query, Session};

impl Expr {
    /// Calls `visitor` for this expression and everything within, outermost first.
    pub fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a Expr)) {
        visitor(self);
        for child in self.children() {
            child.visit(visitor);
        }
    }

    /// The direct operands, in the order of the text.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Field(_) | ExprKind::Property(_) | ExprKind::SessionId => Vec::new(),
            ExprKind::Call(Call { args, .. }) | ExprKind::Aggregate(Call { args, .. }) => args.iter().collect(),
            ExprKind::Unary(_, operand)
            | ExprKind::Not(operand)
            | ExprKind::Convert(operand)
            | ExprKind::IsNull { operand, .. }
            | ExprKind::InQuery { operand, .. } => vec![operand],
            ExprKind::Binary(_, left, right) | ExprKind::Compare(_, left, right) => vec![left, right],
            ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().collect(),
            ExprKind::Text(test) => vec![&test.operand],
            ExprKind::In { operand, list, .. } => std::iter::once(&**operand).chain(list).collect(),
            ExprKind::Case { arms, otherwise } => {
                let arms = arms.iter().flat_map(|(condition, value)| [condition, value]);
                arms.chain(otherwise.as_deref()).collect()
            }
        }
    }

    /// How many levels it has.
    pub fn depth(&self) -> usize {
        self.children().into_iter().map(Self::depth).max().unwrap_or(0) + 1
    }

    /// Whether an aggregate stands in it.
    pub fn has_aggregate(&self) -> bool {
        matches!(self.kind, ExprKind::Aggregate(_)) || self.children().into_iter().any(Self::has_aggregate)
    }
}

impl Query {
    /// Calls `visitor` for every expression of this query and everything within; sub-selects are not entered.
    pub fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a Expr)) {
        for expr in self.roots() {
            expr.visit(visitor);
        }
    }

    /// The outermost expressions: columns, filter, session, grouping, having, order.
    pub fn roots(&self) -> Vec<&Expr> {
        let mut roots: Vec<&Expr> = self.columns.iter().map(|it| &it.expr).collect();
        roots.extend(&self.filter);
        roots.extend(self.session.iter().flat_map(Session::roots));
        roots.extend(&self.group_by);
        roots.extend(&self.having);
        roots.extend(self.order_by.iter().map(|it| &it.expr));
        roots
    }
}

impl Session {
    /// The outermost expressions: time, keys, conditions.
    pub fn roots(&self) -> Vec<&Expr> {
        let boundaries = self.begin.iter().chain(&self.end).map(|Boundary { condition, .. }| condition);
        std::iter::once(&self.time).chain(&self.keys).chain(boundaries).collect()
    }
}

impl ExprKind {
    /// The same kind with every direct operand replaced.
    #[must_use]
    pub fn map_children(self, change: &mut dyn FnMut(Expr) -> Expr) -> Self {
        let mut boxed = |it: Box<Expr>| Box::new(change(*it));
        match self {
            Self::Unary(operator, operand) => Self::Unary(operator, boxed(operand)),
            Self::Binary(operator, left, right) => {
                let left = boxed(left);
                Self::Binary(operator, left, boxed(right))
            }
            Self::Not(operand) => Self::Not(boxed(operand)),
            Self::Convert(operand) => Self::Convert(boxed(operand)),
            Self::Compare(operator, left, right) => {
                let left = boxed(left);
                Self::Compare(operator, left, boxed(right))
            }
            Self::Text(test) => Self::Text(super::TextTest { operand: boxed(test.operand), ..test }),
            Self::InQuery { operand, query, negated } => Self::InQuery { operand: boxed(operand), query, negated },
            Self::IsNull { operand, negated } => Self::IsNull { operand: boxed(operand), negated },
            Self::In { operand, list, negated } => {
                let operand = boxed(operand);
                Self::In { operand, list: list.into_iter().map(change).collect(), negated }
            }
            Self::Case { arms, otherwise } => {
                let arms = arms.into_iter().map(|(when, then)| (change(when), change(then))).collect();
                Self::Case { arms, otherwise: otherwise.map(|it| Box::new(change(*it))) }
            }
            Self::Call(Call { function, args }) => {
                Self::Call(Call { function, args: args.into_iter().map(change).collect() })
            }
            Self::Aggregate(Call { function, args }) => {
                Self::Aggregate(Call { function, args: args.into_iter().map(change).collect() })
            }
            Self::And(operands) => Self::And(operands.into_iter().map(change).collect()),
            Self::Or(operands) => Self::Or(operands.into_iter().map(change).collect()),
            leaf @ (Self::Literal(_) | Self::Field(_) | Self::Property(_) | Self::SessionId) => leaf,
        }
    }
}
