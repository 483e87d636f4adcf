//! Some rows of a row group: which of them a condition holds for, and their values.
//!
//! A column of text is read as the numbers of its distinct values. A test is asked about each of these once; where none
//! of them passes, the numbers are not even decoded. Columns that are read are kept for the tests and rows that follow.

use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use datafusion_common::arrow::array::{ArrayRef, UInt32Array, new_null_array};
use datafusion_common::arrow::buffer::BooleanBuffer;
use parquet::arrow::arrow_reader::RowSelection;

use super::column::{Distinct, Plain, Rows, read_plain};
use super::condition::{Condition, Test, scatter};
use super::file::TableFile;
use super::prune::Verdict;
use crate::Result;

/// A column is read for single rows when fewer than one row in so many is still in question.
const SPARSE: usize = 64;

/// Looking for a pattern in so many bytes costs as much as decoding one compressed byte.
const TEXT_SHARE: u64 = 4;

/// A column that was read.
enum Column {
    /// The file has no such column.
    Missing,
    /// Numbers of distinct values.
    Distinct(Distinct),
    /// Values.
    Plain(Plain),
}

/// Some rows of a row group.
pub(super) struct Slab<'a> {
    file: &'a TableFile,
    input: Arc<File>,
    row_group: usize,
    /// Within the row group.
    rows: Range<usize>,
    columns: HashMap<usize, Column>,
}

impl<'a> Slab<'a> {
    pub(super) fn new(file: &'a TableFile, input: Arc<File>, row_group: usize, rows: Range<usize>) -> Self {
        Self { file, input, row_group, rows, columns: HashMap::new() }
    }

    /// For which of the candidates the condition holds.
    pub(super) fn holding(&mut self, condition: &Condition, candidates: &BooleanBuffer) -> Result<BooleanBuffer> {
        if candidates.count_set_bits() == 0 {
            return Ok(candidates.clone());
        }
        match condition {
            Condition::All(parts) => {
                let mut left = candidates.clone();
                for part in self.cheapest_first(parts) {
                    left = self.holding(part, &left)?;
                }
                Ok(left)
            }
            Condition::Any(parts) => {
                let (mut found, mut left) = (BooleanBuffer::new_unset(self.rows.len()), candidates.clone());
                for part in self.cheapest_first(parts) {
                    let more = self.holding(part, &left)?;
                    left = &left & &!&more;
                    found = &found | &more;
                }
                Ok(found)
            }
            Condition::One(test) => self.one(test, candidates),
            Condition::Several(test) => {
                let rows = places(candidates);
                let columns = self.values(&test.columns, candidates, &rows)?;
                Ok(scatter(candidates.set_indices(), &test.rows(columns, rows.len())?, self.rows.len()))
            }
        }
    }

