//! `prospero catalogue`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use engine::Evade;
use pack::Detection;
use sigma::{ExportOptions, RuleFile};

use super::Outcome;
use crate::catalogue::platforms::SigmaCli;
use crate::catalogue::{self, Entry};
use crate::detections::{DetectionArguments, Loaded};
use crate::session::CompileSources;
use crate::{evasions, output, page_tests, progress};

/// What `catalogue` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero catalogue -o site/
  prospero catalogue -o site/ --packs my-detections/
  prospero catalogue -o site/ --sigma-cli ~/.venv/bin/sigma

The site is a folder of files: open index.html, or serve it as it is. Queries of other platforms are shown when sigma-cli
and its backends are there (`pip install sigma-cli pysigma-backend-splunk`).
Exit codes: 0 done; 1 a test of a page does not hold; 2 could not do it, or not all of it: a page is wrong.")]
pub(crate) struct Arguments {
    /// The folder to write; made when it is not there.
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,
    #[command(flatten)]
    detections: DetectionArguments,
    /// The program sigma-cli [default: `sigma`, where it is installed]; `none` for no queries of other platforms.
    #[arg(long, value_name = "PROGRAM|none")]
    sigma_cli: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let options = CompileSources::default().options()?;
    let Loaded { detections, left_out } = arguments.detections.load(&options)?;
    let user_properties = Arc::default();
    let evade = Evade::new(evade::TRANSFORMATIONS.to_vec(), &options.environment, &user_properties);
    let mut entries: Vec<Entry<'_>> = detections
        .iter()
        .zip(page_tests::verdicts(&detections, &options.environment, &user_properties))
        .zip(evasions::of(&detections, &evade, &detections)?)
        .map(|((detection, verdicts), evasions)| Entry {
            detection,
            verdicts,
            evasions,
            sigma: sigma_rules(detection),
            platforms: Vec::new(),
        })
        .collect();
    catalogue::write_sigma(&arguments.output, &entries)?;
    let sigma_cli = sigma_cli(arguments)?;
    if let Some(sigma_cli) = &sigma_cli {
        convert(sigma_cli, &arguments.output, &mut entries);
    }
    let pages = catalogue::write(&arguments.output, &entries)?;
    let rules: usize = entries.iter().flat_map(|it| &it.sigma).map(Vec::len).sum();
    output::note(&format!(
        "{pages} pages about {} detections in `{}`; {} with Sigma rules, in {rules} files",
        entries.len(),
        arguments.output.display(),
        entries.iter().filter(|it| it.sigma.is_ok()).count(),
    ));
    let failing: Vec<_> = entries.iter().filter(|it| !it.all_hold()).map(|it| it.detection.id.as_str()).collect();
    if left_out > 0 {
        return Ok(Outcome::NotUnderstood);
    }
    if failing.is_empty() {
        return Ok(Outcome::Done);
    }
    output::note(&format!("tests that do not hold: {}; see `prospero test`", failing.join(", ")));
    Ok(Outcome::Found)
}

/// sigma-cli as asked for. When it was not asked for, it may be absent.
fn sigma_cli(arguments: &Arguments) -> Result<Option<SigmaCli>> {
    if arguments.sigma_cli.as_deref() == Some(Path::new("none")) {
        return Ok(None);
    }
    let program = arguments.sigma_cli.as_deref().unwrap_or(Path::new("sigma"));
    let found = SigmaCli::find(program);
    match &found {
        Some(found) if !found.names().is_empty() => {
            output::note(&format!("queries of other platforms: {}", found.names().join(", ")));
        }
        Some(_) => output::note("no queries of other platforms: sigma-cli has none of the backends"),
        None if arguments.sigma_cli.is_some() => bail!("`{}` is not sigma-cli", program.display()),
        None => output::note("no queries of other platforms: sigma-cli is not installed"),
    }
    Ok(found)
}

/// The Sigma rules of a detection, or why Sigma cannot say it.
fn sigma_rules(detection: &Detection) -> Result<Vec<RuleFile>, String> {
    let exported = sigma::export(detection, ExportOptions::default());
    exported.map(|it| it.files).map_err(|refusals| refusals.first().map_or_else(String::new, |it| it.message.clone()))
}

/// Converts the rules of all entries, on all cores: each conversion is a process of its own.
fn convert(sigma_cli: &SigmaCli, folder: &Path, entries: &mut [Entry<'_>]) {
    let bar = progress::bar(Some(entries.len() as u64));
    let converted = page_tests::on_all_cores(entries, |entry| {
        let files: Vec<_> = entry.sigma.iter().flatten().map(|it| folder.join("sigma").join(&it.name)).collect();
        let is_windows = entry.detection.platforms.iter().any(|it| it == "windows");
        let queries = if files.is_empty() { Vec::new() } else { sigma_cli.convert(&files, is_windows) };
        bar.inc(1);
        queries
    });
    entries.iter_mut().zip(converted).for_each(|(entry, queries)| entry.platforms = queries);
    bar.finish_and_clear();
}
