//! Lists the pages of `packs/`, the files beside them and those of `tuning/`, so that they stand in the program.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../..");
    let (packs, tuning) = (root.join("packs"), root.join("tuning"));
    println!("cargo::rerun-if-changed={}", packs.display());
    println!("cargo::rerun-if-changed={}", tuning.display());
    let (mut pages, mut files) = (Vec::new(), Vec::new());
    collect(&packs, &mut pages, &mut files)?;
    let mut code = list(&packs, "PAGES", "str", "include_str", pages)?;
    code.push_str(&list(&packs, "FILES", "[u8]", "include_bytes", files)?);
    let exclusions = fs::read_dir(&tuning)?.map(|it| it.map(|it| it.path())).collect::<io::Result<Vec<_>>>()?;
    let exclusions = exclusions.into_iter().filter(|it| it.extension().is_some_and(|it| it == "toml")).collect();
    code.push_str(&list(&tuning, "TUNING", "str", "include_str", exclusions)?);
    let target = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("builtin_pages.rs");
    fs::write(target, code)
}

/// The code of a list of files: path below the root, content.
fn list(root: &Path, name: &str, content: &str, include: &str, mut files: Vec<PathBuf>) -> io::Result<String> {
    files.sort();
    let mut code = format!("static {name}: &[(&str, &{content})] = &[\n");
    for file in &files {
        let name = file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let path = file.canonicalize()?;
        writeln!(code, "    ({name:?}, {include}!({:?})),", path.display().to_string()).map_err(io::Error::other)?;
    }
    code.push_str("];\n");
    Ok(code)
}

/// All pages below a folder, and the files of the folders that have pages. A README describes its folder and is none.
fn collect(folder: &Path, pages: &mut Vec<PathBuf>, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let (mut own_pages, mut own_files) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, pages, files)?;
        } else if path.file_name().is_some_and(|it| it == "README.md") {
        } else if path.extension().is_some_and(|it| it == "md") {
            own_pages.push(path);
        } else {
            own_files.push(path);
        }
    }
    if !own_pages.is_empty() {
        files.append(&mut own_files);
    }
    pages.append(&mut own_pages);
    Ok(())
}
