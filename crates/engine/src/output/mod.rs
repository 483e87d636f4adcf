//! Query results as files. Formats that people read on a terminal are the command line's.

mod parquet;

pub use self::parquet::write_parquet;
