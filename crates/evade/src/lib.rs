//! Rewrites an event of an attack into what the log would show, had the attacker written the same thing differently.
//!
//! [`TRANSFORMATIONS`] is the list: each is one file that says what changes, in which events, when it does not run, and
//! where that is documented. A transformation works on an [`Action`], what an event says that somebody did; `event`
//! reads it out of an event and writes it back, so that all fields that show it agree.

mod action;
mod event;
mod powershell;
mod shell;
mod transformation;
mod transformations;
mod windows;

pub use action::{Action, ServiceCommand, ServiceKind, UnixPath, UnixProcess, WindowsProcess};
pub use event::{Change, Rewritten, actions, rewrite};
pub use transformation::{Example, Platform, Transformation};
pub use transformations::TRANSFORMATIONS;

/// Variants that one transformation makes of one event; further ones are left out.
pub const VARIANTS_MAX: usize = 12;
