//! Query results as Parquet, zstd compressed.

use std::io::Write;
use std::sync::Arc;

use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::datatypes::Schema;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::event_files::{lasting_batch, lasting_schema};
use crate::{EngineError, Result};

/// Writes batches of `schema` to a Parquet file; gives the number of rows. Text is written as plain strings: other
/// programs do not know string views. Rows are held until a row group of 65,536 is full.
pub fn write_parquet<W: Write + Send>(
    schema: &Schema,
    batches: impl IntoIterator<Item = Result<RecordBatch>>,
    output: W,
) -> Result<u64> {
    let schema = lasting_schema(schema);
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
    let mut writer = ArrowWriter::try_new_with_options(output, Arc::clone(&schema), options).map_err(failed)?;
    let mut rows = 0;
    for batch in batches {
        let batch = lasting_batch(&batch?, &schema)?;
        rows += batch.num_rows() as u64;
        writer.write(&batch).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(rows)
}

/// Rows of a row group.
const ROW_GROUP_ROWS: usize = 65_536;

fn failed(error: parquet::errors::ParquetError) -> EngineError {
    EngineError::Io { context: "cannot write Parquet".to_owned(), source: std::io::Error::other(error) }
}
