//! Values that depend on conditions: CASE and COALESCE, and what is computed from them, as a list of cases.

use schema::Type;
use syntax::ast::BinaryOperator;

use super::Outcome;
use super::condition::{Condition, Goal, Node};
use super::translate::Translator;
use crate::bound::{Call, Expr, ExprKind, Literal};

/// The most cases of one value.
const BRANCHES_MAX: usize = 256;

/// The goals of a case and the value that it has.
pub(super) type Branch = (Vec<Goal>, Expr);

impl Translator<'_> {
    /// The cases of a value; none if it has only one, or too many.
    pub(super) fn branches(&mut self, expr: &Expr) -> Option<Vec<Branch>> {
        if !has_branches(expr) {
            return None;
        }
        let branches = match &expr.kind {
            ExprKind::Case { arms, otherwise } => self.case_branches(arms, otherwise.as_deref(), expr)?,
            ExprKind::Call(call) if is_coalesce(call, expr.value_type) => self.coalesce_branches(&call.args, expr)?,
            kind => self.computed_branches(kind, expr)?,
        };
        (branches.len() <= BRANCHES_MAX).then_some(branches)
    }

    /// The cases of a value, of which there may be only one.
    pub(super) fn cases(&mut self, expr: &Expr) -> Vec<Branch> {
        self.branches(expr).unwrap_or_else(|| vec![(Vec::new(), expr.clone())])
    }

    fn case_branches(&mut self, arms: &[(Expr, Expr)], otherwise: Option<&Expr>, expr: &Expr) -> Option<Vec<Branch>> {
        let mut earlier: Vec<Goal> = Vec::new();
        let mut branches = Vec::new();
        for (when, then) in arms {
            let when = self.condition(when);
            let goals: Vec<Goal> = earlier.iter().copied().chain([(when, Outcome::True)]).collect();
            self.push_cases(then, &goals, &mut branches)?;
            earlier.push((when, Outcome::NotTrue));
        }
        let null = Expr::null(expr.span);
        self.push_cases(otherwise.unwrap_or(&null), &earlier, &mut branches)?;
        Some(branches)
    }

    fn coalesce_branches(&mut self, args: &[Expr], expr: &Expr) -> Option<Vec<Branch>> {
        let mut earlier: Vec<Goal> = Vec::new();
        let mut branches = Vec::new();
        for arg in args {
            let null = self.null(arg);
            let goals: Vec<Goal> = earlier.iter().copied().chain([(null, Outcome::False)]).collect();
            self.push_cases(arg, &goals, &mut branches)?;
            earlier.push((null, Outcome::True));
        }
        branches.push((earlier, Expr::null(expr.span)));
        Some(branches)
    }

    fn push_cases(&mut self, value: &Expr, goals: &[Goal], branches: &mut Vec<Branch>) -> Option<()> {
        for (more, value) in self.cases(value) {
            branches.push((goals.iter().copied().chain(more).collect(), value));
        }
        (branches.len() <= BRANCHES_MAX).then_some(())
    }

    /// Every combination of the cases of the operands.
    fn computed_branches(&mut self, kind: &ExprKind, expr: &Expr) -> Option<Vec<Branch>> {
        let mut combined: Vec<(Vec<Goal>, Vec<Expr>)> = vec![(Vec::new(), Vec::new())];
        for child in expr.children() {
            let cases = self.cases(child);
            if combined.len() * cases.len() > BRANCHES_MAX {
                return None;
            }
            let mut next = Vec::with_capacity(combined.len() * cases.len());
            for (goals, values) in &combined {
                for (more, value) in &cases {
                    let goals = goals.iter().chain(more).copied().collect();
                    let values = values.iter().chain([value]).cloned().collect();
                    next.push((goals, values));
                }
            }
            combined = next;
        }
        let branch = |(goals, values): (Vec<Goal>, Vec<Expr>)| {
            let mut values = values.into_iter();
            let kind = kind.clone().map_children(&mut |old| values.next().unwrap_or(old));
            (goals, folded(Expr { kind, ..expr.clone() }))
        };
        Some(combined.into_iter().map(branch).collect())
    }

    /// The condition that holds in each case of a value.
    pub(super) fn over_cases(
        &mut self,
        expr: &Expr,
        mut condition: impl FnMut(&mut Self, &Expr) -> Condition,
    ) -> Condition {
        match self.branches(expr) {
            None => condition(self, expr),
            Some(branches) => {
                let branches = branches.into_iter().map(|(goals, value)| (goals, condition(self, &value))).collect();
                self.add(Node::Branches(branches))
            }
        }
    }
}

/// Whether a value has cases that are looked into.
fn has_branches(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Case { .. } => true,
        ExprKind::Call(call) if is_coalesce(call, expr.value_type) => true,
        ExprKind::Call(_) | ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Convert(_) => {
            expr.children().into_iter().any(has_branches)
        }
        _ => false,
    }
}

/// Whether it is a COALESCE whose value is one of its arguments as it stands.
fn is_coalesce(call: &Call, value_type: Type) -> bool {
    call.function.name == "COALESCE"
        && call.args.iter().all(|it| it.value_type == value_type || it.value_type == Type::Null)
}

/// The value of an operation on constants, where it is sure.
fn folded(expr: Expr) -> Expr {
    let value = match &expr.kind {
        ExprKind::Binary(operator, left, right) => match (left.as_literal(), right.as_literal()) {
            (Some(Literal::Integer(left)), Some(Literal::Integer(right))) if expr.value_type == Type::Integer => {
                let value = match operator {
                    BinaryOperator::Add => left.checked_add(*right),
                    BinaryOperator::Subtract => left.checked_sub(*right),
                    BinaryOperator::Multiply => left.checked_mul(*right),
                    _ => None,
                };
                value.map(Literal::Integer)
            }
            (Some(left), Some(right)) if expr.value_type == Type::Double => double(*operator, left, right),
            _ => None,
        },
        ExprKind::Convert(inner) => match (inner.as_literal(), expr.value_type) {
            (Some(Literal::Integer(value)), Type::Double) => Some(Literal::Double(*value as f64)),
            (Some(Literal::Null), _) => Some(Literal::Null),
            _ => None,
        },
        _ => None,
    };
    match value {
        Some(literal) => Expr { kind: ExprKind::Literal(literal), ..expr },
        None => expr,
    }
}

fn double(operator: BinaryOperator, left: &Literal, right: &Literal) -> Option<Literal> {
    let number = |it: &Literal| match it {
        Literal::Integer(value) => Some(*value as f64),
        Literal::Double(value) => Some(*value),
        _ => None,
    };
    let (left, right) = (number(left)?, number(right)?);
    match operator {
        BinaryOperator::Add => Some(Literal::Double(left + right)),
        BinaryOperator::Subtract => Some(Literal::Double(left - right)),
        BinaryOperator::Multiply => Some(Literal::Double(left * right)),
        _ => None,
    }
}
