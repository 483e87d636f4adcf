//! Folders: all files below one, sorted by name, without following a link into a folder that is being walked.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders within each other that are walked.
const DEPTH_MAX: usize = 128;

/// Something below a folder that cannot be read.
pub(super) struct Unreadable {
    pub(super) path: PathBuf,
    pub(super) reason: String,
}

/// Calls `found` for each file below the folder, in the order of the names of each folder. Stops when `found` fails.
pub(super) fn walk<E>(
    folder: &Path,
    found: &mut impl FnMut(Result<PathBuf, Unreadable>) -> Result<(), E>,
) -> Result<(), E> {
    walk_below(folder, &mut Vec::new(), found)
}

fn walk_below<E>(
    folder: &Path,
    parents: &mut Vec<PathBuf>,
    found: &mut impl FnMut(Result<PathBuf, Unreadable>) -> Result<(), E>,
) -> Result<(), E> {
    let unreadable = |reason: String| Err(Unreadable { path: folder.to_owned(), reason });
    let identity = match folder.canonicalize() {
        Ok(identity) => identity,
        Err(error) => return found(unreadable(error.to_string())),
    };
    if parents.contains(&identity) {
        return found(unreadable("link to a folder above it".into()));
    }
    if parents.len() == DEPTH_MAX {
        return found(unreadable(format!("folders are nested more than {DEPTH_MAX} deep")));
    }
    let entries =
        fs::read_dir(folder).and_then(|it| it.map(|it| it.map(|it| it.path())).collect::<Result<Vec<_>, _>>());
    let mut entries = match entries {
        Ok(entries) => entries,
        Err(error) => return found(unreadable(error.to_string())),
    };
    entries.sort();
    parents.push(identity);
    for entry in entries {
        match fs::metadata(&entry) {
            Ok(metadata) if metadata.is_dir() => walk_below(&entry, parents, found)?,
            Ok(metadata) if metadata.is_file() => found(Ok(entry))?,
            // A pipe or a device could block for ever.
            Ok(_) => found(Err(Unreadable { path: entry, reason: "neither a file nor a folder".into() }))?,
            Err(error) => found(Err(Unreadable { path: entry, reason: error.to_string() }))?,
        }
    }
    parents.pop();
    Ok(())
}
