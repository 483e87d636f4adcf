//! Expressions over groups: keys and aggregates become columns of the Aggregate node.

use datafusion_common::tree_node::{Transformed, TreeNode};
use datafusion_expr::Expr;

use super::LowerError;
use super::expr::{Lowered, Lowerer, column};
use crate::bound::{self, Call};

/// The keys of a grouped query, and the aggregates that its expressions have asked for.
pub(super) struct Groups<'a> {
    keys: &'a [bound::Expr],
    /// Each under its column name; found again by its equal.
    pub(super) aggregates: Vec<Expr>,
}

impl<'a> Groups<'a> {
    pub(super) const fn new(keys: &'a [bound::Expr]) -> Self {
        Self { keys, aggregates: Vec::new() }
    }

    /// The column of a key.
    pub(super) fn key(&self, expr: &bound::Expr) -> Option<Expr> {
        self.keys.iter().position(|it| it == expr).map(|it| column(&key_name(it)))
    }

    /// The column of an aggregate.
    fn aggregate(&mut self, aggregate: Expr) -> Expr {
        let known = self.aggregates.iter().position(|it| *it == aggregate);
        let position = known.unwrap_or_else(|| {
            self.aggregates.push(aggregate);
            self.aggregates.len() - 1
        });
        column(&aggregate_name(position))
    }
}

/// The column of the key at this position of GROUP BY.
pub(super) fn key_name(position: usize) -> String {
    format!("$key{position}")
}

/// The column of the aggregate at this position.
pub(super) fn aggregate_name(position: usize) -> String {
    format!("$aggregate{position}")
}

impl Lowerer<'_> {
    pub(super) fn aggregate(&mut self, call: &Call, expr: &bound::Expr) -> Lowered {
        let refused = |reason| LowerError::Refused { span: expr.span, reason };
        let Some(groups) = self.groups.take() else {
            return Err(refused("an aggregate stands where rows are not grouped".to_owned()));
        };
        // The arguments are values of rows, not of groups.
        let arguments = self.arguments(&call.args);
        let groups = self.groups.insert(groups);
        let lowered = call.function.lower(self.options.environment, arguments?).map_err(refused)?;
        let replaced = lowered.transform_up(|it| match it {
            Expr::AggregateFunction(_) => Ok(Transformed::yes(groups.aggregate(it))),
            other => Ok(Transformed::no(other)),
        })?;
        Ok(replaced.data)
    }
}
