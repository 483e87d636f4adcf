//! A file of the table: how its columns are read, and what its statistics say.

use std::fs::File;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use datafusion_common::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use ingest::event_file::{EventFile, Target};
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use parquet::basic::Encoding;
use parquet::bloom_filter::Sbbf;
use parquet::errors::Result;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::Statistics;

use super::prune::{Bound, Extent};

/// An open file.
#[derive(Debug)]
pub(super) struct TableFile {
    /// The name for reports.
    pub(super) name: Arc<str>,
    /// Where it stands.
    pub(super) path: PathBuf,
    /// Its footer.
    pub(super) file: EventFile,
    /// Text as dictionaries.
    pub(super) dictionaries: ArrowReaderMetadata,
    /// Text as string views.
    pub(super) views: ArrowReaderMetadata,
    /// The leaf of each column that is no list, map or record.
    leaves: Vec<Option<usize>>,
}

impl TableFile {
    /// A file whose footer was read.
    pub(super) fn new(name: Arc<str>, path: PathBuf, file: EventFile) -> Result<Self> {
        let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let dictionaries = file.reader_metadata(with_text_as(file.schema(), &dictionary).into())?;
        let views = file.reader_metadata(with_text_as(file.schema(), &DataType::Utf8View).into())?;
        let mut leaves = vec![None; file.schema().fields().len()];
        let descriptor = file.metadata().file_metadata().schema_descr_ptr();
        for leaf in 0..descriptor.num_columns() {
            let root = descriptor.get_column_root_idx(leaf);
            if file.schema().fields().get(root).is_some_and(|it| !it.data_type().is_nested()) {
                leaves[root] = Some(leaf);
            }
        }
        Ok(Self { name, path, file, dictionaries, views, leaves })
    }

    /// Opened for reading.
    pub(super) fn open(&self) -> Result<File> {
        Ok(File::open(&self.path)?)
    }

    /// How many rows a row group has.
    pub(super) fn rows(&self, row_group: usize) -> u64 {
        u64::try_from(self.file.metadata().row_group(row_group).num_rows()).unwrap_or(0)
    }

    /// The columns of the file that a column of the table is made of.
    pub(super) fn roots(&self, column: usize) -> Vec<usize> {
        if column == schema::EVENTS.properties_column() {
            let is_property = |it: &Target| matches!(it, Target::Properties | Target::Property(_));
            let columns = self.file.columns().iter().enumerate();
            return columns.filter(|(_, it)| is_property(&it.target)).map(|(root, _)| root).collect();
        }
        self.file.column_of(column).into_iter().collect()
    }

    /// The column chunk of a field, when it is one of plain values.
    pub(super) fn chunk(&self, row_group: usize, column: usize) -> Option<&ColumnChunkMetaData> {
        let leaf = self.leaf(column)?;
        self.file.metadata().row_group(row_group).columns().get(leaf)
    }

    /// Compressed bytes of a column in a row group.
    pub(super) fn bytes(&self, row_group: usize, column: usize) -> u64 {
        let descriptor = self.file.metadata().file_metadata().schema_descr_ptr();
        let chunks = self.file.metadata().row_group(row_group).columns().iter().enumerate();
        let roots = self.roots(column);
        let of_column = chunks.filter(|(leaf, _)| roots.contains(&descriptor.get_column_root_idx(*leaf)));
        of_column.map(|(_, it)| u64::try_from(it.compressed_size()).unwrap_or(0)).sum()
    }

    /// Whether a column is text whose pages all refer to one dictionary.
    pub(super) fn is_dictionary(&self, row_group: usize, column: usize) -> bool {
        let is_text = self.roots(column).first().is_some_and(|root| {
            self.dictionaries
                .schema()
                .fields()
                .get(*root)
                .is_some_and(|it| matches!(it.data_type(), DataType::Dictionary(..)))
        });
        let is_only = |it: &ColumnChunkMetaData| {
            it.dictionary_page_offset().is_some()
                && it
                    .page_encoding_stats_mask()
                    .is_some_and(|it| it.is_only(Encoding::RLE_DICTIONARY) || it.is_only(Encoding::PLAIN_DICTIONARY))
        };
        is_text && column < schema::EVENTS.fields.len() && self.chunk(row_group, column).is_some_and(is_only)
    }

