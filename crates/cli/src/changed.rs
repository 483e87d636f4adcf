//! Which pages git says changed: in the working tree, and since the branch left the one it is to be merged into.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::page_files::PageFile;

/// What the branch may be merged into: the first that exists counts.
const BASES: [&str; 6] = ["@{upstream}", "origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// The files that changed.
pub(crate) struct Changed {
    /// Absolute paths, sorted; deleted files are not among them.
    files: BTreeSet<PathBuf>,
    /// What they changed against, for messages.
    pub(crate) since: String,
}

impl Changed {
    /// Asks git about the repository that holds the present folder.
    pub(crate) fn find() -> Result<Self> {
        let root = git(Path::new("."), &["rev-parse", "--show-toplevel"])?
            .context("--changed needs a git repository, and the present folder is in none")?;
        let root = PathBuf::from(root.trim_end_matches(['\r', '\n'])).canonicalize()?;
        let head = git(&root, &["rev-parse", "--verify", "--quiet", "HEAD"])?;
        let mut since = "the last commit".to_owned();
        let mut base = "HEAD".to_owned();
        for candidate in BASES {
            if let Some(commit) = git(&root, &["merge-base", "HEAD", candidate])? {
                commit.trim().clone_into(&mut base);
                since = format!("{candidate} ({})", base.get(..10).unwrap_or(&base));
                break;
            }
        }
        let mut lists = vec![git(&root, &["ls-files", "--others", "--exclude-standard", "-z"])?];
        if head.is_some() {
            lists.push(git(&root, &["diff", "--name-only", "--no-renames", "-z", &base])?);
        } else {
            lists.push(git(&root, &["ls-files", "-z"])?);
        }
        let names = lists.iter().flatten().flat_map(|it| it.split('\0')).filter(|it| !it.is_empty());
        let files = names.filter_map(|it| root.join(it).canonicalize().ok()).collect();
        Ok(Self { files, since })
    }

    /// Whether a page, or a file beside it that a test of it names, changed.
    pub(crate) fn touches(&self, page: &PageFile) -> bool {
        let Ok(path) = Path::new(&page.name).canonicalize() else { return false };
        let text = String::from_utf8_lossy(&page.bytes);
        let beside = self.files.iter().filter(|it| it.parent() == path.parent() && it.extension() != path.extension());
        let mut names = beside.filter_map(|it| it.file_name()?.to_str());
        self.files.contains(&path) || names.any(|it| text.contains(it))
    }

    /// All pages that changed, below the present folder.
    pub(crate) fn pages(&self) -> Result<Vec<PageFile>> {
        let here = Path::new(".").canonicalize()?;
        let is_page = |path: &Path| path.extension().is_some_and(|it| it == "md");
        let mut paths: BTreeSet<PathBuf> = self.files.iter().filter(|it| is_page(it)).cloned().collect();
        for folder in self.files.iter().filter(|it| !is_page(it)).filter_map(|it| it.parent()) {
            let entries = std::fs::read_dir(folder)?.filter_map(|it| it.ok().map(|it| it.path()));
            paths.extend(entries.filter(|it| is_page(it)));
        }
        let mut pages = Vec::new();
        for path in paths.iter().filter_map(|it| it.strip_prefix(&here).ok()) {
            let page = PageFile::read(path)?;
            let looks_like_one = page.bytes.starts_with(b"---") && memory_contains(&page.bytes, b"\n## Query");
            if looks_like_one && self.touches(&page) {
                pages.push(page);
            }
        }
        Ok(pages)
    }
}

fn memory_contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|it| it == wanted)
}

/// What git prints; nothing when it says no.
fn git(folder: &Path, arguments: &[&str]) -> Result<Option<String>> {
    let output = Command::new("git").args(arguments).current_dir(folder).output();
    let output = match output {
        Ok(output) => output,
        Err(error) => bail!("--changed asks git, which cannot be run: {error}"),
    };
    Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned()))
}
