//! AQL text to syntax tree and back, and the one [`Diagnostic`] for everything said about text that a user wrote.
//!
//! No input/output, no knowledge of fields or functions: names stay names here.

pub mod ast;
mod diagnostic;

pub use diagnostic::{Diagnostic, Fix, Label, Safety, Severity, Span};
