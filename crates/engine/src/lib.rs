//! Runs plans and detections over events; the only crate that knows DataFusion's runtime.
//!
//! No async leaves this crate: what runs is pulled through iterators, and threads read files ahead within bounds.

mod error;
mod execute;
mod geography;
mod output;
mod physical;
pub mod reference_data;
mod runtime;
mod table;

pub use datafusion_common::arrow;
pub use error::{EngineError, Result};
pub use execute::{Rows, execute};
pub use geography::MaxMind;
pub use output::write_parquet;
pub use reference_data::ReferenceFolder;
pub use runtime::{BATCH_ROWS, MEMORY_DEFAULT};
pub use table::{MemoryTable, Request, Table, Tables};
