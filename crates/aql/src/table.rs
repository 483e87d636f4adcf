//! What a lowered plan reads: a table with the fields of a database, and nothing about where its rows are.

use std::sync::Arc;

use datafusion_common::arrow::datatypes::SchemaRef;
use datafusion_expr::TableSource;
use schema::Database;

/// The table of a database. Whoever runs the plan finds this in its scans and reads the rows.
#[derive(Clone, Debug)]
pub struct DatabaseTable {
    database: &'static Database,
    schema: SchemaRef,
}

impl DatabaseTable {
    /// The table of a database: its fields in order, then the column of properties.
    pub fn new(database: &'static Database) -> Self {
        Self { database, schema: database.arrow_schema() }
    }

    /// Whose table it is.
    pub const fn database(&self) -> &'static Database {
        self.database
    }
}

impl TableSource for DatabaseTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
