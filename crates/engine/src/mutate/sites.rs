//! All changes that can be made to a query.

use std::collections::HashMap;

use aql::bound::{Expr, ExprKind, Pattern, PatternKind, Query, Source};
use syntax::Span;

use super::change::Change;
use super::kinds::{Found, KINDS, MutationKind, Site};

/// Changes of one query; further ones are not made, and the report says so.
pub(super) const CHANGES_MAX: usize = 5000;

/// A change at its place.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) kind: &'static MutationKind,
    /// What is changed, wherever it stands, and how; what stands around others comes before them.
    pub(super) changes: Vec<(Expr, Change)>,
    /// What of the text of the query it changes.
    pub(super) span: Span,
    pub(super) words: String,
}

/// The changes of a query. Of its columns only those of these names are changed. `text` is that of the query.
pub(super) fn candidates(query: &Query, columns: &[&str], text: &str) -> Vec<Candidate> {
    let mut walk = Walk { text, seen: HashMap::new(), tests: Vec::new(), fragments: Vec::new(), found: Vec::new() };
    walk.query(query, Some(columns));
    let Walk { tests, fragments, mut found, .. } = walk;
    for (position, fragment) in fragments {
        found[position].changes = tests.iter().filter_map(|it| everywhere(it, &fragment)).collect();
    }
    found
}

/// A test of text with a group of its regular expressions changed wherever it stands in them.
fn everywhere(site: &Expr, (group, other): &(String, String)) -> Option<(Expr, Change)> {
    let ExprKind::Text(test) = &site.kind else { return None };
    let mut patterns = test.patterns.clone();
    let mut found = false;
    for pattern in patterns.iter_mut().filter(|it| it.kind == PatternKind::Regex) {
        let after = replaced(&pattern.text, group, other);
        found |= after != pattern.text;
        *pattern = Pattern { text: after, regex: None, ..pattern.clone() };
    }
    found.then(|| (site.clone(), Change::Patterns(patterns, test.case)))
}

/// The text with a group, in its parentheses or standing alone, replaced.
fn replaced(text: &str, group: &str, other: &str) -> String {
    if text == group {
        return other.to_owned();
    }
    let mut result = String::with_capacity(text.len());
    let mut copied = 0;
    for (at, _) in text.match_indices(group) {
        let end = at + group.len();
        let is_whole = text[..at].ends_with(['(', ':', '>', '=', '!']) && text[end..].starts_with(')');
        if is_whole && at >= copied {
            result.push_str(&text[copied..at]);
            result.push_str(other);
            copied = end;
        }
    }
    result.push_str(&text[copied..]);
    result
}

struct Walk<'a> {
    text: &'a str,
    /// What was looked at: an alias stands for the same text in many places.
    seen: HashMap<Span, Vec<Expr>>,
    /// The tests of text, what stands around others before them.
    tests: Vec<Expr>,
    /// Candidates that are about a group of a regular expression.
    fragments: Vec<(usize, (String, String))>,
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
        if matches!(site.expr.kind, ExprKind::Text(_)) {
            self.tests.push(site.expr.clone());
        }
        for kind in KINDS {
            let mut found = Vec::new();
            (kind.find)(site, &mut found);
            for Found { change, span, words, fragment } in found {
                let is_known = fragment.as_ref().is_some_and(|it| self.fragments.iter().any(|(_, known)| known == it));
                if is_known || self.found.len() >= CHANGES_MAX {
                    continue;
                }
                self.fragments.extend(fragment.map(|it| (self.found.len(), it)));
                let changes = vec![(site.expr.clone(), change)];
                self.found.push(Candidate { kind, changes, span, words });
            }
        }
        for child in site.expr.children() {
            self.site(&Site { expr: child, is_condition: false, group_key: None, ..*site });
        }
    }
}
