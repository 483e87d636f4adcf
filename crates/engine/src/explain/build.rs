//! The tree of one event, from the compiled query and the truth of its tests.

use std::sync::Arc;

use datafusion_common::arrow::array::RecordBatch;
use serde_json::Value;
use syntax::Span;

use super::compile::{Against, Compiled, CompiledOperand, CompiledTerm, CompiledValue, Leaf, Node, NodeKind, value_of};
use super::tree::{Arm, Computed, Explanation, Predicate, PredicateKind, Term, Test, TestedValue, Truth};
use crate::{Result, cell};

/// Conditions of a tree that decide, and as many that do not; further ones are left out.
pub const CONDITIONS_MAX: usize = 500;
/// The longest value that a tree keeps, in bytes; of a longer one the part around its hit.
pub const VALUE_BYTES_MAX: usize = 4096;

/// A hit of a literal: its operator, text and place, and the bytes of the value.
type Hit = (&'static str, Arc<str>, Span, Option<(usize, usize)>);

/// Builds the tree for a batch of one row.
pub(super) fn explanation(compiled: &Compiled, row: &RecordBatch) -> Result<Explanation> {
    let truths: Vec<Truth> = compiled.truths(row)?.into_iter().map(|it| it[0]).collect();
    let mut builder = Builder { compiled, row, truths, deciding: 0, others: 0, left_out: 0 };
    let condition = match &compiled.filter {
        Some(filter) => builder.predicate(filter, true)?,
        None => None,
    };
    let mut columns = Vec::with_capacity(compiled.columns.len());
    for column in &compiled.columns {
        columns.push(builder.computed(column, true)?);
    }
    Ok(Explanation { condition, columns, left_out: builder.left_out })
}

/// A single test on a batch of one row.
pub(super) fn single(compiled: &Compiled, row: &RecordBatch, leaf: usize) -> Result<Predicate> {
    let truths: Vec<Truth> = compiled.truths(row)?.into_iter().map(|it| it[0]).collect();
    let truth = truths[leaf];
    let mut builder = Builder { compiled, row, truths, deciding: 0, others: 0, left_out: 0 };
    let test = builder.test(leaf, true)?;
    let Leaf { says, span, .. } = &compiled.leaves[leaf];
    let kind = PredicateKind::Test(Box::new(test));
    Ok(Predicate { truth, decides: true, says: Arc::clone(says), span: *span, kind })
}

struct Builder<'a> {
    compiled: &'a Compiled,
    row: &'a RecordBatch,
    truths: Vec<Truth>,
    deciding: usize,
    others: usize,
    left_out: usize,
}

impl Builder<'_> {
    fn truth(&self, node: &Node) -> Truth {
        node.truth(&|leaf| self.truths[leaf])
    }

    /// The condition; none where the tree is full.
    fn predicate(&mut self, node: &Node, decides: bool) -> Result<Option<Predicate>> {
        let count = if decides { &mut self.deciding } else { &mut self.others };
        if *count >= CONDITIONS_MAX {
            self.left_out += 1;
            return Ok(None);
        }
        *count += 1;
        let truth = self.truth(node);
        let kind = match &node.kind {
            NodeKind::All(nodes) => PredicateKind::All(self.operands(nodes, decides.then_some(truth), Truth::True)?),
            NodeKind::Any(nodes) => PredicateKind::Any(self.operands(nodes, decides.then_some(truth), Truth::False)?),
            NodeKind::Not(node) => match self.predicate(node, decides)? {
                Some(operand) => PredicateKind::Not(Box::new(operand)),
                None => return Ok(None),
            },
            NodeKind::Leaf(leaf) => PredicateKind::Test(Box::new(self.test(*leaf, decides)?)),
        };
        Ok(Some(Predicate { truth, decides, says: Arc::clone(&node.says), span: node.span, kind }))
    }

    /// The operands of AND or OR. Where the whole decides with `whole`, an operand does if it is that too; where the
    /// whole is `shared`, all of them are.
    fn operands(&mut self, nodes: &[Node], whole: Option<Truth>, shared: Truth) -> Result<Vec<Predicate>> {
        let mut operands = Vec::with_capacity(nodes.len());
        for node in nodes {
            let decides = whole.is_some_and(|it| it == shared || it == self.truth(node));
            operands.extend(self.predicate(node, decides)?);
        }
        Ok(operands)
    }

    fn test(&mut self, leaf: usize, decides: bool) -> Result<Test> {
        let compiled = self.compiled;
        let leaf: &Leaf = &compiled.leaves[leaf];
        let mut cells = Vec::with_capacity(leaf.values.len());
        for operand in &leaf.values {
            cells.push((operand, cell(&value_of(&operand.value, self.row)?, 0)));
        }
        let (operator, negated, literals) = match &leaf.against {
            Against::Texts { patterns, negated, .. } => {
                (patterns.first().map_or("", |it| it.0), *negated, patterns.len())
            }
            Against::Values { operator, values, negated } => (*operator, *negated, values.len()),
            Against::Nothing { operator, negated } => (*operator, *negated, 0),
        };
        let first = cells.first().map_or(&Value::Null, |(_, value)| value);
        let (shown, hit) = leaf.against.find(first);
        let (operator, literal, literal_span, range) = hit
            .or_else(|| leaf.against.first())
            .map_or((operator, None, Span::default(), None), |it| (it.0, Some(it.1), it.2, it.3));
        let mut values: Vec<TestedValue> = cells.iter().map(|(operand, value)| tested(operand, value)).collect();
        let mut hit = range;
        if let (Some(value), Some(shown)) = (values.first_mut(), shown) {
            let (text, cut) = window(&shown, range);
            hit = range.map(|(start, end)| (start - cut.0, (end - cut.0).min(text.len())));
            (value.value, value.cut) = (Some(text), cut);
        }
        let computed = leaf.computed.as_ref().map(|it| self.computed(it, decides)).transpose()?;
        Ok(Test { values, operator, negated, literal, literal_span, literals, hit, computed })
    }

    fn computed(&mut self, value: &CompiledValue, decides: bool) -> Result<Computed> {
        let terms = value.terms.iter().map(|it| self.term(it, decides)).collect::<Result<_>>()?;
        Ok(Computed { name: Arc::clone(&value.name), value: cell(&value_of(&value.value, self.row)?, 0), terms })
    }

    fn term(&mut self, term: &CompiledTerm, decides: bool) -> Result<Term> {
        let value = cell(&value_of(&term.value, self.row)?, 0);
        let taken = term.arms.iter().position(|it| self.truth(&it.condition) == Truth::True);
        let (mut arms, mut position) = (Vec::with_capacity(term.arms.len()), None);
        for (index, arm) in term.arms.iter().enumerate() {
            let is_taken = taken == Some(index);
            let Some(condition) = self.predicate(&arm.condition, decides && is_taken)? else { continue };
            if is_taken {
                position = Some(arms.len());
            }
            let computed = match &arm.computed {
                Some(inner) if is_taken => Some(self.computed(inner, decides)?),
                _ => None,
            };
            arms.push(Arm { condition, gives: Arc::clone(&arm.gives), computed });
        }
        Ok(Term { minus: term.minus, value, says: Arc::clone(&term.says), arms, taken: position })
    }
}

