//! Binding of whole queries, bare filters and bare expressions.

use std::sync::Arc;

use schema::{Database, Kind, Type};
use syntax::ast::{self, ExprKind as Ast, Item, Literal as AstLiteral};
use syntax::{Diagnostic, Safety, Span};

use super::result_names::{Distinct, result_name};
use super::{AliasEntry, Binder, Clause, Context, aggregate};
use crate::bound::{Column, Expr, ExprKind, Query, Sort, Source, Subquery};
use crate::{Star, lints};

/// How deep sub-selects may stand within one another.
const SUBSELECT_DEPTH_MAX: usize = 16;
/// How deep an expression may be, so that no walk over it or over its plan overflows a stack.
pub(super) const DEPTH_MAX: usize = 120;
/// The columns that QRadar shows for `*` over events.
const STAR_OF_QRADAR: [&str; 13] = [
    "starttime",
    "protocolid",
    "sourceip",
    "logsourceid",
    "qid",
    "sourceport",
    "eventcount",
    "magnitude",
    "identityip",
    "destinationip",
    "destinationport",
    "category",
    "username",
];

/// Binds a query.
pub(crate) fn bind_query(context: &mut Context<'_>, query: &ast::Query) -> Option<Query> {
    select(context, query, 0)
}

/// Binds what would stand after WHERE, over a database. The query has no columns.
pub(crate) fn bind_filter(context: &mut Context<'_>, database: &'static Database, filter: &ast::Expr) -> Query {
    let mut binder = Binder::new(context, Source::Database(database), &[]);
    binder.clause = Clause::Where;
    let filter = binder.condition(filter);
    let query = Query { filter: Some(filter), subqueries: binder.subqueries, ..Query::of(Source::Database(database)) };
    checked(context, query)
}

/// Binds one value of a row, over a database. The query has one column.
pub(crate) fn bind_expression(context: &mut Context<'_>, database: &'static Database, expr: &ast::Expr) -> Query {
    let mut binder = Binder::new(context, Source::Database(database), &[]);
    binder.clause = Clause::Where;
    let bound = binder.expr(expr);
    let column = Column { name: result_name(expr), alias: None, span: expr.span, expr: bound };
    let query = Query { columns: vec![column], subqueries: binder.subqueries, ..Query::of(Source::Database(database)) };
    checked(context, query)
}

fn select(context: &mut Context<'_>, query: &ast::Query, depth: usize) -> Option<Query> {
    if depth > SUBSELECT_DEPTH_MAX {
        let message = format!("sub-selects stand more than {SUBSELECT_DEPTH_MAX} deep");
        context.say(Diagnostic::error("too-complex", query.source.span, message));
        return None;
    }
    let source = source(context, &query.source, depth)?;
    let mut binder = Binder::new(context, source.clone(), &query.select);
    binder.depth = depth;
    binder.has_session = query.session.is_some();
    let columns = binder.columns(&query.select);
    binder.clause = Clause::Where;
    let filter = query.filter.as_ref().map(|it| binder.condition(it));
    let session = query.session.as_ref().map(|it| binder.session(&it.value));
    let group_by: Vec<Expr> = query.group_by.iter().map(|it| binder.group_key(it)).collect();
    binder.clause = Clause::Having;
    let having = query.having.as_ref().map(|it| binder.condition(it));
    binder.clause = Clause::OrderBy;
    let order_by: Vec<Sort> = query.order_by.iter().map(|it| binder.sort(&it.value)).collect();
    let window = query.time.as_ref().and_then(|it| binder.window(it));
    let parameters = binder.parameters(&query.parameters);
    let bound = Query {
        columns,
        filter,
        session,
        group_by,
        having,
        order_by,
        limit: query.limit.as_ref().map(|it| it.value),
        window,
        parameters,
        into: query.into.as_ref().map(|it| it.value.clone()),
        subqueries: binder.subqueries,
        ..Query::of(source)
    };
    Some(checked(context, grouped(bound)))
}

/// The query, with an error said if one of its expressions is too deep.
fn checked(context: &mut Context<'_>, query: Query) -> Query {
    for root in query.roots().into_iter().filter(|it| it.depth() > DEPTH_MAX) {
        let message = format!("an expression is nested more than {DEPTH_MAX} levels deep");
        context.say(Diagnostic::error("too-complex", root.span, message));
    }
    query
}

