//! From bound expressions to conditions that can be decided. What cannot be looked into becomes a free truth value, so
//! that nothing is excluded that may happen.

use std::collections::HashMap;

use schema::Type;

use super::condition::{Condition, Node, Test};
use super::operand::{OperandId, Operands};
use super::ranges::Ranges;
use super::text::TextTests;
use crate::bound::{Expr, ExprKind, Literal, TextTest};
use crate::text::Pattern;

/// Adds conditions to those that are known.
pub(super) struct Translator<'r> {
    pub(super) operands: &'r mut Operands,
    pub(super) tests: &'r mut TextTests,
    pub(super) nodes: &'r mut Vec<Node>,
}

impl Translator<'_> {
    pub(super) fn add(&mut self, node: Node) -> Condition {
        self.nodes.push(node);
        Condition(self.nodes.len() as u32 - 1)
    }

    pub(super) fn constant(&mut self, truth: Option<bool>) -> Condition {
        self.add(Node::Constant(truth))
    }

    /// The condition of an expression that is true, false or unknown.
    pub(super) fn condition(&mut self, expr: &Expr) -> Condition {
        if expr.value_type == Type::Null {
            return self.constant(None);
        }
        match &expr.kind {
            ExprKind::Literal(Literal::Boolean(truth)) => self.constant(Some(*truth)),
            ExprKind::Literal(_) => self.constant(None),
            ExprKind::And(operands) => self.connected(operands, true),
            ExprKind::Or(operands) => self.connected(operands, false),
            ExprKind::Not(operand) => {
                let inner = self.condition(operand);
                self.not(inner)
            }
            ExprKind::Compare(operator, left, right) => self.compare(*operator, left, right, expr),
            ExprKind::Text(test) => self.text(test, expr),
            ExprKind::In { operand, list, negated } => {
                let inside = self.membership(operand, list, expr);
                if *negated { self.not(inside) } else { inside }
            }
            ExprKind::InQuery { operand, query, negated } => {
                let kind = ExprKind::InQuery { operand: operand.clone(), query: *query, negated: false };
                let inside = self.free(&Expr { kind, ..expr.clone() });
                if *negated { self.not(inside) } else { inside }
            }
            ExprKind::IsNull { operand, negated } => {
                let null = self.null(operand);
                if *negated { self.not(null) } else { null }
            }
            ExprKind::Case { .. } => self.over_cases(expr, Self::condition),
            _ => self.free(expr),
        }
    }

    /// A truth value that may be any, the same wherever the expression stands.
    pub(super) fn free(&mut self, expr: &Expr) -> Condition {
        let operand = self.operands.intern(expr);
        self.add(Node::Test(operand, Test::Truth))
    }

    pub(super) fn not(&mut self, inner: Condition) -> Condition {
        match &self.nodes[inner.0 as usize] {
            Node::Not(inner) => *inner,
            _ => self.add(Node::Not(inner)),
        }
    }

    /// Whether a value is null.
    pub(super) fn null(&mut self, expr: &Expr) -> Condition {
        self.over_cases(expr, |it, value| match value.as_literal() {
            Some(literal) => it.constant(Some(*literal == Literal::Null)),
            None if value.value_type == Type::Null => it.constant(Some(true)),
            None if is_condition(value) => it.unknown(value),
            None => {
                let operand = it.operands.intern(value);
                it.add(Node::Null(operand))
            }
        })
    }

    /// Whether a condition is unknown: neither of its other outcomes.
    fn unknown(&mut self, expr: &Expr) -> Condition {
        let condition = self.condition(expr);
        let (yes, no) = (self.constant(Some(true)), self.constant(Some(false)));
        self.add(Node::Branches(vec![
            (vec![(condition, super::Outcome::Unknown)], yes),
            (vec![(condition, super::Outcome::True)], no),
            (vec![(condition, super::Outcome::False)], no),
        ]))
    }

    /// AND or OR; tests of one operand that become one are joined.
    fn connected(&mut self, operands: &[Expr], is_and: bool) -> Condition {
        let mut conditions: Vec<Condition> = Vec::with_capacity(operands.len());
        let mut joint: HashMap<OperandId, Joint> = HashMap::new();
        for operand in operands {
            let condition = self.condition(operand);
            match self.test_of(condition, is_and) {
                Some((operand, test)) => joint.entry(operand).or_default().add(condition, test),
                None => conditions.push(condition),
            }
        }
        let mut joint: Vec<(OperandId, Joint)> = joint.into_iter().collect();
        joint.sort_unstable_by_key(|(_, it)| it.first);
        for (operand, joint) in joint {
            conditions.extend(self.joined(operand, joint, is_and));
        }
        match conditions.as_slice() {
            [only] => *only,
            _ if is_and => self.add(Node::And(conditions)),
            _ => self.add(Node::Or(conditions)),
        }
    }

    /// The operand and the test of a condition of an OR, or of a negated one of an AND.
    fn test_of(&self, condition: Condition, is_and: bool) -> Option<(OperandId, Test)> {
        let node = &self.nodes[condition.0 as usize];
        let node = match (node, is_and) {
            (Node::Not(inner), true) => &self.nodes[inner.0 as usize],
            (node, false) => node,
            (Node::Test(operand, Test::Number(ranges)), true) => {
                return Some((*operand, Test::Number(ranges.complement())));
            }
            _ => return None,
        };
        match node {
            // Of a list, the elements that pass may be different ones, but any will do for an OR.
            Node::Test(operand, test @ (Test::Text(_) | Test::Number(_))) => Some((*operand, test.clone())),
            _ => None,
        }
    }

    /// One condition for the tests of an operand: any of them passes, or none in an AND.
    fn joined(&mut self, operand: OperandId, joint: Joint, is_and: bool) -> Vec<Condition> {
        if joint.conditions.len() == 1 {
            return joint.conditions;
        }
        let is_list = matches!(self.operands.get(operand).domain, super::operand::Domain::Integers);
        if is_list && is_and {
            return joint.conditions;
        }
        let mut joined = Vec::new();
        if let Some(ranges) = joint.ranges {
            joined.push(Test::Number(ranges));
        }
        if !joint.texts.is_empty() {
            joined.push(Test::Text(self.tests.any(&joint.texts)));
        }
        let joined: Vec<Condition> = joined.into_iter().map(|it| self.add(Node::Test(operand, it))).collect();
        if is_and { joined.into_iter().map(|it| self.not(it)).collect() } else { joined }
    }

    fn text(&mut self, test: &TextTest, expr: &Expr) -> Condition {
        let patterns: Vec<Pattern> = test.patterns.iter().map(crate::bound::Pattern::as_text_pattern).collect();
        let Some(id) = self.tests.of(patterns, test.case) else { return self.free(expr) };
        let passes = self.over_cases(&test.operand, |it, value| match value.as_literal() {
            Some(Literal::Text(constant)) => {
                let truth = it.tests.passes(id, constant);
                it.constant(Some(truth))
            }
            Some(Literal::Null) => it.constant(None),
            None if value.value_type == Type::Null => it.constant(None),
            None if matches!(value.value_type, Type::Text | Type::Texts | Type::Host | Type::Mac | Type::Bytes) => {
                let operand = it.operands.intern(value);
                it.add(Node::Test(operand, Test::Text(id)))
            }
            _ => it.free_text(test, value, expr),
        });
        if test.negated { self.not(passes) } else { passes }
    }

    /// A test of text that is not looked into.
    fn free_text(&mut self, test: &TextTest, value: &Expr, expr: &Expr) -> Condition {
        let test = TextTest { operand: Box::new(value.clone()), negated: false, ..test.clone() };
        self.free(&Expr { kind: ExprKind::Text(test), ..expr.clone() })
    }
}

/// Tests of one operand that are to become one.
#[derive(Default)]
struct Joint {
    first: u32,
    conditions: Vec<Condition>,
    ranges: Option<Ranges>,
    texts: Vec<super::text::TestId>,
}

impl Joint {
    fn add(&mut self, condition: Condition, test: Test) {
        if self.conditions.is_empty() {
            self.first = condition.0;
        }
        self.conditions.push(condition);
        match test {
            Test::Text(id) => self.texts.push(id),
            Test::Number(ranges) => {
                self.ranges = Some(self.ranges.take().map_or(ranges.clone(), |it| it.union(&ranges)));
            }
            Test::Truth => {}
        }
    }
}

/// Whether the expression is a condition, whose nullness is being unknown.
fn is_condition(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::Text(_)
            | ExprKind::In { .. }
            | ExprKind::IsNull { .. }
    )
}
