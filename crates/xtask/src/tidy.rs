//! What reviewers need not say: sizes of files, headers, the arrows of the map, words that have no place here.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// The usage.
pub(crate) const HELP: &str = "tidy                      checks sizes, headers, the arrows between crates, left-overs";

/// The most lines of code that a file may have, comments and blank lines not counted.
const LINES_MAX: usize = 600;

/// The crates that each crate may use, below it in the map of `docs/architecture.md`.
const ARROWS: &[(&str, &[&str])] = &[
    ("syntax", &[]),
    ("schema", &[]),
    ("aql", &["syntax", "schema"]),
    ("pack", &["aql", "syntax", "schema"]),
    ("ingest", &["schema"]),
    ("evade", &["ingest", "schema"]),
    ("engine", &["aql", "pack", "ingest", "evade", "syntax", "schema"]),
    ("sigma", &["pack", "aql", "syntax", "schema"]),
    ("language_server", &["pack", "aql", "syntax", "schema"]),
    ("cli", &["language_server", "engine", "evade", "sigma", "aql", "pack", "ingest", "syntax", "schema"]),
    ("xtask", &["cli", "language_server", "engine", "evade", "sigma", "aql", "pack", "ingest", "syntax", "schema"]),
];

/// Crates that do no input/output and know no async: what they must not name.
const PURE: &[&str] = &["syntax", "schema", "aql", "pack", "sigma", "language_server"];
const IMPURE_WORDS: &[&str] = &["std::fs", "std::net::Tcp", "tokio::", "async fn", "SystemTime::now", "Instant::now"];

/// Words that mark unfinished work.
const UNFINISHED: &[&str] =
    &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimplemented", "!(")];

/// Checks the whole project and says everything that is wrong.
pub(crate) fn run(_: &[String]) -> Result<()> {
    let root = &crate::root();
    let mut complaints = arrows(root)?;
    for file in tracked(root, "*.rs")? {
        let text =
            std::fs::read_to_string(root.join(&file)).with_context(|| format!("cannot read {}", file.display()))?;
        complaints.extend(check_file(&file, &text));
    }
    if complaints.is_empty() {
        return Ok(());
    }
    bail!("{} complaints\n{}", complaints.len(), complaints.join("\n"))
}

fn tracked(root: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    let output = Command::new("git").args(["ls-files", "--", pattern]).current_dir(root).output()?;
    if !output.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let names = String::from_utf8(output.stdout)?;
    Ok(names.lines().map(PathBuf::from).filter(|it| root.join(it).exists()).collect())
}

fn check_file(file: &Path, text: &str) -> Vec<String> {
    let name = file.display();
    let mut complaints = Vec::new();
    let code = text.lines().map(str::trim).filter(|it| !it.is_empty() && !it.starts_with("//")).count();
    if code > LINES_MAX {
        complaints.push(format!("{name}: {code} lines of code; split it ({LINES_MAX} at most)"));
    }
    if !text.starts_with("//!") && !text.starts_with("#![") {
        complaints.push(format!("{name}: no header `//!` that says what the file is"));
    }
    let pure = PURE.iter().any(|it| file.starts_with(format!("crates/{it}/src")));
    for (index, line) in text.lines().enumerate() {
        let place = format!("{name}:{}", index + 1);
        if let Some(word) = UNFINISHED.iter().find(|it| line.contains(**it)) {
            complaints.push(format!("{place}: `{word}`: finish it or open an issue"));
        }
        let is_comment = line.trim_start().starts_with("//");
        if let Some(word) = IMPURE_WORDS.iter().find(|it| pure && !is_comment && line.contains(**it)) {
            complaints.push(format!("{place}: `{word}` in a crate without input/output and async"));
        }
    }
    complaints
}

/// Compares the dependencies between our crates with [`ARROWS`].
fn arrows(root: &Path) -> Result<Vec<String>> {
    let output = Command::new("cargo")
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let ours: Vec<&str> = packages.iter().filter_map(|it| it["name"].as_str()).collect();
    let mut complaints = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(it, _)| *it == name) else {
            complaints.push(format!("crate `{name}` is not on the map (xtask/src/tidy.rs, docs/architecture.md)"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let target = dependency["name"].as_str().unwrap_or_default();
            let normal = dependency["kind"].is_null();
            if normal && ours.contains(&target) && !allowed.contains(&target) {
                complaints.push(format!("crate `{name}` may not use `{target}`: the map has no such arrow"));
            }
        }
    }
    Ok(complaints)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_complained_of_for_each_fault() {
        let text = format!("use std::fs;\n// {}\n", concat!("TO", "DO"));
        let complaints = check_file(Path::new("crates/syntax/src/x.rs"), &text);
        assert_eq!(complaints.len(), 3, "{complaints:?}");
        assert!(check_file(Path::new("crates/cli/src/x.rs"), "//! Fine.\nuse std::fs;\n").is_empty());
    }
}
