//! Lists the pages of `packs/`, so that they stand in the program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../../packs");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut pages = Vec::new();
    collect(&root, &mut pages)?;
    pages.sort();
    let mut code = String::from("static PAGES: &[(&str, &str)] = &[\n");
    for page in &pages {
        let name = page.strip_prefix(&root).unwrap_or(page).to_string_lossy().replace('\\', "/");
        let path = page.canonicalize()?;
        writeln!(code, "    ({name:?}, include_str!({:?})),", path.display().to_string()).map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("builtin_pages.rs");
    fs::write(target, code)
}

/// All pages below a folder; a README describes the folder and is none.
fn collect(folder: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|it| it == "md") && path.file_name().is_some_and(|it| it != "README.md")
        {
            pages.push(path);
        }
    }
    Ok(())
}
