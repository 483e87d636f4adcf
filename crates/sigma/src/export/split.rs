//! A filter taken apart by the class of event: Sigma has one rule for each log source.

use aql::bound::{Expr, ExprKind};

use super::class::{Class, Side, named_values};
use super::fold::Folder;
use super::formula::Formula;
use super::source::Leaf;

/// A filter that names more values of one side is not taken apart by it.
const VALUES_MAX: usize = 200;
/// A condition of more parts than this is not written as a rule.
const SIZE_MAX: usize = 20_000;

/// The filter is too big for a rule.
#[derive(Debug)]
pub(super) struct TooBig;

/// An OR of more arms than this in all is not taken apart by its arms.
const ARMS_MAX: usize = 64;

/// The classes whose events can pass, each with what the filter asks of them. A side stays open where events of other
/// values than those that the filter names can pass: then its tests stay in the condition.
pub(super) fn split(filter: &Expr) -> Result<Vec<Leaf>, TooBig> {
    let values = Side::ALL.map(|side| (side, named_values(filter, side)));
    let mut leaves: Vec<Leaf> = Vec::new();
    take_apart(filter, &values, Class::open(), ARMS_MAX, &mut leaves)?;
    let mut merged: Vec<Leaf> = Vec::new();
    for (class, formula) in leaves {
        match merged.iter_mut().find(|it| it.0 == class) {
            Some((_, known)) => *known = Formula::or([std::mem::replace(known, Formula::False), formula]).simplified(),
            None => merged.push((class, formula)),
        }
    }
    Ok(merged)
}

fn take_apart(
    filter: &Expr,
    values: &[(Side, Vec<String>)],
    class: Class,
    arms_max: usize,
    leaves: &mut Vec<Leaf>,
) -> Result<(), TooBig> {
    for (side, named) in values {
        if !class.is_open(*side) || named.is_empty() || named.len() > VALUES_MAX {
            continue;
        }
        let Some(other) = class.with(*side, None) else { continue };
        if of_class(filter, &other)? != Formula::False {
            continue;
        }
        for value in named {
            let Some(class) = class.with(*side, Some(value)) else { continue };
            if of_class(filter, &class)? != Formula::False {
                take_apart(filter, values, class, arms_max, leaves)?;
            }
        }
        return Ok(());
    }
    let formula = of_class(filter, &class)?;
    if let Some(arms) = arms(filter, values, &class, arms_max) {
        let arms_max = arms_max / arms.len().max(1);
        for arm in arms {
            take_apart(&arm, values, class.clone(), arms_max, leaves)?;
        }
    } else if formula != Formula::False {
        leaves.push((class, formula));
    }
    Ok(())
}

/// The filter as several of which one must hold: the arms of an OR that says which events are meant, each with the rest
/// of the filter. None where no OR does.
fn arms(filter: &Expr, values: &[(Side, Vec<String>)], class: &Class, arms_max: usize) -> Option<Vec<Expr>> {
    let parts = match &filter.kind {
        ExprKind::And(parts) => parts.as_slice(),
        _ => std::slice::from_ref(filter),
    };
    let tells = |arm: &Expr| {
        values.iter().any(|(side, named)| {
            class.is_open(*side)
                && !named.is_empty()
                && class
                    .with(*side, None)
                    .is_some_and(|other| Folder { class: &other }.truth(arm, true).simplified() == Formula::False)
        })
    };
    for (index, part) in parts.iter().enumerate() {
        let ExprKind::Or(arms) = &part.kind else { continue };
        if arms.len() > arms_max || !arms.iter().any(tells) {
            continue;
        }
        let with_rest = |arm: &Expr| {
            let mut all: Vec<Expr> = match &arm.kind {
                ExprKind::And(inner) => inner.clone(),
                _ => vec![arm.clone()],
            };
            all.extend(parts.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, it)| it.clone()));
            match all.len() {
                1 => all.remove(0),
                _ => Expr::new(ExprKind::And(all), filter.value_type, filter.span),
            }
        };
        return Some(arms.iter().map(with_rest).collect());
    }
    None
}

fn of_class(filter: &Expr, class: &Class) -> Result<Formula, TooBig> {
    let formula = Folder { class }.truth(filter, true);
    if formula.size() > SIZE_MAX {
        return Err(TooBig);
    }
    Ok(formula.simplified())
}
