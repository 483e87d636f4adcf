//! What the least and greatest values of a column say of a test: that it cannot be true, that it always is, or nothing.
//! Each answer is proven by the statistics alone; what is not understood may be either.

use std::cmp::Ordering;

use aql::text::{Case, Pattern};
use datafusion_common::ScalarValue;
use datafusion_expr::Operator;
use datafusion_physical_expr::ScalarFunctionExpr;
use datafusion_physical_expr::expressions::{BinaryExpr, Column, InListExpr, IsNotNullExpr, IsNullExpr, Literal};
use datafusion_physical_plan::PhysicalExpr;

use super::condition::{Condition, Test};

/// Whether a test is true on some rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// On none of them.
    Never,
    /// That is not known.
    Maybe,
    /// On all of them.
    Always,
}

/// What is known of the values of a column in some rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Extent {
    /// None is less; not always one of the values.
    pub(super) least: Option<Bound>,
    /// None is greater; not always one of the values.
    pub(super) greatest: Option<Bound>,
    /// How many are null, where that is known.
    pub(super) nulls: Option<u64>,
    /// How many there are.
    pub(super) rows: u64,
}

/// A value that bounds others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Bound {
    Integer(i64),
    Text(Box<[u8]>),
}

/// Whether a value may be among those of a column; a bloom filter for instance.
pub(super) type Holds<'a> = &'a dyn Fn(&Bound) -> bool;

impl Condition {
    /// The verdict of a condition, given those of its tests of one column.
    pub(super) fn verdict(&self, of: &mut dyn FnMut(&Test) -> Verdict) -> Verdict {
        match self {
            Self::All(parts) => parts.iter().map(|it| it.verdict(of)).min().unwrap_or(Verdict::Always),
            Self::Any(parts) => parts.iter().map(|it| it.verdict(of)).max().unwrap_or(Verdict::Never),
            Self::One(test) => of(test),
            Self::Several(_) => Verdict::Maybe,
        }
    }
}

impl Test {
    /// The verdict of a test of one column.
    pub(super) fn verdict(&self, extent: &Extent, holds: Holds<'_>) -> Verdict {
        if extent.nulls == Some(extent.rows) {
            return if self.on_null { Verdict::Always } else { Verdict::Never };
        }
        judge(self.expression.as_ref(), extent, holds)
    }
}

fn judge(expression: &dyn PhysicalExpr, extent: &Extent, holds: Holds<'_>) -> Verdict {
    if let Some(it) = expression.downcast_ref::<BinaryExpr>() {
        let sides = || (judge(it.left().as_ref(), extent, holds), judge(it.right().as_ref(), extent, holds));
        return match it.op() {
            Operator::And => sides().0.min(sides().1),
            Operator::Or => sides().0.max(sides().1),
            operator => compared(it, *operator, extent, holds),
        };
    }
    if let Some(it) = expression.downcast_ref::<InListExpr>() {
        if it.negated() || !it.expr().is::<Column>() {
            return Verdict::Maybe;
        }
        let values = it.list().iter().map(|it| it.downcast_ref::<Literal>().and_then(|it| bound(it.value())));
        return values.collect::<Option<Vec<_>>>().map_or(Verdict::Maybe, |it| among(&it, extent, holds));
    }
    if let Some(it) = expression.downcast_ref::<ScalarFunctionExpr>() {
        return text_test(it, extent, holds);
    }
    if expression.downcast_ref::<IsNullExpr>().is_some_and(|it| it.arg().is::<Column>()) {
        return if extent.nulls == Some(0) { Verdict::Never } else { Verdict::Maybe };
    }
    if expression.downcast_ref::<IsNotNullExpr>().is_some_and(|it| it.arg().is::<Column>()) {
        return if extent.nulls == Some(0) { Verdict::Always } else { Verdict::Maybe };
    }
    Verdict::Maybe
}