fn source(context: &mut Context<'_>, source: &ast::Node<ast::Source>, depth: usize) -> Option<Source> {
    match &source.value {
        ast::Source::Table(name) => {
            let database = schema::database(&name.text);
            if database.is_none() {
                context.say(unknown_database(&name.text, source.span));
            }
            database.map(Source::Database)
        }
        ast::Source::Query(query) => Some(Source::Query(Arc::new(select(context, query, depth + 1)?))),
        ast::Source::GlobalView { search, range } => {
            let message = format!("no results of the saved search `{}` are kept", search.value);
            let diagnostic = lints::MISSING_DATA.at(source.span, message).with_label("no rows");
            context.say(diagnostic);
            Some(Source::GlobalView { search: search.value.clone(), range: range.value.clone() })
        }
    }
}

fn unknown_database(name: &str, span: Span) -> Diagnostic {
    let names = schema::DATABASES.map(|it| it.name);
    let diagnostic = Diagnostic::error("unknown-database", span, format!("no database `{name}`"))
        .with_help(format!("known are {}", names.join(", ")));
    match syntax::suggest(name, names) {
        Some(nearest) => diagnostic.with_fix(Safety::Unsafe, vec![(span, nearest.to_owned())]),
        None => diagnostic,
    }
}

/// A query whose columns, HAVING and ORDER BY speak of groups, if it groups.
fn grouped(mut query: Query) -> Query {
    let aggregates = |it: &Expr| it.has_aggregate();
    query.aggregating = !query.group_by.is_empty()
        || query.columns.iter().any(|it| aggregates(&it.expr))
        || query.having.iter().any(aggregates)
        || query.order_by.iter().any(|it| aggregates(&it.expr));
    if !query.aggregating {
        return query;
    }
    let group_by = std::mem::take(&mut query.group_by);
    let mut names = Distinct::default();
    for column in &mut query.columns {
        let is_bare = matches!(column.expr.kind, ExprKind::Field(_) | ExprKind::Property(_));
        let is_first = is_bare && column.alias.is_none() && !group_by.contains(&column.expr);
        let name = &column.name;
        let name = if is_first { format!("FIRST_{name}") } else { name.clone() };
        column.name = names.name(&name);
    }
    let over = |it: Expr| aggregate::over_groups(it, &group_by);
    query.columns = query.columns.into_iter().map(|it| Column { expr: over(it.expr), ..it }).collect();
    query.having = query.having.map(over);
    query.order_by = query.order_by.into_iter().map(|it| Sort { expr: over(it.expr), ..it }).collect();
    query.group_by = group_by;
    query
}

impl Query {
    /// All rows of a source.
    fn of(source: Source) -> Self {
        Self {
            source,
            columns: Vec::new(),
            filter: None,
            session: None,
            group_by: Vec::new(),
            having: None,
            order_by: Vec::new(),
            limit: None,
            window: None,
            parameters: Vec::new(),
            into: None,
            subqueries: Vec::new(),
            aggregating: false,
        }
    }
}

impl<'c, 'a, 'q> Binder<'c, 'a, 'q> {
    fn new(context: &'c mut Context<'a>, source: Source, items: &'q [ast::Node<Item>]) -> Self {
        let mut aliases = Vec::new();
        for item in items {
            if let Item::Expr { expr, alias: Some(alias) } = &item.value {
                aliases.push(AliasEntry { key: schema::key(&alias.value.name), expr, bound: None });
            }
        }
        Self {
            context,
            source,
            aliases,
            subqueries: Vec::new(),
            has_session: false,
            clause: Clause::Select,
            in_aggregate: false,
            binding: Vec::new(),
            depth: 0,
        }
    }

    /// The SELECT list.
    fn columns(&mut self, items: &'q [ast::Node<Item>]) -> Vec<Column> {
        let mut columns = Vec::with_capacity(items.len());
        let mut alias_position = 0;
        for item in items {
            match &item.value {
                Item::Star => columns.extend(self.star(item.span)),
                Item::Expr { expr, alias } => {
                    self.clause = Clause::Select;
                    let bound = if alias.is_some() {
                        alias_position += 1;
                        self.alias_value(alias_position - 1)
                    } else {
                        self.expr(expr)
                    };
                    self.warn_of_quoted_column(expr, alias.is_some());
                    let alias = alias.as_ref().map(|it| it.value.name.clone());
                    let name = alias.clone().unwrap_or_else(|| result_name(expr));
                    columns.push(Column { name, alias, expr: bound, span: item.span });
                }
            }
        }
        let mut names = Distinct::default();
        for column in &mut columns {
            column.name = names.name(&column.name);
        }
        columns
    }

