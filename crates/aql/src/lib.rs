//! AQL bound, typed and lowered: names become fields, functions and text tests of the event model, and a query becomes
//! a DataFusion `LogicalPlan`. No input/output and no async here; the time, reference data and lookups are parameters.

mod bind;
pub mod bound;
mod compile;
mod cost;
mod dialect;
mod environment;
mod format;
mod function;
pub mod functions;
pub mod lints;
mod lower;
mod options;
pub mod possible;
pub mod reachability;
mod seen;
mod table;
pub mod text;

pub use compile::{Compiled, check, compile, compile_and_check, compile_expression, compile_filter};
pub use cost::{Cost, Expense};
pub use environment::{
    CollectionKind, Environment, Geography, LogSources, NoLogSources, NoReferenceData, ReferenceData,
};
pub use format::format;
pub use function::{
    ADDRESS, ANY, Argument, BYTES, Category, Example, Function, Lower, Lowering, NUMBER, Parameter, Provider, Returns,
    Standing, TEXT, TEXT_OR_ADDRESS, WHOLE,
};
pub use lower::{LowerError, LowerOptions, Resolver, SESSION_ID, SessionBoundary, SessionNode};
pub use options::{Escapes, Options, Property, Star};
pub use seen::Seen;
pub use table::DatabaseTable;
