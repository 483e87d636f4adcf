//! Syntax tree to canonical text, on one line, with no parentheses that are not needed.
//!
//! Reading the text again gives the same tree, for each tree that was read without error.

mod expression;
mod query;

use crate::ast::{Expr, Name, Query, Quote, Time};
use crate::token::is_plain_name;

/// Prints a query.
///
/// ```
/// let (query, _) = syntax::parse_query("select  qid from events where (qid)==5 last 1 hours");
/// assert_eq!(syntax::print_query(&query), "SELECT qid FROM events WHERE qid = 5 LAST 1 HOURS");
/// ```
pub fn print_query(query: &Query) -> String {
    let mut printer = Printer::default();
    printer.query(query);
    printer.text
}

/// Prints an expression.
///
/// ```
/// let (expression, _) = syntax::parse_expression("((1 + 2)) * (3)");
/// assert_eq!(syntax::print_expression(&expression), "(1 + 2) * 3");
/// ```
pub fn print_expression(expression: &Expr) -> String {
    let mut printer = Printer::default();
    printer.expression(expression);
    printer.text
}

/// Prints a time clause.
pub(crate) fn print_time(time: &Time) -> String {
    let mut printer = Printer::default();
    printer.time(time);
    printer.text.trim_start().to_owned()
}

#[derive(Default)]
struct Printer {
    text: String,
}

impl Printer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The text between quotes; a quote inside it is doubled.
    fn quoted(&mut self, text: &str, quote: char) {
        self.text.push(quote);
        for character in text.chars() {
            if character == quote {
                self.text.push(quote);
            }
            self.text.push(character);
        }
        self.text.push(quote);
    }

    fn name(&mut self, name: &Name) {
        if name.quote == Quote::None { self.bare_name(&name.text) } else { self.quoted(&name.text, '"') }
    }

    /// A name without quotes, unless it needs them.
    fn bare_name(&mut self, name: &str) {
        if is_plain_name(name) { self.push(name) } else { self.quoted(name, '"') }
    }

    /// Prints each element, with a comma between.
    fn list<T>(&mut self, list: &[T], mut print: impl FnMut(&mut Self, &T)) {
        for (index, element) in list.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            print(self, element);
        }
    }
}
