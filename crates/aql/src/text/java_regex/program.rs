//! An expression with its compiled forms, each made when it is first needed.

use std::sync::OnceLock;

use super::emit::{Form, Guard, needs_backtracking, size};
use super::engine::{BudgetExceeded, Engine};
use super::node::{Assertion, Node};

/// Up to this size (`emit::size`) compiling cannot fail, so it may wait for the first test.
const DEFERRED_SIZE_MAX: u64 = 16_000;
/// How deep an expression that is compiled late may nest: a quarter of what the backtracking engine takes, for each level
/// is written as at most three.
const DEFERRED_DEPTH_MAX: usize = 16;

#[derive(Debug)]
pub(super) struct Program {
    pub(super) node: Node,
    /// What a value must fulfil for `plain`.
    guard: Guard,
    /// None when compiling failed, which the size bound excludes.
    plain: OnceLock<Option<Engine>>,
    exact: OnceLock<Option<Engine>>,
    /// Before backtracking: a form that rules out most values in linear time; none when it rules out nothing.
    loose: OnceLock<Option<Engine>>,
    backtracking: bool,
}

impl Program {
    /// Compiles what may fail to compile; the error is the reason.
    pub(super) fn new(node: Node) -> Result<Self, String> {
        let guard = Guard::of(&node);
        let backtracking = needs_backtracking(&node, Form::Plain);
        let (plain, exact, loose) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        if !may_be_deferred(&node, backtracking) {
            let _ = plain.set(Some(Engine::new(&node, Form::Plain)?));
            if guard != Guard::Always {
                let _ = exact.set(Some(Engine::new(&node, Form::Exact)?));
            }
        }
        Ok(Self { node, guard, plain, exact, loose, backtracking })
    }

    pub(super) const fn node(&self) -> &Node {
        &self.node
    }

    /// Runs a search on the engine that fits the value; `none` is the answer when nothing can be found.
    pub(super) fn run<T>(
        &self,
        value: &str,
        none: T,
        run: impl FnOnce(&Engine) -> Result<T, BudgetExceeded>,
    ) -> Result<T, BudgetExceeded> {
        let (form, slot) =
            if self.guard.holds(value) { (Form::Plain, &self.plain) } else { (Form::Exact, &self.exact) };
        if self.backtracking && form == Form::Plain && !self.may_be_in(value) {
            return Ok(none);
        }
        let engine = slot.get_or_init(|| Engine::new(&self.node, form).ok()).as_ref();
        engine.map_or(Ok(none), run)
    }

    /// Whether the loose form is found in a value for which the guard holds.
    fn may_be_in(&self, value: &str) -> bool {
        let loose = || Engine::new(&self.node, Form::Loose).ok().filter(|it| it.is_match("") == Ok(false));
        self.loose.get_or_init(loose).as_ref().is_none_or(|it| it.is_match(value) != Ok(false))
    }
}

/// Whether compiling cannot fail and may wait for the first test. The backtracking engine refuses some of what may stand
/// in a look-behind, and nesting; look-ahead, atomic groups and possessive repetition it always takes.
fn may_be_deferred(node: &Node, backtracking: bool) -> bool {
    let mut is_plain = true;
    node.walk(&mut |node| {
        is_plain &= match node {
            Node::Look(look) => !look.behind,
            Node::Backreference(..) | Node::Grapheme | Node::Assertion(Assertion::PreviousEnd) => false,
            _ => true,
        };
    });
    size(node) <= DEFERRED_SIZE_MAX && (!backtracking || (is_plain && depth(node) <= DEFERRED_DEPTH_MAX))
}

/// How deep groups nest.
fn depth(node: &Node) -> usize {
    match node {
        Node::Concat(nodes) | Node::Alternate(nodes) => 1 + nodes.iter().map(depth).max().unwrap_or_default(),
        Node::Capture(node) | Node::Atomic(node) => 1 + depth(node),
        Node::Repeat(repeat) => 1 + depth(&repeat.node),
        Node::Look(look) => 1 + depth(&look.node),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::java_regex::parser::{self, Flags};

    /// What is compiled late must compile: of each kind the biggest and the deepest.
    #[test]
    fn what_is_deferred_can_be_compiled() {
        let wide = r"[\x{80}-\x{10ffff}]";
        let nested = |open: &str, close: &str| {
            let levels = DEFERRED_DEPTH_MAX / 3 - 1;
            format!("{}a{}", open.repeat(levels), close.repeat(levels))
        };
        let texts = [
            format!("{wide}{{{}}}", DEFERRED_SIZE_MAX / 3 - 10),
            format!("(?!{wide}{{{}}})x", DEFERRED_SIZE_MAX / 3 - 10),
            format!(r"(?>\p{{L}}{{1,{}}})", 20),
            format!(r"(?U)(?=\w{{1,{}}})", 18),
            format!("(?=a){{2}}(?m)^(b|(?!c)){{1,{}}}$", 1_000),
            format!("(?>{})", "(?:ab|cd)?+".repeat(1_500)),
            nested("(?=(?:", ")+)"),
            nested("(?>(?:", ")+)"),
            nested("((?!x)", ")+"),
        ];
        for text in texts {
            let shown = &text[..text.len().min(40)];
            let mut parsed = parser::parse(&text, Flags::default()).unwrap_or_else(|error| panic!("{shown}: {error}"));
            parsed.node.resolve_references(parsed.groups);
            let backtracking = needs_backtracking(&parsed.node, Form::Plain);
            assert!(may_be_deferred(&parsed.node, backtracking), "{shown}: size {}", size(&parsed.node));
            for form in [Form::Plain, Form::Exact] {
                if let Err(reason) = Engine::new(&parsed.node, form) {
                    panic!("{shown}: {form:?}: {reason}");
                }
            }
        }
    }
}