impl Against {
    /// The text of a value, or of the element of a list, that is hit, with the hit; without one the whole text.
    fn find(&self, value: &Value) -> (Option<String>, Option<Hit>) {
        let items = match value {
            Value::Null => return (None, None),
            Value::Array(items) => items.iter().map(plain).collect(),
            other => vec![plain(other)],
        };
        for item in &items {
            if let Some(hit) = self.hit(item) {
                return (Some(item.clone()), Some(hit));
            }
        }
        (Some(items.join(", ")), None)
    }

    fn hit(&self, value: &str) -> Option<Hit> {
        match self {
            Self::Texts { matcher, patterns, .. } => {
                let (index, range) = matcher.find(value)?;
                let (operator, literal, span) = patterns.get(index)?;
                Some((operator, Arc::clone(literal), *span, Some((range.start, range.end))))
            }
            Self::Values { operator: operator @ ("IN" | "="), values, .. } => {
                let (literal, span) = values.iter().find(|(literal, _)| **literal == *value)?;
                Some((operator, Arc::clone(literal), *span, None))
            }
            Self::Values { .. } | Self::Nothing { .. } => None,
        }
    }

    /// The first literal, which did not hit.
    fn first(&self) -> Option<Hit> {
        match self {
            Self::Texts { patterns, .. } => patterns.first().map(|it| (it.0, Arc::clone(&it.1), it.2, None)),
            Self::Values { operator, values, .. } => {
                values.first().map(|(literal, span)| (*operator, Arc::clone(literal), *span, None))
            }
            Self::Nothing { .. } => None,
        }
    }
}

fn tested(operand: &CompiledOperand, value: &Value) -> TestedValue {
    let text = match value {
        Value::Null => None,
        Value::Array(items) => Some(items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        other => Some(plain(other)),
    };
    let (value, cut) = text.map_or((None, (0, 0)), |it| {
        let (text, cut) = window(&it, None);
        (Some(text), cut)
    });
    TestedValue { field: Arc::clone(&operand.name), span: operand.span, value, cut }
}

/// The part of a value around a hit, and how many bytes are cut off on both sides.
fn window(value: &str, hit: Option<(usize, usize)>) -> (String, (usize, usize)) {
    if value.len() <= VALUE_BYTES_MAX {
        return (value.to_owned(), (0, 0));
    }
    let from = hit.map_or(0, |(start, _)| start.saturating_sub(VALUE_BYTES_MAX / 4));
    let start = value.floor_char_boundary(from);
    let end = value.floor_char_boundary(start + VALUE_BYTES_MAX);
    (value[start..end].to_owned(), (start, value.len() - end))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_around_its_hit() {
        let value = format!("{}é!{}", "a".repeat(9_999), "b".repeat(9_999));
        let (text, (before, behind)) = window(&value, Some((9_999, 10_002)));
        assert_eq!((before, before + text.len() + behind), (9_999 - VALUE_BYTES_MAX / 4, value.len()));
        assert!(text.len() <= VALUE_BYTES_MAX && text.contains("é!"));
    }
}