/// A comparison of the column with a constant.
fn compared(it: &BinaryExpr, operator: Operator, extent: &Extent, holds: Holds<'_>) -> Verdict {
    let constant = |it: &dyn PhysicalExpr| it.downcast_ref::<Literal>().and_then(|it| bound(it.value()));
    let (operator, value) = if it.left().is::<Column>() {
        (Some(operator), constant(it.right().as_ref()))
    } else if it.right().is::<Column>() {
        (operator.swap(), constant(it.left().as_ref()))
    } else {
        (None, None)
    };
    let (Some(operator), Some(value)) = (operator, value) else { return Verdict::Maybe };
    if operator == Operator::Eq {
        return among(&[value], extent, holds);
    }
    let least = extent.least.as_ref().and_then(|it| it.compare(&value));
    let greatest = extent.greatest.as_ref().and_then(|it| it.compare(&value));
    let (never, always) = match operator {
        Operator::Lt => (least.is_some_and(Ordering::is_ge), greatest.is_some_and(Ordering::is_lt)),
        Operator::LtEq => (least.is_some_and(Ordering::is_gt), greatest.is_some_and(Ordering::is_le)),
        Operator::Gt => (greatest.is_some_and(Ordering::is_le), least.is_some_and(Ordering::is_gt)),
        Operator::GtEq => (greatest.is_some_and(Ordering::is_lt), least.is_some_and(Ordering::is_ge)),
        _ => (false, false),
    };
    match (never, always && extent.nulls == Some(0)) {
        (true, _) => Verdict::Never,
        (_, true) => Verdict::Always,
        _ => Verdict::Maybe,
    }
}

/// Equality with any of some values.
fn among(values: &[Bound], extent: &Extent, holds: Holds<'_>) -> Verdict {
    let lies_outside = |value: &Bound| {
        extent.least.as_ref().and_then(|it| it.compare(value)).is_some_and(Ordering::is_gt)
            || extent.greatest.as_ref().and_then(|it| it.compare(value)).is_some_and(Ordering::is_lt)
    };
    if values.iter().all(|it| lies_outside(it) || !holds(it)) {
        return Verdict::Never;
    }
    // The bounds of texts may be cut; those of numbers are values.
    let is_constant = matches!(extent.least, Some(Bound::Integer(_))) && extent.least == extent.greatest;
    let is_one_of = extent.least.as_ref().is_some_and(|it| values.contains(it));
    if is_constant && is_one_of && extent.nulls == Some(0) { Verdict::Always } else { Verdict::Maybe }
}

/// A test of text, where it asks for whole texts in their case.
fn text_test(call: &ScalarFunctionExpr, extent: &Extent, holds: Holds<'_>) -> Verdict {
    let Some(matcher) = aql::text::matcher_of(call.fun()) else { return Verdict::Maybe };
    if matcher.case() != Case::Sensitive || !call.args().first().is_some_and(|it| it.is::<Column>()) {
        return Verdict::Maybe;
    }
    let value = |it: &Pattern| match it {
        Pattern::Equal(text) => Some(Bound::Text(text.as_bytes().into())),
        _ => None,
    };
    let values: Option<Vec<_>> = matcher.patterns().iter().map(value).collect();
    values.map_or(Verdict::Maybe, |it| among(&it, extent, holds))
}

fn bound(value: &ScalarValue) -> Option<Bound> {
    match value {
        ScalarValue::Int64(Some(it)) => Some(Bound::Integer(*it)),
        ScalarValue::Utf8View(Some(it)) | ScalarValue::Utf8(Some(it)) => Some(Bound::Text(it.as_bytes().into())),
        _ => None,
    }
}

impl Bound {
    /// Nothing for values of different types.
    fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(one), Self::Integer(other)) => Some(one.cmp(other)),
            (Self::Text(one), Self::Text(other)) => Some(one.cmp(other)),
            _ => None,
        }
    }
}
