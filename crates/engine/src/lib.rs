//! Runs plans and detections over events; the only crate that knows DataFusion's runtime.
//!
//! No async leaves this crate: what runs is pulled through iterators, and threads read files ahead within bounds.

mod cell;
mod equal;
mod error;
mod evasion;
pub mod event_files;
mod event_table;
mod event_value;
mod execute;
pub mod explain;
mod files;
mod geography;
mod input_table;
mod mutate;
mod output;
mod page_tests;
mod parallel;
mod parquet_table;
mod pass;
mod physical;
mod query;
pub mod reference_data;
mod relay;
mod runtime;
mod scan;
mod source;
mod table;
mod tune;

pub use cell::cell;
pub use datafusion_common::arrow;
pub use equal::{EqualSide, Equality, Only, OnlyExample, Relation, Searched, equal};
pub use error::{EngineError, Result};
pub use evasion::{EVASIONS_MAX, Evade, Evasion};
pub use event_table::EventTable;
pub use event_value::text_of;
pub use execute::{Rows, execute};
pub use explain::{NearMiss, NearTest, REASONS_MAX, Reason, Why};
pub use files::FileSource;
pub use geography::MaxMind;
pub use mutate::{KINDS as MUTATION_KINDS, Mutant, MutantOutcome, Mutation, MutationKind, Suggestion, mutate, suggest};
pub use output::write_parquet;
pub use page_tests::{BesideFiles, Failure, PageTests, TEST_MATCHES_MAX, TEST_PRESENT, Verdict};
pub use pass::{CHUNK_BYTES, ReadSettings, ReadStatistics};
pub use query::{QueryOptions, QueryRows, query};
pub use reference_data::ReferenceFolder;
pub use runtime::{BATCH_ROWS, MEMORY_DEFAULT};
pub use scan::{
    Branches, CLASSES_MAX, ClassFacts, Clock, Cost, EventClass, EventJson, FieldFacts, FieldValue, FillRate, Firing,
    InputFacts, Lack, Match, Matcher, Observed, ScanOptions, ScanSummary, Silence, Subject, VALUES_MAX, describe,
    event_json, fill_rates, firing, peak_memory, scan,
};
pub use source::{ColumnFile, Entry, EventSource, Look, MemorySource, Wanted};
pub use table::{MemoryTable, Request, Table, Tables};
pub use tune::{Example, Exclude, Item, Noisy, OBSERVED_MAX, Operation, PREDICATES_MAX, TuneOptions, tune};
