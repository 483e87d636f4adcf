//! Reference data read from a folder: one file per collection, named after it (`docs/reference-data.md`).

mod csv;
mod json;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::{EngineError, Result};

/// The largest file of reference data, in bytes.
pub const FILE_BYTES_MAX: u64 = 256 << 20;

/// The most elements of all collections together.
pub const ELEMENTS_MAX: usize = 20_000_000;

/// One collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Collection {
    /// Values.
    Set(HashSet<String>),
    /// A value for each key.
    Map(HashMap<String, String>),
    /// Values for each key.
    MapOfSets(HashMap<String, HashSet<String>>),
    /// Named values for each key.
    Table(HashMap<String, HashMap<String, String>>),
}

impl Collection {
    /// `set`, `map`, `map of sets` or `table`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Set(_) => "set",
            Self::Map(_) => "map",
            Self::MapOfSets(_) => "map of sets",
            Self::Table(_) => "table",
        }
    }

    /// How many values it holds.
    pub fn len(&self) -> usize {
        match self {
            Self::Set(set) => set.len(),
            Self::Map(map) => map.len(),
            Self::MapOfSets(map) => map.values().map(HashSet::len).sum(),
            Self::Table(table) => table.values().map(HashMap::len).sum(),
        }
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The collections of a folder.
#[derive(Clone, Debug, Default)]
pub struct ReferenceFolder {
    collections: HashMap<String, (String, Collection)>,
}

impl ReferenceFolder {
    /// Reads every file of the folder. Hidden files and sub-folders are passed over; any other kind of file than
    /// `.csv`, `.json` and `.txt` is an error, as is a second collection of the same name.
    pub fn load(folder: &Path) -> Result<Self> {
        let mut loaded = Self::default();
        let mut elements = 0;
        for path in files(folder)? {
            let collection = read(&path)?;
            elements += collection.len();
            if elements > ELEMENTS_MAX {
                return Err(fault(&path, 1, format!("more than {ELEMENTS_MAX} elements of reference data")));
            }
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if loaded.collections.contains_key(&name.to_lowercase()) {
                return Err(fault(&path, 1, format!("a second collection is named `{name}`")));
            }
            loaded.collections.insert(name.to_lowercase(), (name, collection));
        }
        Ok(loaded)
    }

    /// Names and collections, by name.
    pub fn collections(&self) -> Vec<(&str, &Collection)> {
        let mut all: Vec<_> = self.collections.values().map(|(name, it)| (name.as_str(), it)).collect();
        all.sort_unstable_by_key(|(name, _)| *name);
        all
    }

    fn get(&self, name: &str) -> Option<&Collection> {
        self.collections.get(&name.to_lowercase()).map(|(_, collection)| collection)
    }
}

impl aql::ReferenceData for ReferenceFolder {
    fn names(&self, kind: aql::CollectionKind) -> Vec<String> {
        let of_kind = |it: &Collection| {
            matches!(
                (kind, it),
                (aql::CollectionKind::Set, Collection::Set(_))
                    | (aql::CollectionKind::Map, Collection::Map(_))
                    | (aql::CollectionKind::MapOfSets, Collection::MapOfSets(_))
                    | (aql::CollectionKind::Table, Collection::Table(_))
            )
        };
        self.collections().into_iter().filter(|(_, it)| of_kind(it)).map(|(name, _)| name.to_owned()).collect()
    }

    fn has_set(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Collection::Set(_)))
    }

    fn set_contains(&self, name: &str, value: &str) -> bool {
        matches!(self.get(name), Some(Collection::Set(set)) if set.contains(value))
    }

    fn has_map(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Collection::Map(_)))
    }

    fn map_value(&self, name: &str, key: &str) -> Option<String> {
        let Some(Collection::Map(map)) = self.get(name) else { return None };
        map.get(key).cloned()
    }

    fn has_map_of_sets(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Collection::MapOfSets(_)))
    }

    fn map_set_contains(&self, name: &str, key: &str, value: &str) -> bool {
        let Some(Collection::MapOfSets(map)) = self.get(name) else { return false };
        map.get(key).is_some_and(|set| set.contains(value))
    }

    fn has_table(&self, name: &str) -> bool {
        matches!(self.get(name), Some(Collection::Table(_)))
    }

    fn table_value(&self, name: &str, column: &str, key: &str) -> Option<String> {
        let Some(Collection::Table(table)) = self.get(name) else { return None };
        table.get(key)?.get(column).cloned()
    }
}

/// The files of the folder, by name.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let failed = |source| EngineError::Io { context: format!("cannot read {}", folder.display()), source };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|it| it.to_string_lossy().starts_with('.'));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Reads one file.
fn read(path: &Path) -> Result<Collection> {
    let failed = |source| EngineError::Io { context: format!("cannot read {}", path.display()), source };
    let length = std::fs::metadata(path).map_err(failed)?.len();
    if length > FILE_BYTES_MAX {
        return Err(fault(path, 1, format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let extension = path.extension().map(|it| it.to_string_lossy().to_lowercase());
    let collection = match extension.as_deref() {
        Some("csv") => csv::read(text),
        Some("json") => json::read(text),
        Some("txt") => {
            Ok(Collection::Set(text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()))
        }
        _ => Err((1, "not a `.csv`, `.json` or `.txt` file".to_owned())),
    };
    collection.map_err(|(line, message)| fault(path, line, message))
}

fn fault(path: &Path, line: usize, message: String) -> EngineError {
    EngineError::ReferenceData { file: path.display().to_string(), line, message }
}
