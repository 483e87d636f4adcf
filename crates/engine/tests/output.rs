//! Results written as Parquet read back as they were.

use std::sync::Arc;

use datafusion_common::arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray};
use datafusion_common::arrow::datatypes::{DataType, Int64Type};
use engine::write_parquet;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

#[test]
fn parquet_holds_plain_strings() {
    let count: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None]));
    let name: ArrayRef = Arc::new(StringViewArray::from(vec![Some("a name of more than twelve bytes"), None]));
    let batch = RecordBatch::try_from_iter_with_nullable([("count", count, true), ("name", name, true)])
        .expect("the columns have the same length");
    let file = std::env::temp_dir().join(format!("prospero-parquet-{}", std::process::id()));
    let output = std::fs::File::create(&file).expect("the file can be made");
    let rows = write_parquet(&batch.schema(), [Ok(batch.clone()), Ok(batch)], output).expect("it is written");
    assert_eq!(rows, 4);
    let input = std::fs::File::open(&file).expect("the file is there");
    let reader = ParquetRecordBatchReaderBuilder::try_new(input).and_then(ParquetRecordBatchReaderBuilder::build);
    let batches: Vec<_> = reader.expect("it is Parquet").collect::<Result<_, _>>().expect("it can be read");
    std::fs::remove_file(&file).expect("the file can be removed");
    assert_eq!(batches[0].schema().field(1).data_type(), &DataType::Utf8);
    assert_eq!(batches[0].column(0).as_primitive::<Int64Type>(), &Int64Array::from(vec![Some(1), None, Some(1), None]));
    assert_eq!(batches[0].column(1).as_string::<i32>().value(2), "a name of more than twelve bytes");
}