    /// `'Account Domain'` as a column is a constant; it was probably meant as a field.
    fn warn_of_quoted_column(&mut self, expr: &ast::Expr, has_alias: bool) {
        if let Ast::Literal(AstLiteral::Text(text)) = &expr.value
            && (!has_alias || self.has_name(text))
        {
            self.say_quoted_name(text, expr.span);
        }
    }

    fn star(&self, span: Span) -> Vec<Column> {
        let wanted = |index: &usize| match &self.source {
            Source::Database(database) => {
                let field = &database.fields[*index];
                let is_shown = match self.context.options.star {
                    Star::Fields => !matches!(field.value_type, Type::Bytes | Type::Structure),
                    Star::QRadar => STAR_OF_QRADAR.contains(&field.name) || database.name != "events",
                };
                is_shown && field.kind != Kind::Locator
            }
            _ => true,
        };
        let count = match &self.source {
            Source::Database(database) => database.fields.len(),
            Source::Query(query) => query.columns.len(),
            Source::GlobalView { .. } => 0,
        };
        let column = |index: usize| {
            let name = self.source.column(index).map_or_else(String::new, |(name, _)| name.to_owned());
            Column { name, alias: None, expr: self.field(index, span), span }
        };
        (0..count).filter(wanted).map(column).collect()
    }

    fn group_key(&mut self, key: &'q ast::Expr) -> Expr {
        self.clause = Clause::GroupBy;
        let bound = match &key.value {
            Ast::Name(name) => self.key_name(name, key.span),
            Ast::Literal(literal) => {
                self.warn_of_literal_key(literal, key.span, "every row falls into one group");
                self.expr(key)
            }
            _ => self.expr(key),
        };
        if bound.has_aggregate() {
            let diagnostic =
                Diagnostic::error("misplaced-aggregate", key.span, "rows cannot be grouped by an aggregate");
            self.context.say(diagnostic.with_help("tests of aggregates stand in HAVING"));
            return Expr::null(key.span);
        }
        bound
    }

    fn sort(&mut self, sort: &'q ast::Sort) -> Sort {
        let key = &sort.expr;
        let expr = match &key.value {
            Ast::Name(name) => self.key_name(name, key.span),
            Ast::Literal(literal) => {
                self.warn_of_literal_key(literal, key.span, "the order stays as it is");
                self.expr(key)
            }
            _ => self.expr(key),
        };
        if let Some(collate) = &sort.collate {
            let diagnostic = lints::COLLATION.at(
                collate.span,
                format!("texts are sorted without regard to case, not by the rules of `{}`", collate.value),
            );
            self.context.say(diagnostic);
        }
        Sort { expr, descending: sort.descending, collate: sort.collate.as_ref().map(|it| it.value.clone()) }
    }

    /// `GROUP BY 'x'`: a constant, where a name in double quotes was probably meant.
    fn warn_of_literal_key(&mut self, literal: &AstLiteral, span: Span, effect: &str) {
        let written = self.context.source(span);
        let diagnostic = lints::LITERAL_KEY.at(span, format!("{written} is a constant, not a column"));
        let mut diagnostic = diagnostic.with_label(effect);
        if let AstLiteral::Text(text) = literal {
            let fix = format!("\"{text}\"");
            diagnostic = diagnostic
                .with_note("single quotes make text, double quotes make names")
                .with_help(format!("write {fix}"))
                .with_fix(Safety::Unsafe, vec![(span, fix)]);
        }
        self.context.say(diagnostic);
    }

    /// `operand IN (SELECT ...)`
    pub(super) fn in_query(&mut self, operand: Expr, query: &'q ast::Query, span: Span) -> Expr {
        let Some(inner) = select(self.context, query, self.depth + 1) else { return Expr::null(span) };
        let [column] = inner.columns.as_slice() else {
            let message = format!("a sub-select in IN gives one column, this one gives {}", inner.columns.len());
            self.context.say(Diagnostic::error("sub-select-columns", span, message));
            return Expr::null(span);
        };
        let value_type = column.expr.value_type;
        let common = super::conditional::common_type(operand.value_type, value_type);
        let Some(common) = common.filter(|it| *it != Type::Bytes) else {
            let message = "the sub-select gives values of another type";
            self.context.say(Diagnostic::error("wrong-argument-type", span, message));
            return Expr::null(span);
        };
        let operand = Box::new(operand.converted(common));
        let number = self.subqueries.len();
        self.subqueries.push(Subquery { query: Arc::new(inner), value_type: common, span });
        Expr::new(ExprKind::InQuery { operand, query: number, negated: false }, Type::Boolean, span)
    }
}
