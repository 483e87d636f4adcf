//! The bound form: AQL's peculiarities end here. Names are fields, types are known, aliases are replaced by what they
//! stand for, and every text test has one canonical form. Lints, explanations, Sigma export, pruning, the one-pass
//! matcher and lowering read this form, never the text.
//!
//! Equality of expressions compares meaning, not position.

mod branch;
mod choice;
mod expr;
mod guard;
mod literals;
mod query;
mod text_test;
mod visit;
mod window;
mod words;
mod written;

pub use branch::{BRANCHES_MAX, Branch, branches};
pub use choice::{Choice, choice};
pub use expr::{Call, Expr, ExprKind, Literal};
pub use guard::{Guard, GuardValue, required};
pub use literals::{Alternative, Place, RequiredLiteral, required_literals};
pub use query::{Boundary, Column, Parameter, Query, Session, Sort, Source, Subquery};
pub use text_test::{Case, Pattern, PatternKind, TextTest, fused};
pub use window::{Moment, TimeRange, Window};
