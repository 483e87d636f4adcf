//! AQL text to syntax tree and back, and the one [`Diagnostic`] for everything said about text that a user wrote.
//!
//! No input/output, no knowledge of fields or functions: names stay names here.

pub mod ast;
mod diagnostic;
mod edit;
mod format;
mod highlight;
mod lexer;
mod outline;
mod parser;
mod position;
mod precedence;
mod printer;
mod render;
mod suggest;
mod token;
mod tokens;
mod visit;

pub use ast::Node;
pub use diagnostic::{Diagnostic, Fix, Label, Safety, Severity, Span};
pub use edit::{Fixed, apply_fixes};
pub use format::{Format, WIDTH, format_query};
pub use highlight::{Part, highlight};
pub use lexer::{comments, tokens};
pub use outline::outline;
pub use parser::{DIAGNOSTICS_MAX, HEIGHT_MAX, NESTING_MAX, parse_expression, parse_filter, parse_query};
pub use position::line_column;
pub use printer::{print_expression, print_query};
pub use render::render;
pub use suggest::{suggest, suggest_slip};
pub use token::keywords;
pub use tokens::named_tokens;
