//! What the server knows beside the texts of the editor.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use syntax::Diagnostic;

/// The most values that are kept of one field.
pub const VALUES_MAX: usize = 1000;
/// The longest value that is kept, in bytes.
pub const VALUE_LENGTH_MAX: usize = 200;
/// The most values of one field that are offered.
pub const SHOWN_MAX: usize = 100;

/// What becomes of diagnostics by the user's settings: some are left out, some count more or less.
pub type Levels = Arc<dyn Fn(Vec<Diagnostic>) -> Vec<Diagnostic> + Send + Sync>;

/// What the server knows beside the texts of the editor.
#[derive(Clone)]
pub struct Settings {
    /// How queries are read: properties, reference data.
    pub options: aql::Options,
    /// What becomes of diagnostics.
    pub levels: Levels,
    /// Values of fields in sample logs; filled once they are read, at any time.
    pub values: Arc<OnceLock<Values>>,
}

impl Settings {
    /// These options, all diagnostics as they are, and no values of logs.
    pub fn new(options: aql::Options) -> Self {
        Self { options, levels: Arc::new(|it| it), values: Arc::default() }
    }

    /// The most frequent values of a field in the sample logs.
    pub(crate) fn values_of(&self, field: &str) -> Vec<(&str, u64)> {
        self.values.get().map(|it| it.most_frequent(field)).unwrap_or_default()
    }
}

/// Values of fields, and how often each was seen.
#[derive(Clone, Debug, Default)]
pub struct Values {
    fields: HashMap<String, HashMap<Box<str>, u64>>,
}

impl Values {
    /// Counts a value of a field, by any of its names, or of a property. Long ones and those of a field that has many are left out.
    pub fn count(&mut self, field: &str, value: &str) {
        if value.is_empty() || value.len() > VALUE_LENGTH_MAX || value.contains(['\n', '\r']) {
            return;
        }
        let values = self.fields.entry(key(field)).or_default();
        if let Some(count) = values.get_mut(value) {
            *count += 1;
        } else if values.len() < VALUES_MAX {
            values.insert(value.into(), 1);
        }
    }

    /// The values of a field, the most frequent first.
    fn most_frequent(&self, field: &str) -> Vec<(&str, u64)> {
        let values = self.fields.get(&key(field)).into_iter().flatten();
        let mut values: Vec<_> = values.map(|(value, count)| (&**value, *count)).collect();
        values.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        values.truncate(SHOWN_MAX);
        values
    }
}

/// One key for all names of a field.
fn key(name: &str) -> String {
    schema::key(schema::EVENTS.field(name).map_or(name, |it| it.name))
}