    /// What statistics say is asked first, then what reads the fewest bytes.
    fn cheapest_first<'c>(&self, parts: &'c [Condition]) -> Vec<&'c Condition> {
        let mut parts: Vec<_> = parts.iter().map(|it| (self.cost(it), it)).collect();
        parts.sort_by_key(|it| it.0);
        parts.into_iter().map(|it| it.1).collect()
    }

    /// Bytes to be decoded, and those that tests of text look through.
    fn cost(&self, condition: &Condition) -> u64 {
        let mut tests = Vec::new();
        condition.tests(&mut tests);
        let mut columns: Vec<usize> = tests.iter().flat_map(|it| &it.columns).copied().collect();
        columns.sort_unstable();
        columns.dedup();
        let unread = columns.iter().filter(|it| !self.columns.contains_key(it));
        let bytes: u64 = unread.map(|it| self.file.bytes(self.row_group, *it)).sum();
        let looked_through = |it: &&Test| {
            let chunks = it.columns.iter().filter_map(|column| self.file.chunk(self.row_group, *column));
            let bytes: u64 = chunks.map(|it| u64::try_from(it.uncompressed_size()).unwrap_or(0)).sum();
            bytes.saturating_mul(it.patterns) / TEXT_SHARE
        };
        let searched = tests.iter().map(looked_through).fold(0, u64::saturating_add);
        // Tests of several columns are asked row by row.
        let last = if matches!(condition, Condition::Several(_)) { u64::MAX / 2 } else { 0 };
        bytes.saturating_add(searched).saturating_add(last)
    }

    /// A test of one column.
    fn one(&mut self, test: &Test, candidates: &BooleanBuffer) -> Result<BooleanBuffer> {
        let column = test.columns[0];
        match test.verdict(&self.file.extent(self.row_group, column), &|_| true) {
            Verdict::Never => return Ok(BooleanBuffer::new_unset(self.rows.len())),
            Verdict::Always => return Ok(candidates.clone()),
            Verdict::Maybe => {}
        }
        if !self.columns.contains_key(&column) && candidates.count_set_bits() < self.rows.len() / SPARSE {
            let rows = places(candidates);
            let values = self.values(&test.columns, candidates, &rows)?;
            return Ok(scatter(candidates.set_indices(), &test.rows(values, rows.len())?, self.rows.len()));
        }
        let length = self.rows.len();
        let truth = match self.column(column)? {
            Column::Missing if test.on_null => return Ok(candidates.clone()),
            Column::Missing => return Ok(BooleanBuffer::new_unset(length)),
            Column::Distinct(it) => it.rows(test, candidates)?,
            Column::Plain(it) => it.rows(test, candidates)?,
        };
        Ok(&truth & candidates)
    }

    /// A column, opened when it is first asked for.
    fn column(&mut self, column: usize) -> Result<&mut Column> {
        if !self.columns.contains_key(&column) {
            let read = self.open(column)?;
            self.columns.insert(column, read);
        }
        Ok(self.columns.get_mut(&column).expect("it was just put there"))
    }

    fn open(&self, column: usize) -> Result<Column> {
        if self.file.roots(column).is_empty() {
            return Ok(Column::Missing);
        }
        let rows = Rows { file: self.file, input: &self.input, row_group: self.row_group, span: self.rows.clone() };
        if self.file.is_dictionary(self.row_group, column) {
            return Ok(Column::Distinct(Distinct::open(&rows, column)?));
        }
        Ok(Column::Plain(Plain::read(&rows, column)?))
    }

    /// The values of some columns in these rows, as the table has them. What was not read before is read for these rows
    /// only, and not kept.
    fn values(&mut self, columns: &[usize], mask: &BooleanBuffer, rows: &UInt32Array) -> Result<Vec<ArrayRef>> {
        let mut batches = self.batches(columns, mask, rows.len().max(1))?;
        batches.next().unwrap_or_else(|| Ok(nothing(columns)))
    }

    /// The values of some columns in the rows of a mask, so many rows at a time.
    pub(super) fn batches<'s>(
        &'s mut self,
        columns: &'s [usize],
        mask: &BooleanBuffer,
        batch_rows: usize,
    ) -> Result<impl Iterator<Item = Result<Vec<ArrayRef>>> + 's> {
        for column in columns {
            if let Some(Column::Distinct(it)) = self.columns.get_mut(column) {
                it.finish()?;
            }
        }
        let rows = places(mask);
        // A reader makes room for as many rows as its batches have, and what passes may be held to the end.
        let batch_rows = batch_rows.min(rows.len()).max(1);
        let unread: Vec<usize> = columns.iter().copied().filter(|it| !self.columns.contains_key(it)).collect();
        let place = Rows { file: self.file, input: &self.input, row_group: self.row_group, span: self.rows.clone() };
        let selection = self.selection(mask);
        let mut reader = read_plain(&place, &unread, Some(selection), batch_rows)?;
        let is_sparse = rows.len() < self.rows.len() / 2;
        let read = &self.columns;
        let mut start = 0;
        Ok(std::iter::from_fn(move || {
            if start >= rows.len() {
                return None;
            }
            let part = rows.slice(start, batch_rows.min(rows.len() - start));
            start += part.len();
            let mut one = || {
                let mut fresh = reader.next(part.len(), is_sparse)?.into_iter();
                let mut values = Vec::with_capacity(columns.len());
                for column in columns {
                    values.push(match read.get(column) {
                        None => fresh.next().unwrap_or_else(|| null_column(*column, part.len())),
                        Some(Column::Missing) => null_column(*column, part.len()),
                        Some(Column::Distinct(it)) => it.take(&part)?,
                        Some(Column::Plain(it)) => it.take(&part)?,
                    });
                }
                Ok(values)
            };
            Some(one())
        }))
    }

    /// The rows of a mask as rows of the row group.
    fn selection(&self, mask: &BooleanBuffer) -> RowSelection {
        let total = usize::try_from(self.file.rows(self.row_group)).unwrap_or(usize::MAX);
        let first = self.rows.start;
        RowSelection::from_consecutive_ranges(mask.set_slices().map(|(start, end)| start + first..end + first), total)
    }
}

/// The places of the set bits.
fn places(mask: &BooleanBuffer) -> UInt32Array {
    mask.set_indices_u32().collect()
}

fn null_column(column: usize, rows: usize) -> ArrayRef {
    new_null_array(schema::EVENTS.arrow_schema().field(column).data_type(), rows)
}

fn nothing(columns: &[usize]) -> Vec<ArrayRef> {
    columns.iter().map(|it| null_column(*it, 0)).collect()
}
