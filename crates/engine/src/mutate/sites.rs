//! All changes that can be made to a query.

use std::collections::HashMap;

use aql::bound::{Expr, Query, Source};
use syntax::Span;

use super::change::Change;
use super::kinds::{Found, KINDS, MutationKind, Site};

/// Changes of one query; further ones are not made, and the report says so.
pub(super) const CHANGES_MAX: usize = 5000;

/// A change at its place.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) kind: &'static MutationKind,
    /// What is changed, wherever it stands.
    pub(super) site: Expr,
    pub(super) change: Change,
    /// What of the text of the query it changes.
    pub(super) span: Span,
    pub(super) words: String,
}

/// The changes of a query. Of its columns only those of these names are changed. `text` is that of the query.
pub(super) fn candidates(query: &Query, columns: &[&str], text: &str) -> Vec<Candidate> {
    let mut walk = Walk { text, seen: HashMap::new(), found: Vec::new() };
    walk.query(query, Some(columns));
    walk.found
}

struct Walk<'a> {
    text: &'a str,
    /// What was looked at: an alias stands for the same text in many places.
    seen: HashMap<Span, Vec<Expr>>,
    found: Vec<Candidate>,
}

impl Walk<'_> {
    /// A query; all columns count of one that another reads.
    fn query(&mut self, query: &Query, columns: Option<&[&str]>) {
        if let Source::Query(inner) = &query.source {
            self.query(inner, None);
        }
        for subquery in &query.subqueries {
            self.query(&subquery.query, None);
        }
        let site = |expr, is_condition, group_key| Site { expr, query, text: self.text, is_condition, group_key };
        let mut roots = Vec::new();
        roots.extend(query.filter.iter().chain(&query.having).map(|it| site(it, true, None)));
        roots.extend(query.group_by.iter().enumerate().map(|(key, it)| site(it, false, Some(key))));
        let is_looked_at = |name: &str| columns.is_none_or(|it| it.contains(&name));
        let columns = query.columns.iter().filter(|it| is_looked_at(&it.name));
        roots.extend(columns.map(|it| site(&it.expr, false, None)));
        for root in roots {
            self.site(&root);
        }
    }

    fn site(&mut self, site: &Site<'_>) {
        let same = self.seen.entry(site.expr.span).or_default();
        if same.iter().any(|it| it == site.expr) {
            return;
        }
        same.push(site.expr.clone());
        for kind in KINDS {
            let mut found = Vec::new();
            (kind.find)(site, &mut found);
            for Found { change, span, words } in found {
                if self.found.len() < CHANGES_MAX {
                    self.found.push(Candidate { kind, site: site.expr.clone(), change, span, words });
                }
            }
        }
        for child in site.expr.children() {
            self.site(&Site { expr: child, is_condition: false, group_key: None, ..*site });
        }
    }
}
