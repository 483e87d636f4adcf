//! Columns with types that last: other programs know neither string views nor columns of nothing but null.

use std::sync::Arc;

use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::compute::cast;
use datafusion_common::arrow::datatypes::{DataType, Field, Schema, SchemaRef};

use crate::Result;

/// The same columns with types that other programs know.
pub(crate) fn lasting_schema(schema: &Schema) -> SchemaRef {
    let field = |it: &Arc<Field>| Field::new(it.name(), lasting_type(it.data_type()), true);
    Arc::new(Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>()))
}

/// A batch as the columns of a lasting schema.
pub(crate) fn lasting_batch(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let columns = batch.columns().iter().zip(schema.fields());
    let columns = columns.map(|(column, field)| cast(column, field.data_type())).collect::<Result<Vec<_>, _>>()?;
    Ok(RecordBatch::try_new(Arc::clone(schema), columns)?)
}

fn lasting_type(data_type: &DataType) -> DataType {
    let inner = |it: &Arc<Field>| Arc::new(it.as_ref().clone().with_data_type(lasting_type(it.data_type())));
    match data_type {
        DataType::Utf8View | DataType::Null => DataType::Utf8,
        DataType::BinaryView => DataType::Binary,
        DataType::List(item) => DataType::List(inner(item)),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(inner).collect()),
        DataType::Map(entry, is_sorted) => DataType::Map(inner(entry), *is_sorted),
        other => other.clone(),
    }
}
