//! Sigma rules from files, for the verbs that use them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sigma::{Collection, Imported, Outcome, Placeholders};

use crate::output;

/// Rules that were read, and what they became.
#[derive(Default)]
pub(crate) struct Rules {
    /// In the order of the files.
    pub(crate) imported: Vec<Imported>,
    texts: HashMap<String, String>,
}

impl Rules {
    /// The text of a file.
    pub(crate) fn text(&self, file: &str) -> &str {
        self.texts.get(file).map_or("", String::as_str)
    }

    /// How many rules were refused.
    pub(crate) fn refused(&self) -> usize {
        self.imported.iter().filter(|it| matches!(it.outcome, Outcome::Refused)).count()
    }
}

/// Reads the rules of files and folders; rules of all of them may refer to each other.
pub(crate) fn read(paths: &[PathBuf], placeholders: &[PathBuf], pages: pack::Options) -> Result<Rules> {
    let mut options = sigma::Options::new(pages);
    for path in placeholders {
        read_placeholders(path, &mut options.placeholders)?;
    }
    let mut files = Vec::new();
    for path in paths {
        if !path.exists() {
            bail!("`{}` does not exist", path.display());
        }
        collect(path, &["yml", "yaml"], &mut files)?;
    }
    if files.is_empty() {
        bail!("no Sigma rule (`.yml`) in {}", crate::commands::list(paths));
    }
    let mut texts = Vec::with_capacity(files.len());
    for file in files {
        let name = file.display().to_string();
        let bytes = std::fs::read(&file).with_context(|| format!("cannot read `{name}`"))?;
        // A rule with a byte that is no UTF-8 is a rule with a wrong character, not one to lose.
        texts.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    let mut collection = Collection::default();
    collection.add_all(&texts);
    Ok(Rules { imported: collection.import(&options), texts: texts.into_iter().collect() })
}

/// What is said of rules, and of the queries that they become: of each its name and text.
pub(crate) fn check(rules: &[(&str, &str)], placeholders: &[PathBuf], pages: pack::Options) -> Result<Vec<Imported>> {
    import(rules, placeholders, sigma::Options { checks: true, ..sigma::Options::new(pages) })
}

/// What rules become: of each its name and text.
pub(crate) fn import(
    rules: &[(&str, &str)],
    placeholders: &[PathBuf],
    mut options: sigma::Options,
) -> Result<Vec<Imported>> {
    for path in placeholders {
        read_placeholders(path, &mut options.placeholders)?;
    }
    let mut collection = Collection::default();
    collection.add_all(rules);
    Ok(collection.import(&options))
}

/// Says of refused rules why, at most of so many.
pub(crate) fn report_refused(rules: &Rules, shown_max: usize) {
    let refused = || rules.imported.iter().filter(|it| matches!(it.outcome, Outcome::Refused));
    for it in refused().take(shown_max) {
        let errors: Vec<_> = it.diagnostics.iter().filter(|it| it.is_error()).cloned().collect();
        let text = syntax::render(&errors, &it.file, rules.text(&it.file), output::colour(&std::io::stderr()));
        output::note(text.trim_end());
    }
    let hidden = refused().count().saturating_sub(shown_max);
    if hidden > 0 {
        output::note(&format!("and {hidden} more; `prospero convert --from sigma` says why of each"));
    }
}

/// A file or folder of values: `NAME.txt` one a line, `.yml` a map of names and lists.
fn read_placeholders(path: &Path, placeholders: &mut Placeholders) -> Result<()> {
    let mut files = Vec::new();
    collect(path, &["txt", "yml", "yaml"], &mut files)?;
    for file in files {
        let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let is_yaml = file.extension().is_some_and(|it| it == "yml" || it == "yaml");
        let name = file.file_stem().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
        if let Err(diagnostic) = placeholders.read(&name, is_yaml, &text) {
            let rendered = syntax::render(&[*diagnostic], &file.display().to_string(), &text, false);
            bail!("{}", rendered.trim_end());
        }
    }
    Ok(())
}

/// Files of these extensions at or below a path, sorted; a file that is named counts whatever it is called.
fn collect(path: &Path, extensions: &[&str], files: &mut Vec<PathBuf>) -> Result<()> {
    let is_wanted = |path: &Path| path.extension().is_some_and(|it| extensions.iter().any(|wanted| it == *wanted));
    crate::commands::collect_files(path, &is_wanted, files)
}
