//! Whether a filter could be true at all when some fields are never filled: a test of an absent value is unknown, and
//! an unknown filter drops the row (`reference/aql.md` section 3.4).

use std::collections::BTreeSet;

use aql::bound::{Expr, ExprKind};

/// The fields whose absence keeps the filter from being true; none when it can be true. `filled` says whether a field is
/// ever filled. Where several branches could make it true, the fields of all of them are given.
pub(crate) fn missing_fields(filter: &Expr, filled: &dyn Fn(usize) -> bool) -> BTreeSet<usize> {
    match check(filter, true, filled) {
        Outcome::Possible => BTreeSet::new(),
        Outcome::Impossible(fields) => fields,
    }
}

enum Outcome {
    Possible,
    Impossible(BTreeSet<usize>),
}

/// Whether the condition can have the truth value `wanted`.
fn check(expr: &Expr, wanted: bool, filled: &dyn Fn(usize) -> bool) -> Outcome {
    match &expr.kind {
        ExprKind::Not(operand) => check(operand, !wanted, filled),
        ExprKind::And(operands) if wanted => all(operands, wanted, filled),
        ExprKind::Or(operands) if !wanted => all(operands, wanted, filled),
        ExprKind::And(operands) | ExprKind::Or(operands) => any(operands, wanted, filled),
        ExprKind::Text(test) => present(&test.operand, filled),
        ExprKind::Compare(_, left, right) => both(present(left, filled), present(right, filled)),
        ExprKind::In { operand, .. } | ExprKind::InQuery { operand, .. } => present(operand, filled),
        ExprKind::IsNull { operand, negated } if *negated == wanted => present(operand, filled),
        _ => Outcome::Possible,
    }
}

fn all(operands: &[Expr], wanted: bool, filled: &dyn Fn(usize) -> bool) -> Outcome {
    operands.iter().map(|it| check(it, wanted, filled)).fold(Outcome::Possible, both)
}

fn any(operands: &[Expr], wanted: bool, filled: &dyn Fn(usize) -> bool) -> Outcome {
    let mut fields = BTreeSet::new();
    for operand in operands {
        match check(operand, wanted, filled) {
            Outcome::Possible => return Outcome::Possible,
            Outcome::Impossible(missing) => fields.extend(missing),
        }
    }
    Outcome::Impossible(fields)
}

fn both(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Impossible(mut fields), Outcome::Impossible(more)) => {
            fields.extend(more);
            Outcome::Impossible(fields)
        }
        (Outcome::Impossible(fields), _) | (_, Outcome::Impossible(fields)) => Outcome::Impossible(fields),
        _ => Outcome::Possible,
    }
}

/// Whether the value can be anything but null. Functions and CASE may turn null into a value, so only what surely hands
/// null on is looked into.
fn present(value: &Expr, filled: &dyn Fn(usize) -> bool) -> Outcome {
    match &value.kind {
        ExprKind::Field(field) if !filled(*field) => Outcome::Impossible(BTreeSet::from([*field])),
        ExprKind::Convert(operand) | ExprKind::Unary(_, operand) => present(operand, filled),
        ExprKind::Binary(_, left, right) => both(present(left, filled), present(right, filled)),
        ExprKind::Call(call)
            if matches!(call.function.name, "LOWER" | "UPPER" | "UTF8" | "STRLEN" | "LONG" | "DOUBLE" | "STR") =>
        {
            call.args.first().map_or(Outcome::Possible, |it| present(it, filled))
        }
        _ => Outcome::Possible,
    }
}
