//! What is shared by a query and its sub-selects while they are bound.

use std::collections::BTreeSet;

use syntax::{Diagnostic, Span};

use crate::{Function, Options, lints};

/// The most bound expressions that one text may become, so that aliases of aliases cannot multiply without end.
const EXPRESSIONS_MAX: usize = 1_000_000;

/// The options, and what was found so far.
pub(crate) struct Context<'a> {
    pub(crate) options: &'a Options,
    /// The source text.
    pub(crate) text: &'a str,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What was already said once for the whole query.
    said: BTreeSet<String>,
    expressions: usize,
    pub(crate) text_searches: usize,
}

impl<'a> Context<'a> {
    pub(crate) fn new(text: &'a str, options: &'a Options) -> Self {
        let (said, diagnostics) = (BTreeSet::new(), Vec::new());
        Self { options, text, diagnostics, said, expressions: 0, text_searches: 0 }
    }

    pub(crate) fn say(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Whether [`Self::say_once`] has said this.
    pub(crate) fn has_said(&self, key: &str) -> bool {
        self.said.contains(key)
    }

    /// Says something once, however often its cause occurs.
    pub(crate) fn say_once(&mut self, key: &str, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.said.insert(key.to_owned()) {
            self.diagnostics.push(diagnostic());
        }
    }

    /// The source text of a span; empty when the span does not fit, as that of made-up text.
    pub(crate) fn source(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    /// Counts bound expressions; false, with an error said once, when there are too many.
    pub(crate) fn spend(&mut self, count: usize, span: Span) -> bool {
        self.expressions = self.expressions.saturating_add(count);
        if self.expressions <= EXPRESSIONS_MAX {
            return true;
        }
        self.say_once("too-complex", || {
            let message = format!("the query becomes more than {EXPRESSIONS_MAX} expressions");
            Diagnostic::error("too-complex", span, message)
                .with_note("each use of an alias is replaced by what the alias stands for")
        });
        false
    }

    /// Warns once of data that a function needs and that is not there.
    pub(crate) fn say_missing(&mut self, function: &Function, span: Span) {
        let Some(what) = function.missing(&self.options.environment) else { return };
        self.say_once(&format!("missing-data {what}"), || {
            lints::MISSING_DATA
                .at(span, format!("there are no {what} for `{}`", function.name))
                .with_label("null or false for every row")
        });
    }
}
