//! Whether a change is proven to mean the same.

use aql::bound::{Column, Expr, ExprKind, Query};
use aql::reachability::Reachability;

use super::change::{Change, changed_query};
use super::sites::Candidate;

/// The work for all changes of a query: half a second in an optimised build.
const STEPS_MAX: u64 = 3_000_000;

/// Proves that changes mean nothing.
pub(super) struct Prover<'a> {
    query: &'a Query,
    /// The columns that are looked at.
    columns: Vec<&'a Column>,
    reachability: Reachability,
}

impl<'a> Prover<'a> {
    /// For changes of a query of which these columns are looked at.
    pub(super) fn new(query: &'a Query, columns: &[&str]) -> Self {
        let columns = query.columns.iter().filter(|it| columns.contains(&it.name.as_str()) || query.is_aggregating());
        Self { query, columns: columns.collect(), reachability: Reachability::new().within(STEPS_MAX) }
    }

    /// Whether the changed query surely gives the same rows with the same values.
    pub(super) fn is_equivalent(&mut self, candidate: &Candidate) -> bool {
        // A test of text is unknown exactly when its operand is null, so it is enough that both pass the same.
        let mut means_the_same = |(site, change): &(Expr, Change)| {
            let is_test = matches!((change, &site.kind), (Change::Patterns(..), ExprKind::Text(_)));
            is_test && self.reachability.equivalent(site, &change.apply(site))
        };
        if candidate.changes.iter().all(&mut means_the_same) {
            return true;
        }
        let after = changed_query(self.query, &candidate.changes);
        let is_same = |it: &&Column| after.columns.iter().any(|after| after.name == it.name && after.expr == it.expr);
        let only_filter = self.columns.iter().all(is_same)
            && after.having == self.query.having
            && after.group_by == self.query.group_by;
        match (&self.query.filter, &after.filter) {
            (Some(before), Some(after)) if only_filter => self.reachability.equivalent(before, after),
            _ => false,
        }
    }
}
