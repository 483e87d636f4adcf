//! Databases and the lookup of their fields.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::Field;

/// A set of rows that a query reads: `events`, `flows` or `simarc`.
#[derive(Debug)]
pub struct Database {
    /// The name after FROM.
    pub name: &'static str,
    /// Its columns. The position of a field in this list is its index everywhere else.
    pub fields: &'static [Field],
    index: LazyLock<HashMap<String, usize>>,
}

/// All databases.
pub static DATABASES: [&Database; 0] = [];

impl Database {
    /// The index of the field with this name or alias, ignoring case and blanks.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.index.get(&key(name)).copied()
    }
}

/// The form of a name under which it is looked up: lower case, no blanks.
pub fn key(name: &str) -> String {
    name.chars().filter(|it| !it.is_whitespace()).flat_map(char::to_lowercase).collect()
}
