//! The two engines behind one face: linear time where possible, backtracking with a budget where not.

use std::ops::Range;

use super::emit::{Form, emit, needs_backtracking};
use super::node::Node;

/// Steps back that one search may take. A test of this many takes a few milliseconds.
const BACKTRACK_LIMIT: usize = 100_000;
/// Memory of one compiled expression, in bytes.
const COMPILED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Memory of the states that one search keeps, in bytes.
const CACHE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Nesting of the written form; each level of the parsed one is at most three.
const NESTING_MAX: u32 = 1_000;

/// A compiled expression.
#[derive(Debug)]
pub(super) enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// A search was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BudgetExceeded;

impl Engine {
    /// Compiles a form of the expression.
    pub(super) fn new(node: &Node, form: Form) -> Result<Self, String> {
        let text = emit(node, form);
        if needs_backtracking(node, form) {
            let regex = fancy_regex::RegexBuilder::new(&text)
                .backtrack_limit(BACKTRACK_LIMIT)
                .delegate_size_limit(COMPILED_BYTES_MAX)
                .delegate_dfa_size_limit(CACHE_BYTES_MAX)
                .build();
            return regex.map(|regex| Self::Backtracking(Box::new(regex))).map_err(|error| backtracking_reason(&error));
        }
        let regex = regex::RegexBuilder::new(&text)
            .size_limit(COMPILED_BYTES_MAX)
            .dfa_size_limit(CACHE_BYTES_MAX)
            .nest_limit(NESTING_MAX)
            .build();
        regex.map(Self::Linear).map_err(|error| match error {
            regex::Error::CompiledTooBig(limit) => format!("the compiled regular expression is above {limit} bytes"),
            _ => "the regular expression cannot be compiled".to_owned(),
        })
    }

    pub(super) fn is_match(&self, value: &str) -> Result<bool, BudgetExceeded> {
        match self {
            Self::Linear(regex) => Ok(regex.is_match(value)),
            Self::Backtracking(regex) => regex.is_match(value).map_err(|_| BudgetExceeded),
        }
    }

    pub(super) fn find_at(&self, value: &str, start: usize) -> Result<Option<Range<usize>>, BudgetExceeded> {
        match self {
            Self::Linear(regex) => Ok(regex.find_at(value, start).map(|found| found.range())),
            Self::Backtracking(regex) => {
                let found = regex.find_from_pos(value, start).map_err(|_| BudgetExceeded)?;
                Ok(found.map(|found| found.range()))
            }
        }
    }

    pub(super) fn captures_at(
        &self,
        value: &str,
        start: usize,
    ) -> Result<Option<Vec<Option<Range<usize>>>>, BudgetExceeded> {
        Ok(match self {
            Self::Linear(regex) => regex
                .captures_at(value, start)
                .map(|captures| captures.iter().map(|group| group.map(|group| group.range())).collect()),
            Self::Backtracking(regex) => regex
                .captures_from_pos(value, start)
                .map_err(|_| BudgetExceeded)?
                .map(|captures| captures.iter().map(|group| group.map(|group| group.range())).collect()),
        })
    }
}

fn backtracking_reason(error: &fancy_regex::Error) -> String {
    match error {
        fancy_regex::Error::ParseError(_, fancy_regex::ParseError::RecursionExceeded) => {
            "the regular expression is nested too deeply".to_owned()
        }
        error => format!("the backtracking engine cannot run the regular expression: {error}"),
    }
}
