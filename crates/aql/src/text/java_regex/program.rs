//! An expression with its compiled forms, each made when it is first needed.

use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::emit::{Form, Guard, needs_backtracking, size};
use super::engine::{BudgetExceeded, Engine};
use super::node::Node;

/// Up to this size (`emit::size`) compiling cannot fail, so it may wait for the first test.
const DEFERRED_SIZE_MAX: u64 = 2_000;
/// Required texts below this length say too little to look for them first.
const REQUIRED_BYTES_MIN: usize = 2;

#[derive(Debug)]
pub(super) struct Program {
    pub(super) node: Node,
    /// What a value must fulfil for `plain`.
    guard: Guard,
    /// None when compiling failed, which the size bound excludes.
    plain: OnceLock<Option<Engine>>,
    exact: OnceLock<Option<Engine>>,
    /// Before backtracking: finds a text without which there is no match, in any case.
    required: Option<AhoCorasick>,
}

impl Program {
    /// Compiles what may fail to compile; the error is the reason.
    pub(super) fn new(node: Node) -> Result<Self, String> {
        let guard = Guard::of(&node);
        let backtracking = needs_backtracking(&node, Form::Plain);
        let required_text = if backtracking { node.required_text() } else { String::new() };
        let required = (required_text.len() >= REQUIRED_BYTES_MIN)
            .then(|| AhoCorasick::builder().ascii_case_insensitive(true).build([required_text]).ok())
            .flatten();
        let (plain, exact) = (OnceLock::new(), OnceLock::new());
        if backtracking || size(&node) > DEFERRED_SIZE_MAX {
            let _ = plain.set(Some(Engine::new(&node, Form::Plain)?));
            if guard != Guard::Always {
                let _ = exact.set(Some(Engine::new(&node, Form::Exact)?));
            }
        }
        Ok(Self { node, guard, plain, exact, required })
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
        if let Some(required) = &self.required
            && value.is_ascii()
            && !required.is_match(value)
        {
            return Ok(none);
        }
        let form = if self.guard.holds(value) { Form::Plain } else { Form::Exact };
        let slot = match form {
            Form::Plain => &self.plain,
            Form::Exact => &self.exact,
        };
        let engine = slot.get_or_init(|| Engine::new(&self.node, form).ok()).as_ref();
        engine.map_or(Ok(none), run)
    }
}
