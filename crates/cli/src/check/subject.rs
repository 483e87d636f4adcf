//! The texts that are checked: files, pages that the program carries, standard input, and queries on the command line.

use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syntax::{Diagnostic, Span};

use crate::{commands, page_files};

/// The most that is read from standard input, in bytes.
const INPUT_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A text that is checked.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// How reports call it.
    pub(crate) name: String,
    /// Where it comes from.
    pub(crate) place: Place,
    /// What it is.
    pub(crate) kind: Kind,
    /// The text; of bytes that are no text, what can be read of them.
    pub(crate) text: String,
    /// How backslashes are read where the text does not say it.
    pub(crate) escapes: aql::Escapes,
}

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A file.
    File(PathBuf),
    /// The program itself: a built-in page.
    Builtin,
    /// The command line or standard input.
    Typed,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A query.
    Query,
    /// A detection page.
    Page,
    /// Sigma rules.
    Rules,
    /// No text: the bytes are not UTF-8.
    NotText,
}

impl Subject {
    fn new(name: String, place: Place, kind: Kind, bytes: Vec<u8>, escapes: aql::Escapes) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self { name, place, kind, text, escapes },
            Err(error) => {
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                Self { name, place, kind: Kind::NotText, text, escapes }
            }
        }
    }

    /// The error of bytes that are no text.
    pub(crate) fn not_text(&self) -> Diagnostic {
        let at = self.text.find(char::REPLACEMENT_CHARACTER).unwrap_or_default();
        Diagnostic::error("not-utf8", Span::new(at, at), "the file is not UTF-8 text")
            .with_help("save the file as UTF-8")
    }
}

/// The texts that the words of the command line mean, each once. What a folder holds is passed over where it is at or
/// below an excluded path.
pub(crate) fn collect(words: &[String], escapes: aql::Escapes, exclude: &[PathBuf]) -> Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    let mut seen = HashSet::new();
    for word in words {
        let path = Path::new(word);
        if word == "-" {
            subjects.push(standard_input(escapes)?);
        } else if path.exists() {
            for file in files(path, exclude)? {
                if seen.insert(file.clone()) {
                    subjects.push(read(&file, escapes)?);
                }
            }
        } else if is_query(word) {
            let bytes = word.clone().into_bytes();
            subjects.push(Subject::new("<query>".to_owned(), Place::Typed, Kind::Query, bytes, escapes));
        } else if page_files::is_builtin(word) {
            for page in page_files::named(std::slice::from_ref(word))? {
                subjects.push(Subject::new(page.name, Place::Builtin, Kind::Page, page.bytes, escapes));
            }
        } else {
            bail!("`{word}` is no file, no folder, no query and no built-in page");
        }
    }
    Ok(subjects)
}

/// Whether a word of the command line is a query by itself.
fn is_query(word: &str) -> bool {
    let first = word.split_whitespace().next().unwrap_or_default();
    first.eq_ignore_ascii_case("select") && word.trim().len() > first.len()
}

fn standard_input(escapes: aql::Escapes) -> Result<Subject> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(INPUT_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.context("cannot read standard input")?;
    if bytes.len() as u64 > INPUT_BYTES_MAX {
        bail!("standard input is larger than {INPUT_BYTES_MAX} bytes");
    }
    let kind = if bytes.starts_with(b"---\n") || bytes.starts_with(b"---\r\n") { Kind::Page } else { Kind::Query };
    Ok(Subject::new("<stdin>".to_owned(), Place::Typed, kind, bytes, escapes))
}

/// The files at or below a path that can be checked.
fn files(path: &Path, exclude: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    commands::collect(path, &mut files)?;
    if path.is_dir() {
        let is_rule = |it: &Path| is_yaml(it) && std::fs::read(it).is_ok_and(|it| is_sigma(&it));
        commands::collect_files(path, &is_rule, &mut files)?;
        files.sort();
        let excluded: Vec<PathBuf> = exclude.iter().filter_map(|it| it.canonicalize().ok()).collect();
        files.retain(|file| {
            let place = file.canonicalize().unwrap_or_else(|_| file.clone());
            !excluded.iter().any(|it| place.starts_with(it))
        });
    }
    Ok(files)
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == "yml" || it == "yaml")
}

/// Whether a YAML file of a folder is one of Sigma: other files have that ending too.
fn is_sigma(bytes: &[u8]) -> bool {
    let keys: [&[u8]; 3] = [b"logsource:", b"correlation:", b"detection:"];
    bytes.split(|it| *it == b'\n').any(|line| keys.iter().any(|it| line.starts_with(it)))
}

fn read(path: &Path, escapes: aql::Escapes) -> Result<Subject> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let kind = match path.extension() {
        Some(it) if it == "md" => Kind::Page,
        Some(_) if is_yaml(path) => Kind::Rules,
        _ => Kind::Query,
    };
    Ok(Subject::new(path.display().to_string(), Place::File(path.to_owned()), kind, bytes, escapes))
}
