//! From the syntax tree to the bound form. Whatever is wrong is said in a diagnostic, and binding goes on.

mod address;
mod aggregate;
mod arithmetic;
mod call;
mod compare;
mod conditional;
mod context;
mod expr;
mod names;
mod parameters;
mod query;
mod result_names;
mod session;
mod text;
mod text_search;
mod time;

pub(crate) use context::Context;
pub(crate) use query::{bind_expression, bind_filter, bind_query};

use schema::{Kind, Type};

use crate::bound::{Expr, ExprKind, Source, Subquery};

/// The names, sub-selects and place of one query while it is bound.
pub(crate) struct Binder<'c, 'a, 'q> {
    context: &'c mut Context<'a>,
    source: Source,
    aliases: Vec<AliasEntry<'q>>,
    subqueries: Vec<Subquery>,
    has_session: bool,
    clause: Clause,
    /// Whether an argument of an aggregate is being bound.
    in_aggregate: bool,
    /// The alias that is being bound, innermost last: positions in `aliases`.
    binding: Vec<usize>,
    /// How many sub-selects stand around this one.
    depth: usize,
}

/// An alias of the SELECT list.
struct AliasEntry<'q> {
    key: String,
    expr: &'q syntax::ast::Expr,
    bound: Option<Expr>,
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clause {
    Select,
    Where,
    Session,
    GroupBy,
    Having,
    OrderBy,
}

impl Binder<'_, '_, '_> {
    /// Whether the value comes from a custom property, whose type is only our guess: it is converted silently.
    fn is_property(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Property(_) => true,
            ExprKind::Convert(operand) => self.is_property(operand),
            ExprKind::Aggregate(call) => call.args.first().is_some_and(|it| self.is_property(it)),
            ExprKind::Field(index) => match &self.source {
                Source::Database(database) => database.fields[*index].kind == Kind::Property,
                Source::Query(query) => matches!(query.columns[*index].expr.kind, ExprKind::Property(_)),
                Source::GlobalView { .. } => true,
            },
            _ => false,
        }
    }
}

/// How QRadar's messages name a type.
fn type_name(value_type: Type) -> &'static str {
    match value_type {
        Type::Integer => "Long",
        Type::Double => "Double",
        Type::Time => "Time",
        Type::Port => "Port",
        Type::Host => "Host",
        Type::Mac => "MACAddress",
        Type::Text => "String",
        Type::Bytes => "byte[]",
        Type::Boolean => "Boolean",
        Type::Integers => "list of Long",
        Type::Texts => "list of String",
        Type::Structure => "STRUCT",
        Type::Null => "NULL",
    }
}