    /// What the statistics say of a column in a row group. A column that the file lacks is all null.
    pub(super) fn extent(&self, row_group: usize, column: usize) -> Extent {
        let rows = self.rows(row_group);
        if self.roots(column).is_empty() {
            return Extent { nulls: Some(rows), rows, ..Extent::default() };
        }
        let unknown = Extent { rows, ..Extent::default() };
        let (Some(statistics), Some(scale)) =
            (self.chunk(row_group, column).and_then(|it| it.statistics()), self.scale(column))
        else {
            return unknown;
        };
        let nulls = statistics.null_count_opt();
        let (least, greatest) = match statistics {
            _ if statistics.is_min_max_deprecated() => (None, None),
            Statistics::Int32(it) => {
                (it.min_opt().map(|it| scale.of((*it).into())), it.max_opt().map(|it| scale.of((*it).into())))
            }
            Statistics::Int64(it) => (it.min_opt().map(|it| scale.of(*it)), it.max_opt().map(|it| scale.of(*it))),
            Statistics::ByteArray(it) => {
                (it.min_opt().map(|it| text(it.data())), it.max_opt().map(|it| text(it.data())))
            }
            _ => (None, None),
        };
        Extent { least, greatest, nulls, rows }
    }

    /// The pages of a column in a row group, with their rows and what the index says of them.
    pub(super) fn pages(&self, row_group: usize, column: usize) -> Option<Vec<(Range<u64>, Extent)>> {
        let (leaf, scale) = (self.leaf(column)?, self.scale(column)?);
        let metadata = self.file.metadata();
        let index = metadata.column_index()?.get(row_group)?.get(leaf)?;
        if matches!(index, ColumnIndexMetaData::NONE) {
            return None;
        }
        let places = metadata.offset_index()?.get(row_group)?.get(leaf)?.page_locations();
        let end = self.rows(row_group);
        let first = |page: usize| places.get(page).map_or(end, |it| u64::try_from(it.first_row_index).unwrap_or(end));
        if places.len() as u64 != index.num_pages()
            || first(0) != 0
            || !places.is_sorted_by_key(|it| it.first_row_index)
        {
            return None;
        }
        let page = |page| {
            let rows = first(page)..first(page + 1);
            let count = rows.end.saturating_sub(rows.start);
            let (least, greatest) = bounds(index, page, scale);
            let nulls = index.null_count(page).and_then(|it| u64::try_from(it).ok());
            let nulls = if index.is_null_page(page) { Some(count) } else { nulls };
            (rows, Extent { least, greatest, nulls, rows: count })
        };
        Some((0..places.len()).map(page).collect())
    }

    /// The bloom filter of a column in a row group.
    pub(super) fn bloom_filter(&self, row_group: usize, column: usize, input: &File) -> Option<Sbbf> {
        self.scale(column)?;
        let chunk = self.chunk(row_group, column)?;
        ingest::event_file::guarded(|| Sbbf::read_from_column_chunk(chunk, input)).ok().flatten()
    }

    fn leaf(&self, column: usize) -> Option<usize> {
        let root = self.file.column_of(column)?;
        *self.leaves.get(root)?
    }

    /// How the numbers of the file become those of the field; nothing where its values are not those of the field.
    fn scale(&self, column: usize) -> Option<Scale> {
        let root = self.file.column_of(column)?;
        let field = schema::EVENTS.fields.get(column)?.value_type.arrow();
        match (self.file.schema().field(root).data_type(), field) {
            (DataType::Utf8, DataType::Utf8View)
            | (DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::Int64, DataType::Int64) => Some(Scale(1)),
            (DataType::Timestamp(unit, _), DataType::Int64) => match unit {
                TimeUnit::Second => None,
                TimeUnit::Millisecond => Some(Scale(1)),
                TimeUnit::Microsecond => Some(Scale(1_000)),
                TimeUnit::Nanosecond => Some(Scale(1_000_000)),
            },
            _ => None,
        }
    }
}

/// The units of a number of the file that make one of the field.
#[derive(Clone, Copy)]
struct Scale(i64);

impl Scale {
    const fn of(self, number: i64) -> Bound {
        Bound::Integer(number / self.0)
    }
}

fn text(bytes: &[u8]) -> Bound {
    Bound::Text(bytes.into())
}

fn bounds(index: &ColumnIndexMetaData, page: usize, scale: Scale) -> (Option<Bound>, Option<Bound>) {
    match index {
        ColumnIndexMetaData::INT32(it) => {
            (it.min_value(page).map(|it| scale.of((*it).into())), it.max_value(page).map(|it| scale.of((*it).into())))
        }
        ColumnIndexMetaData::INT64(it) => {
            (it.min_value(page).map(|it| scale.of(*it)), it.max_value(page).map(|it| scale.of(*it)))
        }
        ColumnIndexMetaData::BYTE_ARRAY(it) => (it.min_value(page).map(text), it.max_value(page).map(text)),
        _ => (None, None),
    }
}

/// The schema with its columns of text as another type.
fn with_text_as(schema: &Schema, text: &DataType) -> Schema {
    let field = |it: &Arc<Field>| match it.data_type() {
        DataType::Utf8 => it.as_ref().clone().with_data_type(text.clone()),
        _ => it.as_ref().clone(),
    };
    Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>())
}
