//! The catalogue: a static site of detections, written without a server and read without the network.
//!
//! `layout` is what all pages share, `index` the lists, `detection` the page of a detection, `markdown` how its sections
//! become HTML, `platforms` the queries that sigma-cli makes of its Sigma rule.

mod detection;
mod evasion;
mod index;
mod layout;
mod markdown;
pub(crate) mod platforms;

use std::path::Path;

use anyhow::{Context, Result};
use pack::Detection;
use sigma::RuleFile;

use self::platforms::PlatformQuery;
use crate::evasions::PageEvasions;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");

/// What the catalogue shows of a detection.
pub(crate) struct Entry<'a> {
    /// The page.
    pub(crate) detection: &'a Detection,
    /// What its tests said, in the order of the page.
    pub(crate) verdicts: Vec<engine::Verdict>,
    /// What its query makes of its attacks when they are rewritten.
    pub(crate) evasions: PageEvasions,
    /// Its Sigma rules, or why there are none.
    pub(crate) sigma: Result<Vec<RuleFile>, String>,
    /// Queries of other platforms.
    pub(crate) platforms: Vec<PlatformQuery>,
}

impl Entry<'_> {
    /// How many of its tests hold.
    fn holding(&self) -> usize {
        self.verdicts.iter().filter(|it| it.passed()).count()
    }

    /// Whether all its tests hold.
    pub(crate) fn all_hold(&self) -> bool {
        self.holding() == self.verdicts.len()
    }

    /// `5 of 5 hold`
    fn tests(&self) -> String {
        format!("{} of {} hold", self.holding(), self.verdicts.len())
    }
}

/// Writes the Sigma rules into the folder of the site.
pub(crate) fn write_sigma(folder: &Path, entries: &[Entry<'_>]) -> Result<()> {
    for file in entries.iter().flat_map(|it| it.sigma.iter().flatten()) {
        write_file(folder, &format!("sigma/{}", file.name), &file.text)?;
    }
    Ok(())
}

/// Writes the pages of the site into its folder. Returns their number.
pub(crate) fn write(folder: &Path, entries: &[Entry<'_>]) -> Result<usize> {
    write_file(folder, "style.css", STYLE)?;
    write_file(folder, "filter.js", SCRIPT)?;
    write_file(folder, "index.html", &index::all(entries))?;
    for grouping in index::GROUPINGS {
        write_file(folder, &format!("{}.html", grouping.file), &index::grouped(grouping, entries))?;
    }
    for entry in entries {
        let name = format!("detections/{}.html", entry.detection.id);
        write_file(folder, &name, &detection::page(entry, entries))?;
    }
    Ok(1 + index::GROUPINGS.len() + entries.len())
}

fn write_file(folder: &Path, name: &str, text: &str) -> Result<()> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make `{}`", parent.display()))?;
    }
    std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
}
