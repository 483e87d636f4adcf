//! Query results as Parquet, zstd compressed.

use std::io::Write;
use std::sync::Arc;

use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::compute::cast;
use datafusion_common::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use crate::{EngineError, Result};

/// Writes batches of `schema` to a Parquet file; gives the number of rows. Text is written as plain strings: other
/// programs do not know string views. Rows are held until a row group of 65,536 is full.
pub fn write_parquet<W: Write + Send>(
    schema: &Schema,
    batches: impl IntoIterator<Item = Result<RecordBatch>>,
    output: W,
) -> Result<u64> {
    let schema: SchemaRef =
        Arc::new(Schema::new(schema.fields().iter().map(|it| lasting_field(it)).collect::<Vec<_>>()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .build();
    let mut writer = ArrowWriter::try_new(output, Arc::clone(&schema), Some(properties)).map_err(failed)?;
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

/// The same column with types that other programs know.
fn lasting_field(field: &Field) -> Field {
    Field::new(field.name(), lasting_type(field.data_type()), true)
}

fn lasting_type(data_type: &DataType) -> DataType {
    match data_type {
        DataType::Utf8View | DataType::Null => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::List(item) => {
            DataType::List(Arc::new(Field::new("item", lasting_type(item.data_type()), item.is_nullable())))
        }
        other => other.clone(),
    }
}

fn lasting_batch(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<Vec<_>, _>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}
