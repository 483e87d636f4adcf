//! Databases and the lookup of their fields.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use arrow_schema::{DataType, Field as ArrowField, Fields, Schema, SchemaRef};
use foldhash::fast::RandomState;

use crate::Field;
use crate::fields::{EVENTS, FLOWS, SIMARC};

/// The name of the last Arrow column: what no row names, by the names of the log.
///
/// A map of text views to text views. Comparing two views tests length and first four bytes at once, so the entry of
/// one name is found without touching the texts of the others.
pub const PROPERTIES: &str = "$properties";

/// A set of rows that a query reads: `events`, `flows` or `simarc`.
#[derive(Debug)]
pub struct Database {
    /// The name after FROM.
    pub name: &'static str,
    /// Its columns. The position of a field in this list is its index everywhere else.
    pub fields: &'static [Field],
    index: OnceLock<HashMap<String, usize, RandomState>>,
    arrow: OnceLock<SchemaRef>,
}

/// All databases.
pub static DATABASES: [&Database; 3] = [&EVENTS, &FLOWS, &SIMARC];

/// The database of this name, ignoring case.
pub fn database(name: &str) -> Option<&'static Database> {
    DATABASES.into_iter().find(|it| it.name.eq_ignore_ascii_case(name))
}

impl Database {
    pub(crate) const fn new(name: &'static str, fields: &'static [Field]) -> Self {
        Self { name, fields, index: OnceLock::new(), arrow: OnceLock::new() }
    }

    /// The index of the field with this name or alias, ignoring case and blanks.
    pub fn find(&self, name: &str) -> Option<usize> {
        let index = self.index.get_or_init(|| self.build_index());
        if let Some(position) = index.get(name) {
            return Some(*position);
        }
        let mut buffer = [0; LONGEST_KEY];
        match short_key(name, &mut buffer) {
            Some(key) => index.get(key).copied(),
            None => index.get(&key(name)).copied(),
        }
    }

    /// The field with this name or alias, ignoring case and blanks.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.find(name).map(|it| &self.fields[it])
    }

    /// The index of a column by its own name, exactly; also of a locator, which [`find`](Self::find) hides.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|it| it.name == name)
    }

    /// The columns in Arrow: one for each field in order, under its own name, then [`PROPERTIES`].
    pub fn arrow_schema(&self) -> SchemaRef {
        Arc::clone(self.arrow.get_or_init(|| {
            let columns = self.fields.iter().map(|it| ArrowField::new(it.name, it.value_type.arrow(), true));
            let properties = ArrowField::new(PROPERTIES, properties_type(), true);
            Arc::new(Schema::new(columns.chain([properties]).collect::<Vec<_>>()))
        }))
    }

    /// The place of [`PROPERTIES`] among the Arrow columns: behind all fields.
    pub fn properties_column(&self) -> usize {
        self.fields.len()
    }

    /// The index of the field that a Sigma rule means by a name, in Sigma's own spelling; else as [`find`](Self::find).
    ///
    /// The two differ where a name of Sigma is also the name of another column: Sigma's `ProcessName` is a full path,
    /// the column "Process Name" of QRadar a file name.
    pub fn find_sigma(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|it| it.sigma.contains(&name)).or_else(|| self.find(name))
    }

    fn build_index(&self) -> HashMap<String, usize, RandomState> {
        let mut index = HashMap::default();
        for (position, field) in self.fields.iter().enumerate() {
            for name in field.names() {
                index.entry(key(name)).or_insert(position);
            }
        }
        for (position, field) in self.fields.iter().enumerate() {
            for name in field.sigma {
                index.entry(key(name)).or_insert(position);
            }
        }
        // The names as they are spelled, too: so most are found at once.
        for name in self.fields.iter().flat_map(|it| it.names().chain(it.sigma.iter().copied())) {
            if let Some(position) = index.get(&key(name)).copied() {
                index.insert(name.to_owned(), position);
            }
        }
        index
    }
}

/// The type of the column [`PROPERTIES`].
pub fn properties_type() -> DataType {
    let entries = Fields::from(vec![
        ArrowField::new("key", DataType::Utf8View, false),
        ArrowField::new("value", DataType::Utf8View, true),
    ]);
    DataType::Map(Arc::new(ArrowField::new("entries", DataType::Struct(entries), false)), false)
}

/// The form of a name under which it is looked up: lower case, no blanks.
pub fn key(name: &str) -> String {
    name.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Whether a name has this [`key`], without building it when the name is ASCII.
pub fn has_key(name: &str, key: &str) -> bool {
    if !name.is_ascii() {
        return self::key(name) == key;
    }
    let letters = name.bytes().filter(|it| !it.is_ascii_whitespace() && *it != 0x0b);
    letters.map(|it| it.to_ascii_lowercase()).eq(key.bytes())
}

/// Names up to this many bytes are looked up without an allocation.
const LONGEST_KEY: usize = 64;

fn short_key<'a>(name: &str, buffer: &'a mut [u8; LONGEST_KEY]) -> Option<&'a str> {
    if !name.is_ascii() || name.len() > LONGEST_KEY {
        return None;
    }
    let mut length = 0;
    for byte in name.bytes().filter(|it| !it.is_ascii_whitespace() && *it != 0x0b) {
        buffer[length] = byte.to_ascii_lowercase();
        length += 1;
    }
    std::str::from_utf8(&buffer[..length]).ok()
}
