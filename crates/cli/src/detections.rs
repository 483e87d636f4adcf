//! Which detections a verb is about: the built-in pages or those of folders, and which of them.

use std::path::PathBuf;

use anyhow::{Result, bail};
use pack::{Detection, Level, Status};

use crate::page_files::{self, PageFile};
use crate::{commands, output, sigma_rules};

/// How many refused Sigma rules are shown.
const REFUSED_SHOWN: usize = 10;

/// Which detections.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Detections")]
pub(crate) struct DetectionArguments {
    /// A folder of detection pages instead of the built-in ones; `none` for no detection. May be repeated.
    #[arg(long, value_name = "DIR|none")]
    packs: Vec<PathBuf>,
    /// A folder or file of Sigma rules instead of the built-in pages; beside those of --packs. May be repeated.
    #[arg(long, value_name = "DIR")]
    sigma: Vec<PathBuf>,
    /// What `%name%` in Sigma rules stands for: NAME.txt with a value a line, or YAML; or a folder of such files.
    #[arg(long, value_name = "FILE|DIR", requires = "sigma")]
    placeholders: Vec<PathBuf>,
    /// Only detections of this technique, with its sub-techniques.
    #[arg(long, value_name = "T1543")]
    technique: Vec<String>,
    /// Only detections of at least this severity.
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    severity: Option<Level>,
    /// Only detections of this status [default: all but deprecated].
    #[arg(long, value_name = "STATUS", value_parser = status)]
    status: Vec<Status>,
}

/// Detections, and how many pages were left out because they are wrong.
#[derive(Default)]
pub(crate) struct Loaded {
    /// By id.
    pub(crate) detections: Vec<Detection>,
    /// Pages that were named on standard error and left out.
    pub(crate) left_out: usize,
}

/// The name of a severity, from the command line.
pub(crate) fn level(text: &str) -> Result<Level, String> {
    text.parse()
}

fn status(text: &str) -> Result<Status, String> {
    text.parse()
}

impl DetectionArguments {
    /// Reads the pages and keeps those that are asked for.
    pub(crate) fn load(&self, options: &pack::Options) -> Result<Loaded> {
        let mut pages = Vec::new();
        if self.packs.is_empty() && self.sigma.is_empty() {
            pages.extend(page_files::builtin());
        }
        for folder in self.packs.iter().filter(|it| it.as_os_str() != "none") {
            if !folder.exists() {
                bail!("`{}` does not exist", folder.display());
            }
            let files = commands::pages(folder)?;
            if files.is_empty() {
                bail!("no detection page in `{}`", folder.display());
            }
            for file in files {
                pages.push(PageFile::read(&file)?);
            }
        }
        let Loaded { mut detections, mut left_out } = read(pages, options)?;
        if !self.sigma.is_empty() {
            left_out += self.load_sigma(options, &mut detections)?;
        }
        Ok(Loaded { detections: self.select(detections)?, left_out })
    }

    /// Adds the detections of Sigma rules; how many rules were refused.
    fn load_sigma(&self, options: &pack::Options, detections: &mut Vec<Detection>) -> Result<usize> {
        let rules = sigma_rules::read(&self.sigma, &self.placeholders, options.clone())?;
        sigma_rules::report_refused(&rules, REFUSED_SHOWN);
        let refused = rules.refused();
        let loaded = detections.len();
        for imported in rules.imported {
            let sigma::Outcome::Detection { detection, .. } = imported.outcome else { continue };
            if let Some(other) = detections[..loaded].iter().find(|it| it.id == detection.id) {
                bail!("the id `{}` stands in `{}` and in `{}`", detection.id, other.file, imported.file);
            }
            detections.push(*detection);
        }
        output::note(&format!("{} Sigma rules imported, {refused} refused", detections.len() - loaded));
        Ok(refused)
    }

    /// The detections that the filters leave, by id.
    fn select(&self, mut detections: Vec<Detection>) -> Result<Vec<Detection>> {
        let loaded = detections.len();
        detections.retain(|detection| {
            let technique = self.technique.is_empty()
                || detection.techniques.iter().any(|it| self.technique.iter().any(|wanted| is_of(it, wanted)));
            let severity = self.severity.is_none_or(|it| detection.severity >= it);
            let status = if self.status.is_empty() {
                detection.status != Status::Deprecated
            } else {
                self.status.contains(&detection.status)
            };
            technique && severity && status
        });
        if detections.is_empty() && loaded > 0 {
            bail!("none of {loaded} detections is left by --technique, --severity and --status");
        }
        detections.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(detections)
    }
}

/// Whether a technique is the wanted one or a sub-technique of it.
fn is_of(technique: &str, wanted: &str) -> bool {
    let rest = technique.get(..wanted.len()).filter(|it| it.eq_ignore_ascii_case(wanted));
    rest.is_some_and(|_| matches!(technique.as_bytes().get(wanted.len()), None | Some(b'.')))
}

/// Reads pages. A bad one is named and left out, so that it hides no match of the others.
fn read(pages: Vec<PageFile>, options: &pack::Options) -> Result<Loaded> {
    let count = pages.len();
    let mut detections: Vec<Detection> = Vec::new();
    let texts: Vec<_> = pages.into_iter().map(|it| (it.name, String::from_utf8(it.bytes).ok())).collect();
    let read = pack::in_parallel(&texts, |(file, text)| Some(pack::read_page(file, text.as_deref()?, options)));
    for ((file, text), read) in texts.into_iter().zip(read) {
        let (Some(text), Some((detection, diagnostics))) = (text, read) else {
            output::note(&format!("{file}: left out, since the page is not UTF-8 text"));
            continue;
        };
        let errors: Vec<_> = diagnostics.into_iter().filter(syntax::Diagnostic::is_error).collect();
        if !errors.is_empty() {
            output::note(syntax::render(&errors, &file, &text, output::colour(&std::io::stderr())).trim_end());
            output::note(&format!("{file}: left out, since the page is wrong"));
        }
        let Some(detection) = detection else { continue };
        if let Some(other) = detections.iter().find(|it| it.id == detection.id) {
            bail!("the id `{}` stands in `{}` and in `{file}`", detection.id, other.file);
        }
        detections.push(detection);
    }
    if count > 0 && detections.is_empty() {
        bail!("each of the {count} pages is wrong");
    }
    Ok(Loaded { left_out: count - detections.len(), detections })
}
