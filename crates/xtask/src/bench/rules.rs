//! Rules and queries in the amounts that are measured.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The folders below `folder` that hold rules in use: those of SigmaHQ's repository have such names. All of `folder` when
/// there are none.
pub(super) fn rule_folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut folders = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    folders.retain(|it| {
        it.is_dir() && it.file_name().and_then(|it| it.to_str()).is_some_and(|it| it.starts_with("rules"))
    });
    folders.sort();
    Ok(if folders.is_empty() { vec![folder.to_owned()] } else { folders })
}

/// So many rules in one folder below `folder`, made when it is not there: those of the folders, then these again under
/// new ids.
pub(super) fn ensure_rules(folder: &Path, sources: &[PathBuf], count: usize) -> Result<PathBuf> {
    let finished = folder.join(format!("rules-{count}"));
    if finished.exists() {
        return Ok(finished);
    }
    let part = folder.join(format!("rules-{count}.part"));
    fs::create_dir_all(&part)?;
    let mut files = Vec::new();
    for source in sources {
        collect(source, &mut files)?;
    }
    files.sort();
    if files.is_empty() {
        bail!("no Sigma rule was found");
    }
    for (number, file) in files.iter().cycle().take(count).enumerate() {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
        fs::write(part.join(format!("{number:05}.yml")), renumbered(&text, number, number / files.len()))?;
    }
    fs::rename(&part, &finished)?;
    Ok(finished)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|it| it == "yml") {
            files.push(path);
        }
    }
    Ok(())
}

/// The rule with another id and title, from the second time on.
fn renumbered(text: &str, number: usize, time: usize) -> String {
    if time == 0 {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| {
        if line.starts_with("id:") {
            format!("id: 00000000-0000-4000-8000-{number:012}\n")
        } else if let Some(title) = line.strip_prefix("title:") {
            format!("title:{title} {time}\n")
        } else {
            format!("{line}\n")
        }
    });
    lines.collect()
}

/// The queries of a folder's files with one JSON object a line: the members `aql`.
pub(super) fn queries(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut files = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|it| it.extension().is_some_and(|it| it == "jsonl"));
    files.sort();
    let mut queries = Vec::new();
    for file in files {
        for line in fs::read_to_string(&file)?.lines() {
            let object: serde_json::Value =
                serde_json::from_str(line).with_context(|| format!("a line of `{}`", file.display()))?;
            queries.extend(object["aql"].as_str().map(str::to_owned));
        }
    }
    Ok(queries)
}

/// A query that stands in a text, with the name of its file.
#[derive(Clone, Debug)]
pub(super) struct Seed {
    pub(super) name: String,
    /// From SELECT on, without the time clause: the data spans days.
    pub(super) query: String,
}

/// The queries of the texts of a folder.
pub(super) fn seeds(folder: &Path) -> Result<Vec<Seed>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut files = entries.map(|it| Ok(it?.path())).collect::<Result<Vec<_>>>()?;
    files.sort();
    let mut seeds = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))?;
        let start = text.find("SELECT").with_context(|| format!("no SELECT in `{}`", file.display()))?;
        let end = text[start..].find("\nLAST ").map_or(text.len(), |it| start + it);
        let name = file.file_stem().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        // The first part of a name such as `t1543-create-or-modify-system-process`.
        let name = name.split('-').next().unwrap_or_default().to_owned();
        seeds.push(Seed { name, query: text[start..end].to_owned() });
    }
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_again_under_new_ids() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("rules/windows");
        fs::create_dir_all(&source).expect("a folder");
        let rule = |title: &str| format!("title: {title}\nid: {title}\nstatus: test\n");
        fs::write(source.join("a.yml"), rule("a")).expect("a file");
        fs::write(source.join("b.yml"), rule("b")).expect("a file");
        let folders = rule_folders(folder.path()).expect("folders");
        assert_eq!(folders, [folder.path().join("rules")]);
        let rules = ensure_rules(folder.path(), &folders, 3).expect("rules");
        let text = |name: &str| fs::read_to_string(rules.join(name)).expect("a file");
        assert_eq!(text("00001.yml"), rule("b"));
        assert_eq!(text("00002.yml"), "title: a 1\nid: 00000000-0000-4000-8000-000000000002\nstatus: test\n");
    }

    #[test]
    fn a_seed_is_what_stands_between_select_and_last() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("t1-x.txt"), "Text\nSELECT qid\nFROM events\nLAST 24 HOURS more").expect("a file");
        let seeds = seeds(folder.path()).expect("seeds");
        assert_eq!((seeds[0].name.as_str(), seeds[0].query.as_str()), ("t1", "SELECT qid\nFROM events"));
    }
}
