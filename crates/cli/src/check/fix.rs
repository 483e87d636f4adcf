//! Fixing a text: fixes are applied in rounds until none is left, and what is not better afterwards is left as it was.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use aql::Escapes;
use similar::TextDiff;
use syntax::{Diagnostic, Safety};

use super::{Checked, Checker, Kind, Place};

/// The most rounds: a fix may make room for another, and none should undo another.
const ROUNDS_MAX: usize = 32;

/// The lint whose fix changes the dialect of the text: it goes alone, and what follows is read strictly.
const DIALECT: &str = "c-style-escapes";

/// What became of a text.
pub(crate) struct Mended {
    /// The text before.
    pub(crate) before: String,
    /// How often a fix of each name was applied.
    pub(crate) applied: BTreeMap<&'static str, usize>,
    /// Whether it was written for the dialect `c-style` and is not any more.
    pub(crate) is_strict_now: bool,
}

impl Checker {
    /// Applies fixes to a text, in memory; its findings are then those of the new text. Nothing when nothing changed.
    pub(crate) fn fix(&self, checked: &mut Checked, safety: Safety) -> Option<Mended> {
        let before = checked.subject.text.clone();
        let escapes = checked.subject.escapes;
        let mut applied: BTreeMap<&'static str, usize> = BTreeMap::new();
        for _ in 0..ROUNDS_MAX {
            let Some(names) = self.round(checked, safety) else { break };
            for name in names {
                *applied.entry(name).or_default() += 1;
            }
        }
        let is_strict_now = escapes != checked.subject.escapes;
        (!applied.is_empty()).then_some(Mended { before, applied, is_strict_now })
    }

    /// One round: the names of the fixes that were applied, none when there was nothing to do or it did no good.
    fn round(&self, checked: &mut Checked, safety: Safety) -> Option<Vec<&'static str>> {
        let dialect: Vec<Diagnostic> =
            checked.diagnostics.iter().filter(|it| it.id == DIALECT && it.fix.is_some()).cloned().collect();
        let wanted = if dialect.is_empty() { &checked.diagnostics } else { &dialect };
        let fixed = syntax::apply_fixes(&checked.subject.text, wanted, safety);
        if fixed.applied == 0 {
            return None;
        }
        let mut subject = checked.subject.clone();
        subject.text = fixed.text;
        if !dialect.is_empty() && subject.kind == Kind::Query {
            subject.escapes = Escapes::Strict;
        }
        let diagnostics = self.check(&subject);
        let errors = |all: &[Diagnostic]| all.iter().filter(|it| it.is_error()).count();
        if errors(&diagnostics) > errors(&checked.diagnostics) {
            return None;
        }
        *checked = Checked { subject, diagnostics };
        Some(fixed.names)
    }
}

/// Writes a text over its file: whole or not at all, with the permissions that the file has. A symbolic link is not
/// followed.
pub(crate) fn write(checked: &Checked) -> Result<()> {
    let Place::File(path) = &checked.subject.place else {
        bail!("`{}` is no file that can be written", checked.subject.name);
    };
    let metadata = fs::symlink_metadata(path).with_context(|| format!("cannot write `{}`", path.display()))?;
    if !metadata.is_file() {
        bail!("`{}` is a link: name the file that it leads to", path.display());
    }
    let temporary = path.with_file_name(format!(".{}.{}.tmp", file_name(path), std::process::id()));
    let written = write_new(&temporary, checked.subject.text.as_bytes())
        .and_then(|()| fs::set_permissions(&temporary, metadata.permissions()))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // Nothing is lost: the file is as it was.
        let _ = fs::remove_file(&temporary);
    }
    written.with_context(|| format!("cannot write `{}`", path.display()))
}

fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned())
}

/// What fixing changes, as a unified diff.
pub(crate) fn diff(name: &str, before: &str, after: &str) -> String {
    TextDiff::from_lines(before, after).unified_diff().context_radius(2).header(name, name).to_string()
}

impl Mended {
    /// What was done, in words.
    pub(crate) fn summary(&self) -> String {
        let each: Vec<String> = self.applied.iter().map(|(name, count)| format!("{name} {count}")).collect();
        let dialect = if self.is_strict_now { "; the query is now to be read without `--escapes c-style`" } else { "" };
        format!("{}{dialect}", each.join(", "))
    }
}
