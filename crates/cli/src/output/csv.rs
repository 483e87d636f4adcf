//! CSV as RFC 4180 has it, one header line.

use std::io::Write;

use anyhow::Result;
use serde_json::Value;

/// Writes rows of JSON values; null is an empty cell, a list its JSON text.
pub(crate) struct CsvWriter<W: Write>(::csv::Writer<W>);

impl<W: Write> CsvWriter<W> {
    /// Writes the header.
    pub(crate) fn new<'a>(output: W, header: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(output);
        writer.write_record(header)?;
        Ok(Self(writer))
    }

    /// Writes a row of as many values.
    pub(crate) fn row<'a>(&mut self, values: impl IntoIterator<Item = &'a Value>) -> Result<()> {
        self.0.write_record(values.into_iter().map(cell))?;
        Ok(())
    }

    /// Ends the file.
    pub(crate) fn finish(mut self) -> Result<()> {
        self.0.flush()?;
        Ok(())
    }
}

/// A value as the text of a cell.
pub(crate) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
