//! AQL in editors: the Language Server Protocol over `.aql` files and the queries of detection pages.
//!
//! A projection of what is known elsewhere: diagnostics of `aql` and `pack`, the catalogues of `aql` and `schema`, the
//! layout of `syntax`. Synchronous: one message after the other, diagnostics when no message waits. No files are read
//! here; texts come from the editor, reference data and values of logs from whoever starts the server.

mod actions;
mod completion;
mod context;
mod diagnostics;
mod document;
mod edits;
mod formatting;
mod highlight;
mod hover;
mod names;
mod navigation;
mod protocol;
mod server;
mod settings;
mod signature;
mod symbols;
mod values;

pub use lsp_server::{Connection, Message, Notification, Request, Response};
pub use server::{DIAGNOSTICS_PAUSE, Ended, serve};
pub use settings::{Levels, SHOWN_MAX, Settings, VALUE_LENGTH_MAX, VALUES_MAX, Values};
