//! Pages by what the user calls them: a pack or a page that the program carries, a file, a folder.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::commands;

/// A page, not yet understood.
#[derive(Clone, Debug)]
pub(crate) struct PageFile {
    /// The path as found, or that below `packs/`.
    pub(crate) name: String,
    /// What stands in it.
    pub(crate) bytes: Vec<u8>,
    /// Whether the program carries it.
    pub(crate) builtin: bool,
}

impl PageFile {
    /// Reads a page from a file.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
        Ok(Self { name: path.display().to_string(), bytes, builtin: false })
    }
}

/// All pages that the program carries.
pub(crate) fn builtin() -> Vec<PageFile> {
    let page = |(name, text): &(&str, &str)| PageFile {
        name: (*name).to_owned(),
        bytes: text.as_bytes().to_vec(),
        builtin: true,
    };
    pack::builtin_pages().iter().map(page).collect()
}

/// The pages that these names mean, each once: a path that exists, else a built-in pack or page.
pub(crate) fn named(names: &[String]) -> Result<Vec<PageFile>> {
    let mut pages: Vec<PageFile> = Vec::new();
    for name in names {
        let path = Path::new(name);
        let found = if path.exists() {
            let files = commands::pages(path)?;
            files.iter().map(|it| PageFile::read(it)).collect::<Result<Vec<_>>>()?
        } else {
            builtin().into_iter().filter(|it| is_called(&it.name, name)).collect()
        };
        if found.is_empty() && path.exists() {
            bail!("no detection page in `{name}`");
        }
        if found.is_empty() {
            bail!("`{name}` is no file, no folder, no built-in pack and no built-in page{}", near(name));
        }
        for page in found {
            if !pages.iter().any(|it| it.name == page.name && it.builtin == page.builtin) {
                pages.push(page);
            }
        }
    }
    Ok(pages)
}

/// Whether a name means a built-in pack or page.
pub(crate) fn is_builtin(name: &str) -> bool {
    pack::builtin_pages().iter().any(|(page, _)| is_called(page, name))
}

/// Whether a built-in page is of this pack or has this id.
fn is_called(page: &str, name: &str) -> bool {
    let (pack, file) = page.split_once('/').unwrap_or(("", page));
    pack.eq_ignore_ascii_case(name) || file.strip_suffix(".md") == Some(name) || page == name
}

/// What the user may have meant.
fn near(name: &str) -> String {
    let parts = pack::builtin_pages().iter().filter_map(|(page, _)| page.strip_suffix(".md")?.split_once('/'));
    let known: Vec<&str> = parts.flat_map(|(pack, id)| [pack, id]).collect();
    syntax::suggest(name, known).map_or_else(String::new, |it| format!("; did you mean `{it}`?"))
}
