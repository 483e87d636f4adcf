//! Aliases of a query and where they are used.

use schema::Database;
use syntax::ast::{Alias, Expr, ExprKind, InList, Item, Query, Quote, Source};
use syntax::{Node, Span};

/// An alias, where it is defined and used.
#[derive(Clone, Debug)]
pub(crate) struct Defined {
    pub(crate) name: String,
    /// Its name behind AS, quotes included.
    pub(crate) span: Span,
    pub(crate) quote: Quote,
    /// What it stands for.
    pub(crate) value: Span,
    pub(crate) uses: Vec<Span>,
}

/// The aliases of a text and of its sub-selects, in the order of the text.
pub(crate) fn aliases(text: &str) -> Vec<Defined> {
    let (query, _) = syntax::parse_query(text);
    let mut names = Names { text, aliases: Vec::new() };
    names.query(&query);
    names.aliases
}

/// The database that a query reads, in its innermost sub-select.
pub(crate) fn database(text: &str) -> &'static Database {
    fn of(query: &Query) -> &'static Database {
        match &query.source.value {
            Source::Table(name) => schema::database(&name.text).unwrap_or(&schema::EVENTS),
            Source::Query(query) => of(query),
            Source::GlobalView { .. } => &schema::EVENTS,
        }
    }
    of(&syntax::parse_query(text).0)
}

/// What names mean in one query.
struct Scope {
    /// The aliases of the query: numbers in [`Names::aliases`].
    own: Vec<usize>,
    /// The columns of the sub-select that it reads.
    columns: Vec<usize>,
    database: Option<&'static Database>,
}

struct Names<'a> {
    text: &'a str,
    aliases: Vec<Defined>,
}

impl Names<'_> {
    /// Reads a query; gives its aliases.
    fn query(&mut self, query: &Query) -> Vec<usize> {
        let columns = match &query.source.value {
            Source::Query(query) => self.query(query),
            _ => Vec::new(),
        };
        let database = match &query.source.value {
            Source::Table(name) => schema::database(&name.text),
            _ => None,
        };
        let own: Vec<_> = query.select.iter().filter_map(|it| self.define(&it.value)).collect();
        let scope = Scope { own, columns, database };
        let items = query.select.iter().filter_map(|it| match &it.value {
            Item::Expr { expr, .. } => Some(expr),
            Item::Star => None,
        });
        for expr in items.chain(&query.filter).chain(&query.having) {
            self.uses(expr, &scope, false);
        }
        if let Some(session) = &query.session {
            let boundaries = session.value.begin.iter().chain(&session.value.end).map(|it| &it.condition);
            for expr in std::iter::once(&session.value.time).chain(&session.value.keys).chain(boundaries) {
                self.uses(expr, &scope, false);
            }
        }
        for expr in query.group_by.iter().chain(query.order_by.iter().map(|it| &it.value.expr)) {
            self.uses(expr, &scope, true);
        }
        scope.own
    }

    fn define(&mut self, item: &Item) -> Option<usize> {
        let Item::Expr { expr, alias: Some(Node { value: Alias { name, quote, .. }, span }) } = item else {
            return None;
        };
        // The span holds AS too: the name is its last token.
        let last = syntax::tokens(&self.text[span.start..span.end]).pop()?.shifted(span.start);
        self.aliases.push(Defined {
            name: name.clone(),
            span: last,
            quote: *quote,
            value: expr.span,
            uses: Vec::new(),
        });
        Some(self.aliases.len() - 1)
    }

    /// Notes the names in an expression. In GROUP BY and ORDER BY an alias goes before a field of its name.
    fn uses(&mut self, expr: &Expr, scope: &Scope, is_key: bool) {
        let mut found = Vec::new();
        let mut queries = Vec::new();
        expr.visit(&mut |it| match &it.value {
            ExprKind::Name(name) => found.push((name.text.as_str(), it.span)),
            ExprKind::In { list: InList::Query(query), .. } => queries.push(query),
            _ => {}
        });
        for (name, span) in found {
            if let Some(alias) = self.find(name, scope, is_key) {
                self.aliases[alias].uses.push(span);
            }
        }
        for query in queries {
            self.query(query);
        }
    }

    fn find(&self, name: &str, scope: &Scope, is_key: bool) -> Option<usize> {
        let key = schema::key(name);
        let of = |list: &[usize]| list.iter().copied().find(|it| schema::key(&self.aliases[*it].name) == key);
        let is_field = || scope.database.and_then(|it| it.field(name)).is_some_and(|it| schema::key(it.name) == key);
        if is_key && let Some(alias) = of(&scope.own) {
            return Some(alias);
        }
        of(&scope.columns).or_else(|| of(&scope.own).filter(|_| !is_field()))
    }
}

/// The name as it is written: with quotes where it has or needs them.
pub(crate) fn written(name: &str, quote: Quote) -> String {
    let (expression, diagnostics) = syntax::parse_expression(name);
    let is_plain = matches!(&expression.value, ExprKind::Name(it) if it.quote == Quote::None && it.text == name);
    match quote {
        Quote::Single => format!("'{}'", name.replace('\'', "''")),
        Quote::None if is_plain && diagnostics.is_empty() => name.to_owned(),
        Quote::None | Quote::Double => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_found_where_the_alias_is_meant() {
        let text = "SELECT n, username AS who FROM (SELECT COUNT(*) AS n, username FROM events GROUP BY username) \
                    WHERE n > 5 AND WHO = 'a' AND x IN (SELECT LOWER(username) y FROM events WHERE y = 'b') ORDER BY \"n\"";
        let aliases = aliases(text);
        let shown: Vec<_> = aliases.iter().map(|it| (it.name.as_str(), it.uses.len())).collect();
        assert_eq!(shown, [("n", 3), ("who", 1), ("y", 1)]);
    }

    #[test]
    fn a_field_goes_before_an_alias_but_not_in_keys() {
        let aliases = aliases("SELECT LOWER(username) AS username FROM events WHERE username = 'a' GROUP BY username");
        assert_eq!(aliases[0].uses.len(), 1);
    }
}
