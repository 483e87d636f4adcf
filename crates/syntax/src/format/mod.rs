//! One layout for every query: the tokens as they were written, in new lines and indentation, with their comments.
//!
//! Three steps: [`marks`] reads from the syntax tree where lines may break, [`gap`] sorts the comments between two
//! tokens, [`layout`] fills
//! the lines.

mod expression;
mod gap;
mod layout;
mod marks;
mod measure;
mod query;

use crate::lexer::lex;
use crate::{Diagnostic, parse_query};

/// The columns of a line that is not too long.
pub const WIDTH: usize = 100;

/// How a query is laid out.
#[derive(Clone, Copy)]
pub struct Format {
    /// The columns of a line. Strings, names and comments are never broken, so a line may be longer.
    pub width: usize,
    /// The usual spelling of a function's name; none leaves the name as it is written.
    pub function_name: fn(&str) -> Option<&'static str>,
}

impl Default for Format {
    /// [`WIDTH`] columns, names of functions as they are written.
    fn default() -> Self {
        Self { width: WIDTH, function_name: |_| None }
    }
}

/// Lays a query out. The tokens stay what they are, in their order, but for the case of keywords and the spelling of
/// functions; comments stay between the tokens where they stood. A text with an error stays as it is: the errors say
/// where they stand.
///
/// ```
/// let formatted = syntax::format_query("select qid from events -- all\nlast 1 hours", &syntax::Format::default());
/// assert_eq!(formatted.as_deref(), Ok("SELECT qid\nFROM events -- all\nLAST 1 HOURS\n"));
/// ```
pub fn format_query(text: &str, format: &Format) -> Result<String, Vec<Diagnostic>> {
    let (query, diagnostics) = parse_query(text);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics.into_iter().filter(Diagnostic::is_error).collect());
    }
    let lexed = lex(text);
    let marks = marks::mark(text, &lexed.tokens, &query, format);
    let gaps = gap::sort(text, &lexed.tokens, &lexed.comments);
    Ok(layout::lay_out(text, &lexed.tokens, &marks, &gaps, format.width))
}
