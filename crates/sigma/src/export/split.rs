//! A filter taken apart by the class of event: Sigma has one rule for each log source.

use aql::bound::Expr;

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

/// The classes whose events can pass, each with what the filter asks of them. A side stays open where events of other
/// values than those that the filter names can pass: then its tests stay in the condition.
pub(super) fn split(filter: &Expr) -> Result<Vec<Leaf>, TooBig> {
    let values = Side::ALL.map(|side| (side, named_values(filter, side)));
    let mut leaves = Vec::new();
    take_apart(filter, &values, Class::open(), &mut leaves)?;
    Ok(leaves)
}

fn take_apart(
    filter: &Expr,
    values: &[(Side, Vec<String>)],
    class: Class,
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
                take_apart(filter, values, class, leaves)?;
            }
        }
        return Ok(());
    }
    let formula = of_class(filter, &class)?;
    leaves.push((class, formula));
    Ok(())
}

fn of_class(filter: &Expr, class: &Class) -> Result<Formula, TooBig> {
    let formula = Folder { class }.truth(filter, true);
    if formula.size() > SIZE_MAX {
        return Err(TooBig);
    }
    Ok(formula.simplified())
}
