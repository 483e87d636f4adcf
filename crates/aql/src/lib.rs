//! AQL bound, typed and lowered: names become fields, functions and text tests of the event model, and a query becomes
//! a DataFusion `LogicalPlan`. No input/output and no async here; the time, reference data and lookups are parameters.

mod environment;
mod function;
pub mod functions;
pub mod text;

pub use environment::{CollectionKind, Environment, Geography, LogSources, NoReferenceData, ReferenceData};
pub use function::{
    ADDRESS, ANY, Argument, BYTES, Category, Example, Function, Lower, Lowering, NUMBER, Parameter, Provider, Returns,
    Standing, TEXT, WHOLE,
};
