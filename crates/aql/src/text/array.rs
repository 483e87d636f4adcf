//! Text tests over Arrow arrays. A value that occurs again in a batch is tested once: string views that are equal bit
//! for bit have equal text, and readers of dictionary-encoded columns make such views.

use datafusion_common::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, GenericListArray, OffsetSizeTrait, StringViewArray,
};
use datafusion_common::arrow::buffer::BooleanBuffer;
use datafusion_common::arrow::datatypes::DataType;
use datafusion_common::{Result, exec_err};

use super::TextMatcher;

/// Entries of the memory of one batch: a power of two; 40 KiB.
const MEMO_ENTRIES: usize = 1024;
/// After so many look-ups the memory is judged.
const MEMO_TRIAL: u32 = 512;
/// It is kept when at least one in so many look-ups found its value.
const MEMO_HIT_SHARE: u32 = 8;

/// Whether each text of the array, or any text of each list, satisfies the test. Null stays null; a null inside a list
/// satisfies nothing.
pub(super) fn test_array(array: &ArrayRef, test: &dyn TextTest) -> Result<BooleanArray> {
    Ok(match array.data_type() {
        DataType::Utf8View => test_views(array.as_string_view(), test),
        DataType::Utf8 => test_texts(array, &array.as_string::<i32>().into_iter().collect::<Vec<_>>(), test),
        DataType::LargeUtf8 => test_texts(array, &array.as_string::<i64>().into_iter().collect::<Vec<_>>(), test),
        DataType::Null => BooleanArray::new_null(array.len()),
        DataType::List(_) => test_lists(array.as_list::<i32>(), test)?,
        DataType::LargeList(_) => test_lists(array.as_list::<i64>(), test)?,
        DataType::Dictionary(_, _) => test_dictionary(array, test)?,
        other => return exec_err!("a text test cannot read {other}"),
    })
}

/// A test of one text; implemented by the compiled forms.
pub(super) trait TextTest {
    /// Whether the text satisfies the test; `scratch` may be overwritten.
    fn test(&self, value: &str, scratch: &mut String) -> bool;
}

impl TextTest for TextMatcher {
    fn test(&self, value: &str, scratch: &mut String) -> bool {
        self.is_match_with(value, scratch)
    }
}

fn test_views(array: &StringViewArray, test: &dyn TextTest) -> BooleanArray {
    let nulls = array.nulls();
    let views = array.views();
    let mut memo = Memo::new();
    let mut scratch = String::new();
    let values = BooleanBuffer::collect_bool(array.len(), |row| {
        if nulls.is_some_and(|nulls| nulls.is_null(row)) {
            return false;
        }
        memo.get_or_test(views[row], || test.test(array.value(row), &mut scratch))
    });
    BooleanArray::new(values, nulls.cloned())
}

fn test_texts(array: &ArrayRef, texts: &[Option<&str>], test: &dyn TextTest) -> BooleanArray {
    let mut scratch = String::new();
    let values =
        BooleanBuffer::collect_bool(texts.len(), |row| texts[row].is_some_and(|text| test.test(text, &mut scratch)));
    BooleanArray::new(values, array.nulls().cloned())
}

fn test_lists<O: OffsetSizeTrait>(array: &GenericListArray<O>, test: &dyn TextTest) -> Result<BooleanArray> {
    let tested = test_array(array.values(), test)?;
    let offsets = array.value_offsets();
    let values = BooleanBuffer::collect_bool(array.len(), |row| {
        (offsets[row].as_usize()..offsets[row + 1].as_usize()).any(|item| tested.is_valid(item) && tested.value(item))
    });
    Ok(BooleanArray::new(values, array.nulls().cloned()))
}

fn test_dictionary(array: &ArrayRef, test: &dyn TextTest) -> Result<BooleanArray> {
    let dictionary = array.as_any_dictionary();
    let tested = test_array(dictionary.values(), test)?;
    let keys = dictionary.normalized_keys();
    let nulls = array.logical_nulls();
    let values = BooleanBuffer::collect_bool(array.len(), |row| {
        nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)) && tested.value(keys[row])
    });
    Ok(BooleanArray::new(values, nulls))
}

/// Results by view, in a table where a new entry replaces the old one of its slot.
struct Memo {
    entries: Vec<(u128, bool)>,
    last: (u128, bool),
    lookups: u32,
    hits: u32,
}

/// No view: its length would be above any array.
const NO_VIEW: u128 = u128::MAX;

impl Memo {
    fn new() -> Self {
        Self { entries: Vec::new(), last: (NO_VIEW, false), lookups: 0, hits: 0 }
    }

    fn get_or_test(&mut self, view: u128, test: impl FnOnce() -> bool) -> bool {
        if self.last.0 == view {
            return self.last.1;
        }
        let result = if self.is_useless() { test() } else { self.look_up(view, test) };
        self.last = (view, result);
        result
    }

    fn look_up(&mut self, view: u128, test: impl FnOnce() -> bool) -> bool {
        if self.entries.is_empty() {
            self.entries = vec![(NO_VIEW, false); MEMO_ENTRIES];
        }
        self.lookups += 1;
        let folded = (view as u64) ^ ((view >> 64) as u64);
        let slot = (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize % MEMO_ENTRIES;
        let (known, result) = self.entries[slot];
        if known == view {
            self.hits += 1;
            return result;
        }
        let result = test();
        self.entries[slot] = (view, result);
        result
    }

    fn is_useless(&self) -> bool {
        self.lookups >= MEMO_TRIAL && self.hits < self.lookups / MEMO_HIT_SHARE
    }
}
