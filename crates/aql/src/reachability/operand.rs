//! What conditions are about: values of a row, each known once by its meaning, and when one is null because another is.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;

use schema::Type;
use syntax::ast::CompareOperator;

use crate::bound::{Call, Expr, ExprKind, Literal};

/// Functions whose value is null when an argument is.
const NULL_WITH_ARGUMENT: [&str; 9] =
    ["LOWER", "UPPER", "TRIM", "STR", "STRLEN", "LENGTH", "LONG", "DOUBLE", "SUBSTRING"];
/// Those of them whose value is null only then.
const NULL_ONLY_WITH_ARGUMENT: [&str; 4] = ["LOWER", "UPPER", "TRIM", "STR"];

/// An operand by its number.
pub(super) type OperandId = usize;

/// What kind of values an operand has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    Text,
    Integer,
    Double,
    Truth,
    Texts,
    Integers,
    /// Known only as null or not.
    Other,
}

/// A value of the row: a field, a property, or whatever is computed in a way that is not looked into.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) expr: Expr,
    pub(super) domain: Domain,
    /// It is null when one of these is.
    pub(super) needs: Vec<OperandId>,
    /// It is null only when one of `needs` is.
    pub(super) only: bool,
    /// It is the number that this text says.
    pub(super) number_of: Option<OperandId>,
}

/// All operands of a [`super::Reachability`].
#[derive(Debug, Default)]
pub(super) struct Operands {
    list: Vec<Operand>,
    by_print: HashMap<u64, Vec<OperandId>>,
    /// For each operand, those that need it.
    needed_by: Vec<Vec<OperandId>>,
}

impl Operands {
    pub(super) fn get(&self, id: OperandId) -> &Operand {
        &self.list[id]
    }

    pub(super) const fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn needed_by(&self, id: OperandId) -> &[OperandId] {
        &self.needed_by[id]
    }

    /// The operand of an expression, if it is one already.
    pub(super) fn find(&self, expr: &Expr) -> Option<OperandId> {
        let expr = plain(expr);
        let known = self.by_print.get(&print(expr))?;
        known.iter().copied().find(|it| is_same(&self.list[*it].expr, expr))
    }

    /// The operand of an expression.
    pub(super) fn intern(&mut self, expr: &Expr) -> OperandId {
        if let Some(known) = self.find(expr) {
            return known;
        }
        let expr = plain(expr);
        let (needs, only, number_of) = self.nullness(expr);
        let id = self.list.len();
        for need in &needs {
            self.needed_by[*need].push(id);
        }
        self.list.push(Operand { expr: expr.clone(), domain: domain(expr.value_type), needs, only, number_of });
        self.needed_by.push(Vec::new());
        self.by_print.entry(print(expr)).or_default().push(id);
        id
    }

    /// Which operands make it null, whether nothing else does, and the text whose number it is.
    fn nullness(&mut self, expr: &Expr) -> (Vec<OperandId>, bool, Option<OperandId>) {
        let (sources, only): (Vec<&Expr>, bool) = match &expr.kind {
            // Doubles and texts may not be convertible.
            ExprKind::Convert(inner) => {
                let converts = matches!(inner.value_type, Type::Integer | Type::Time | Type::Port | Type::Boolean);
                (vec![inner], converts)
            }
            ExprKind::Call(Call { function, args }) if NULL_WITH_ARGUMENT.contains(&function.name) => {
                (args.iter().collect(), NULL_ONLY_WITH_ARGUMENT.contains(&function.name))
            }
            ExprKind::Unary(_, inner) => (vec![inner], false),
            ExprKind::Binary(_, left, right) => (vec![left, right], false),
            // The order of addresses is that of their numbers, which not all have.
            ExprKind::Compare(operator, left, right) => {
                let is_equality = matches!(operator, CompareOperator::Equal | CompareOperator::NotEqual);
                (vec![left, right], is_equality || left.value_type != Type::Host && right.value_type != Type::Host)
            }
            ExprKind::InQuery { operand, .. } => (vec![operand], false),
            _ => (Vec::new(), false),
        };
        let sources: Vec<&Expr> = sources.into_iter().filter(|it| it.as_literal().is_none()).collect();
        let is_plain = sources.iter().all(|it| is_value_of_row(it));
        let needs: Vec<OperandId> = sources.iter().filter(|it| is_value_of_row(it)).map(|it| self.intern(it)).collect();
        let is_number = domain(expr.value_type) == Domain::Double;
        let number_of = match (&expr.kind, needs.as_slice()) {
            (ExprKind::Convert(inner), [inner_id]) if inner.value_type == Type::Text && is_number => Some(*inner_id),
            _ => None,
        };
        (needs, only && is_plain, number_of)
    }
}

/// Whether nullness of the expression is that of one operand.
fn is_value_of_row(expr: &Expr) -> bool {
    match &plain(expr).kind {
        ExprKind::Case { .. } | ExprKind::Literal(_) => false,
        ExprKind::Call(call) => call.function.name != "COALESCE",
        _ => true,
    }
}

/// Without what changes neither text nor nullness: the text of an address is the address.
fn plain(expr: &Expr) -> &Expr {
    let is_text = |it: &Expr| matches!(it.value_type, Type::Text | Type::Host | Type::Mac);
    match &expr.kind {
        ExprKind::Call(Call { function, args }) if function.name == "STR" => match args.as_slice() {
            [inner] if is_text(inner) => plain(inner),
            _ => expr,
        },
        ExprKind::Convert(inner) if is_text(expr) && is_text(inner) => plain(inner),
        _ => expr,
    }
}

const fn domain(value_type: Type) -> Domain {
    match value_type {
        Type::Text | Type::Host | Type::Mac | Type::Bytes => Domain::Text,
        Type::Integer | Type::Time | Type::Port => Domain::Integer,
        Type::Double => Domain::Double,
        Type::Boolean => Domain::Truth,
        Type::Texts => Domain::Texts,
        Type::Integers => Domain::Integers,
        Type::Structure | Type::Null => Domain::Other,
    }
}

/// Whether two expressions have the same value in every row. Names of properties ignore case and blanks.
fn is_same(one: &Expr, other: &Expr) -> bool {
    match (&one.kind, &other.kind) {
        (ExprKind::Property(one), ExprKind::Property(other)) => schema::key(one) == schema::key(other),
        _ => one == other,
    }
}

/// A number that is the same for expressions that are.
fn print(expr: &Expr) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash(expr, &mut hasher);
    hasher.finish()
}

fn hash(expr: &Expr, hasher: &mut DefaultHasher) {
    discriminant(&expr.kind).hash(hasher);
    match &expr.kind {
        ExprKind::Literal(Literal::Text(text)) => text.hash(hasher),
        ExprKind::Literal(Literal::Integer(value)) => value.hash(hasher),
        ExprKind::Field(index) => index.hash(hasher),
        ExprKind::Property(name) => schema::key(name).hash(hasher),
        ExprKind::Call(call) | ExprKind::Aggregate(call) => call.function.name.hash(hasher),
        ExprKind::Compare(operator, ..) => discriminant(operator).hash(hasher),
        ExprKind::InQuery { query, .. } => query.hash(hasher),
        _ => {}
    }
    for child in expr.children() {
        hash(child, hasher);
    }
}
