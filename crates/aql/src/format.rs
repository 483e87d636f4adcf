//! The layout of queries with the functions spelt as the catalogue spells them.

use syntax::{Diagnostic, Format};

use crate::functions;

/// Lays a query out in lines of [`syntax::WIDTH`] columns; see [`syntax::format_query`].
///
/// ```
/// let formatted = aql::format("select lower(username) from events last 1 hours");
/// assert_eq!(formatted.as_deref(), Ok("SELECT LOWER(username)\nFROM events\nLAST 1 HOURS\n"));
/// ```
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let function_name = |name: &str| functions::find(name).map(|it| it.name);
    syntax::format_query(text, &Format { function_name, ..Format::default() })
}
