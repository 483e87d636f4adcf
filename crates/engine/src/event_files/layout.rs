//! How event files are laid out, and why.
//!
//! * Text is dictionary-encoded, with dictionaries large enough for the command lines of a row group: a test of text is
//!   then asked once for each distinct value. What has more distinct text than that, such as the original text of the
//!   events, is written plainly.
//! * Times and places grow from row to row: their differences are kept, which is smaller and faster than dictionaries.
//! * Pages have few rows, so that reading a few events decodes little.
//! * Bloom filters stand where single values are looked for in months of events: addresses, hashes, domains. They are
//!   useless for event ids, which stand in every row group, and cost a sixth of the size on all columns.

use std::sync::Arc;

use datafusion_common::arrow::datatypes::{Schema, SchemaRef};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use parquet::arrow::ArrowSchemaConverter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::SortingColumn;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use schema::{EVENTS, Type};

/// The folder of events without a time, or of one that no calendar has. Other programs know the name as null.
pub const UNDATED_FOLDER: &str = "day=__HIVE_DEFAULT_PARTITION__";

/// Rows of a row group.
pub const ROW_GROUP_ROWS: usize = 256 << 10;

/// Encoded bytes of a row group at which it ends; it bounds the memory of the writer.
pub const ROW_GROUP_BYTES_MAX: usize = 256 << 20;

/// Rows of one file; a day with more has several.
pub const DAY_ROWS_MAX: u64 = 16 << 20;

/// Rows of a page.
const PAGE_ROWS: usize = 8 << 10;

/// Bytes of a dictionary.
const DICTIONARY_BYTES_MAX: usize = 4 << 20;

/// The level of zstd: beyond it, writing costs more than the bytes are worth.
const ZSTD_LEVEL: i32 = 3;

/// Bytes of the least and greatest texts in the index of pages.
const INDEXED_TEXT_BYTES_MAX: usize = 32;

/// The share of values that a bloom filter takes for its own.
const BLOOM_FALSE_POSITIVES: f64 = 0.01;

/// Distinct values that a bloom filter is made for; it shrinks to those that come.
const BLOOM_VALUES_MAX: u64 = 64 << 10;

/// Fields beside addresses that single values are looked for in.
const SEARCHED_FIELDS: [&str; 8] =
    ["MD5 Hash", "SHA1 Hash", "SHA256 Hash", "IMP Hash", "File Hash", "DNS Request Domain", "URL Host", "HTTP Host"];

/// Columns whose values grow from row to row.
const GROWING_FIELDS: [&str; 5] = ["starttime", "endtime", "devicetime", "$record", "$offset"];

/// The columns of event files: all of the table `events`; without the original text, where it is not to be kept.
pub fn event_schema(with_payload: bool) -> SchemaRef {
    let all = EVENTS.arrow_schema();
    let fields = all.fields().iter().filter(|it| with_payload || it.name() != "payload").cloned();
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// How files of these columns, some of `schema::EVENTS`, are written.
pub fn event_file_properties(schema: &Schema) -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL).unwrap_or_default()))
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES_MAX))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES_MAX)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_column_index_truncate_length(Some(INDEXED_TEXT_BYTES_MAX))
        .set_statistics_truncate_length(Some(INDEXED_TEXT_BYTES_MAX))
        .set_bloom_filter_max_ndv(BLOOM_VALUES_MAX)
        .set_created_by(concat!("prospero ", env!("CARGO_PKG_VERSION")).to_owned());
    for field in schema.fields() {
        if GROWING_FIELDS.contains(&field.name().as_str()) {
            let path = || ColumnPath::from(vec![field.name().clone()]);
            properties = properties
                .set_column_dictionary_enabled(path(), false)
                .set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED);
        }
        if is_searched(field.name()) {
            let path = || ColumnPath::from(vec![field.name().clone()]);
            properties = properties
                .set_column_bloom_filter_enabled(path(), true)
                .set_column_bloom_filter_fpp(path(), BLOOM_FALSE_POSITIVES)
                .set_column_bloom_filter_max_ndv(path(), BLOOM_VALUES_MAX);
        }
    }
    properties.set_sorting_columns(time_leaf(schema).map(|it| vec![by_time(it)])).build()
}

/// Whether single values of a column are looked for, so that a bloom filter pays.
fn is_searched(name: &str) -> bool {
    SEARCHED_FIELDS.contains(&name)
        || EVENTS.position(name).is_some_and(|it| matches!(EVENTS.fields[it].value_type, Type::Host | Type::Mac))
}

/// The place of the time among the leaves of a file.
fn time_leaf(schema: &Schema) -> Option<i32> {
    let descriptor = ArrowSchemaConverter::new().convert(schema).ok()?;
    let place = descriptor.columns().iter().position(|it| it.path().string() == "starttime")?;
    i32::try_from(place).ok()
}

const fn by_time(column_idx: i32) -> SortingColumn {
    SortingColumn { column_idx, descending: false, nulls_first: true }
}

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The day of a time in milliseconds since 1970 UTC, counted from 1970; none without a time that a calendar has.
pub(super) fn day_of(time: Option<i64>) -> Option<i64> {
    let time = time?;
    Timestamp::from_millisecond(time).ok().map(|_| time.div_euclid(DAY_MS))
}

/// The folder of a day.
pub(super) fn folder_of(day: Option<i64>) -> String {
    let moment = day.and_then(|it| Timestamp::from_millisecond(it * DAY_MS).ok());
    moment.map_or_else(|| UNDATED_FOLDER.to_owned(), |it| format!("day={}", it.to_zoned(TimeZone::UTC).date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searched_fields_are_fields() {
        for name in SEARCHED_FIELDS.into_iter().chain(GROWING_FIELDS) {
            assert!(EVENTS.position(name).is_some(), "`{name}` is a field under this very name");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        let folder = |time| folder_of(day_of(time));
        assert_eq!(folder(Some(0)), "day=1970-01-01");
        assert_eq!(folder(Some(-1)), "day=1969-12-31");
        assert_eq!(folder(Some(1_795_305_599_999)), folder(Some(1_795_305_599_999 - DAY_MS + 1)));
        assert_ne!(folder(Some(1_795_305_600_000)), folder(Some(1_795_305_599_999)));
        assert_eq!(folder(None), UNDATED_FOLDER);
        assert_eq!(folder(Some(i64::MAX)), UNDATED_FOLDER);
    }
}
