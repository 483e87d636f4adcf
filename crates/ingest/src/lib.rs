//! Logs to events: readers, the normaliser, and the columns of the table `events`.
//!
//! One road: input (file, folder, archive, standard input) -> reader -> [`RawEvent`] -> normaliser -> [`Event`] ->
//! record batch. No other crate knows a log format.

mod event;
pub mod evtx_writer;

pub use event::{AuditEvent, Body, Event, JsonFamily, Locator, RawEvent, SyslogLine, Value, WindowsEvent};
