//! The ways through a condition: what must hold together for it to be true.

use super::{Expr, ExprKind};

/// The most branches of a condition that are told apart.
pub const BRANCHES_MAX: usize = 512;

/// One way through a condition: an arm of its ORs with all that is demanded beside it.
#[derive(Clone, Debug)]
pub struct Branch<'q> {
    /// What the arm itself demands.
    pub own: Vec<&'q Expr>,
    /// What is demanded round it. An OR among these is another choice, of which any arm will do.
    pub context: Vec<&'q Expr>,
}

impl<'q> Branch<'q> {
    /// All that must be true.
    pub fn conditions(&self) -> impl Iterator<Item = &'q Expr> {
        self.own.iter().chain(&self.context).copied()
    }
}

/// The branches of a condition, in the order of the text; at most [`BRANCHES_MAX`]. Each arm of each OR is one, also of
/// an OR within an arm, if `is_choice` says of an arm of that OR that it is a branch of its own; else the OR is one
/// condition among others.
pub fn branches<'q>(condition: &'q Expr, is_choice: &dyn Fn(&Expr) -> bool) -> Vec<Branch<'q>> {
    let mut found = Vec::new();
    Splitter { is_choice }.collect(condition, &[], &mut found);
    found
}

struct Splitter<'a> {
    is_choice: &'a dyn Fn(&Expr) -> bool,
}

impl Splitter<'_> {
    fn collect<'q>(&self, condition: &'q Expr, context: &[&'q Expr], found: &mut Vec<Branch<'q>>) {
        if found.len() >= BRANCHES_MAX {
            return;
        }
        match &condition.kind {
            ExprKind::Or(arms) if self.splits(condition) => {
                for arm in arms {
                    self.collect(arm, context, found);
                }
            }
            ExprKind::And(operands) if operands.iter().any(|it| self.splits(it)) => {
                for (position, operand) in operands.iter().enumerate().filter(|(_, it)| self.splits(it)) {
                    let others = operands.iter().enumerate().filter(|(index, _)| *index != position).map(|(_, it)| it);
                    let beside: Vec<&Expr> = others.chain(context.iter().copied()).collect();
                    self.collect(operand, &beside, found);
                }
            }
            ExprKind::And(operands) => {
                found.push(Branch { own: operands.iter().collect(), context: context.to_vec() });
            }
            _ => found.push(Branch { own: vec![condition], context: context.to_vec() }),
        }
    }

    fn splits(&self, condition: &Expr) -> bool {
        matches!(&condition.kind, ExprKind::Or(arms) if arms.iter().any(|it| (self.is_choice)(it)))
    }
}
