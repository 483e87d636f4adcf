//! Columns of a file as columns of the table `events`.

use std::sync::Arc;

use arrow::array::{Array, ArrayBuilder, ArrayRef, AsArray, MapArray, StringViewArray, StringViewBuilder, StructArray};
use arrow::buffer::OffsetBuffer;
use arrow::compute::{CastOptions, can_cast_types, cast_with_options};
use arrow::datatypes::{DataType, Field, TimeUnit};
use arrow::error::ArrowError;
use schema::Type;

/// Times of a file on their way to milliseconds.
const MILLISECONDS: DataType = DataType::Timestamp(TimeUnit::Millisecond, None);

/// Whether a column of this type can hold a field of this value type.
pub fn conforms(from: &DataType, to: Type) -> bool {
    match (from, to.arrow()) {
        (DataType::Null, _) => true,
        (DataType::List(from) | DataType::LargeList(from), DataType::List(to)) => {
            can_cast_types(from.data_type(), to.data_type())
        }
        (it, _) if it.is_nested() => false,
        (_, DataType::List(_)) => false,
        (from, to) => can_cast_types(from, &to) || is_time(from),
    }
}

/// A column as the type of a field. A value that has no such form is null; times are milliseconds since 1970 UTC,
/// numbers in a field of text are decimal.
///
/// # Errors
/// When the type is none that [`conforms`].
pub fn conform(array: &ArrayRef, to: Type) -> Result<ArrayRef, ArrowError> {
    let target = to.arrow();
    match array.data_type() {
        from if *from == target => Ok(Arc::clone(array)),
        from if is_time(from) && target == DataType::Int64 => cast(&cast(array, &MILLISECONDS)?, &target),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if to == Type::Time => {
            let numbers = cast(array, &target)?;
            if numbers.null_count() == array.null_count() {
                return Ok(numbers);
            }
            cast(&cast(array, &MILLISECONDS)?, &target)
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView if target == DataType::Utf8View => {
            cast(&cast(array, &DataType::Utf8)?, &target)
        }
        _ => cast(array, &target),
    }
}

/// The column of properties of one row each: `stored` as the file has it, and columns that no field takes, by name.
///
/// # Errors
/// When a column cannot be converted.
pub fn properties(
    rows: usize,
    stored: Option<&ArrayRef>,
    others: &[(Arc<str>, ArrayRef)],
) -> Result<ArrayRef, ArrowError> {
    let target = schema::properties_type();
    let stored = stored.map(|it| cast(it, &target)).transpose()?;
    if others.is_empty()
        && let Some(stored) = stored
    {
        return Ok(stored);
    }
    let others: Vec<(&str, ArrayRef)> =
        others.iter().map(|(name, it)| Ok((&**name, conform(it, Type::Text)?))).collect::<Result<_, ArrowError>>()?;
    let others: Vec<_> = others.iter().map(|(name, it)| (*name, it.as_string_view())).collect();
    let mut pairs = Pairs::default();
    let mut ends = Vec::with_capacity(rows + 1);
    ends.push(0);
    for row in 0..rows {
        if let Some(stored) = stored.as_ref().and_then(|it| it.as_map_opt()).filter(|it| it.is_valid(row)) {
            pairs.append_entries(stored, row);
        }
        for (name, values) in &others {
            if values.is_valid(row) {
                pairs.append(name, Some(values.value(row)));
            }
        }
        ends.push(i32::try_from(pairs.keys.len()).map_err(|_| too_many())?);
    }
    let DataType::Map(entry, is_sorted) = target else { return Err(too_many()) };
    let DataType::Struct(fields) = entry.data_type() else { return Err(too_many()) };
    let arrays: Vec<ArrayRef> = vec![Arc::new(pairs.keys.finish()), Arc::new(pairs.values.finish())];
    let entries = StructArray::new(fields.clone(), arrays, None);
    let entry: Arc<Field> = Arc::clone(&entry);
    Ok(Arc::new(MapArray::new(entry, OffsetBuffer::new(ends.into()), entries, None, is_sorted)))
}

#[derive(Default)]
struct Pairs {
    keys: StringViewBuilder,
    values: StringViewBuilder,
}

impl Pairs {
    fn append(&mut self, key: &str, value: Option<&str>) {
        self.keys.append_value(key);
        self.values.append_option(value);
    }

    fn append_entries(&mut self, stored: &MapArray, row: usize) {
        let text =
            |it: &ArrayRef| it.as_string_view_opt().cloned().unwrap_or_else(|| StringViewArray::new_null(it.len()));
        let (keys, values) = (text(stored.keys()), text(stored.values()));
        let offsets = stored.value_offsets();
        for entry in offsets[row] as usize..offsets[row + 1] as usize {
            self.append(keys.value(entry), values.is_valid(entry).then(|| values.value(entry)));
        }
    }
}

fn too_many() -> ArrowError {
    ArrowError::InvalidArgumentError("too many properties in one batch".to_owned())
}

fn is_time(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Timestamp(_, _) | DataType::Date32 | DataType::Date64)
}

/// A value that cannot be converted becomes null.
fn cast(array: &ArrayRef, to: &DataType) -> Result<ArrayRef, ArrowError> {
    cast_with_options(array, to, &CastOptions { safe: true, ..CastOptions::default() })
}
