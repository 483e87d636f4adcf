//! AQL bound, typed and lowered: names become fields, functions and text tests of the event model, and a query becomes
//! a DataFusion `LogicalPlan`. No input/output and no async here; the time, reference data and lookups are parameters.

mod environment;
mod function;

pub use environment::{Environment, Geography, NoReferenceData, ReferenceData};
pub use function::{Category, Example, Function, Lower, Parameter, Returns, Standing};
