//! Bound queries.

use std::sync::Arc;

use schema::{Database, Type};
use syntax::Span;

use super::{Expr, ExprKind, Window};

/// A query whose every name is known.
#[derive(Clone, Debug)]
pub struct Query {
    /// Where the rows come from.
    pub source: Source,
    /// The selected columns, in order. A bare filter has none.
    pub columns: Vec<Column>,
    /// What a row must be to pass.
    pub filter: Option<Expr>,
    /// How rows make sessions.
    pub session: Option<Session>,
    /// The GROUP BY list.
    pub group_by: Vec<Expr>,
    /// What a group must be to pass.
    pub having: Option<Expr>,
    /// The order of the result; empty for newest first.
    pub order_by: Vec<Sort>,
    /// The most rows.
    pub limit: Option<u64>,
    /// The time clause, not yet resolved.
    pub window: Option<Window>,
    /// The PARAMETERS list.
    pub parameters: Vec<Parameter>,
    /// The cursor name after INTO.
    pub into: Option<String>,
    /// The sub-selects of IN, in the order of [`ExprKind::InQuery`]. They run first.
    pub subqueries: Vec<Subquery>,
    /// Whether columns, HAVING or ORDER BY aggregate, or GROUP BY is present.
    pub(crate) aggregating: bool,
}

/// Where the rows come from.
#[derive(Clone, Debug)]
pub enum Source {
    /// `events`, `flows` or `simarc`.
    Database(&'static Database),
    /// A sub-select in FROM.
    Query(Arc<Query>),
    /// The accumulated results of a saved search. None are kept here, so it has no rows; its columns are properties.
    GlobalView {
        /// The saved search.
        search: String,
        /// The range, such as `NORMAL`.
        range: String,
    },
}

/// One selected column.
#[derive(Clone, Debug)]
pub struct Column {
    /// The name in the result, as QRadar gives it (`reference/aql.md` section 3.6); distinct within a query.
    pub name: String,
    /// The alias as written, if there is one.
    pub alias: Option<String>,
    /// What is computed.
    pub expr: Expr,
    /// The element of the SELECT list.
    pub span: Span,
}

/// One element of ORDER BY.
#[derive(Clone, Debug)]
pub struct Sort {
    /// What is sorted by.
    pub expr: Expr,
    /// True for DESC; nulls come first when false, last when true.
    pub descending: bool,
    /// The BCP 47 tag after COLLATE: text is then compared without regard to case first.
    pub collate: Option<String>,
}

/// How rows make sessions (`reference/aql.md` section 4.2).
#[derive(Clone, Debug)]
pub struct Session {
    /// What orders the rows.
    pub time: Expr,
    /// Any change of one of these starts another session.
    pub keys: Vec<Expr>,
    /// What opens a session.
    pub begin: Option<Boundary>,
    /// What closes a session.
    pub end: Option<Boundary>,
    /// The longest gap between two rows, in milliseconds.
    pub timeout_ms: Option<u64>,
    /// The longest span of a session, in milliseconds.
    pub window_ms: Option<u64>,
}

/// What opens or closes a session.
#[derive(Clone, Debug)]
pub struct Boundary {
    /// Whether nothing else does.
    pub explicit: bool,
    /// The condition.
    pub condition: Expr,
}

/// One element of PARAMETERS, checked for its name only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name in upper case.
    pub name: String,
    /// The value as written.
    pub value: String,
}

/// A sub-select of one column in IN.
#[derive(Clone, Debug)]
pub struct Subquery {
    /// The query. It gives at most [`Subquery::ROWS_MAX`] values.
    pub query: Arc<Query>,
    /// The type of its column.
    pub value_type: Type,
    /// Its text.
    pub span: Span,
}

impl Subquery {
    /// The most values that a sub-select may give to IN (`reference/aql.md` section 2).
    pub const ROWS_MAX: usize = 10_000;
}

impl Query {
    /// Whether rows are put together: GROUP BY, or an aggregate in SELECT, HAVING or ORDER BY.
    pub const fn is_aggregating(&self) -> bool {
        self.aggregating
    }

    /// The database that is read in the end, through sub-selects in FROM; none for a global view.
    pub fn database(&self) -> Option<&'static Database> {
        match &self.source {
            Source::Database(database) => Some(database),
            Source::Query(query) => query.database(),
            Source::GlobalView { .. } => None,
        }
    }

    /// The indices of the fields of the database that this query reads, ascending, each once; those of sub-selects in
    /// IN are not among them. For a query over a sub-select, what the inner query reads.
    pub fn fields_read(&self) -> Vec<usize> {
        if let Source::Query(query) = &self.source {
            return query.fields_read();
        }
        let mut fields = Vec::new();
        self.visit(&mut |it| {
            if let ExprKind::Field(index) = it.kind {
                fields.push(index);
            }
        });
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// Whether the query reads properties that no field describes, that is, the column of properties.
    pub fn reads_properties(&self) -> bool {
        if let Source::Query(query) = &self.source {
            return query.reads_properties();
        }
        let mut found = false;
        self.visit(&mut |it| found |= matches!(it.kind, ExprKind::Property(_)));
        found
    }
}

impl Source {
    /// The name and the value type of a column.
    pub fn column(&self, index: usize) -> Option<(&str, Type)> {
        match self {
            Self::Database(database) => database.fields.get(index).map(|it| (it.name, it.value_type)),
            Self::Query(query) => query.columns.get(index).map(|it| (it.name.as_str(), it.expr.value_type)),
            Self::GlobalView { .. } => None,
        }
    }

    /// How messages name it.
    pub fn title(&self) -> String {
        match self {
            Self::Database(database) => format!("`{}`", database.name),
            Self::Query(_) => "the sub-select".to_owned(),
            Self::GlobalView { .. } => "the saved search".to_owned(),
        }
    }
}
