//! `prospero tune`: which detections are noisy, and what would quieten them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use engine::{EventSource, Exclude, Noisy, Subject, TuneOptions};
use pack::Detection;
use pack::tuning::{Proposal, write_tuning};
use serde_json::{Value, json};

use super::Outcome;
use crate::arguments::InputArguments;
use crate::detections::{DetectionArguments, Loaded};
use crate::output::{self, CatalogueFormat, count_matches, time};
use crate::page_tests;
use crate::session::{self, Progress};
use crate::tuning::{Tuning, TuningArguments, day, day_from_now};

/// How long a proposal holds when nothing else is said, in days.
const DAYS: i64 = 90;

/// What `tune` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero tune logs/
  prospero tune logs/ -o our-tuning/proposed.toml --owner \"Ann, backup team\" --expires 2027-06-30
  prospero tune logs/ --tuning our-tuning/ --exclude sccm --at-least 50 --format json

Each exclusion has at most three predicates, rests on the path of a program, never on a name or a user alone, and leaves
every attack and evasion test of its page in sight. The numbers are those of a scan with the proposals applied.
They are proposals for you to judge: what is frequent is not harmless, and an attack that ran a hundred times is frequent.
Without --owner they are written with `enabled = false`: put in a name and a reason for each that you take.
Exit codes: 0 done; 2 could not do it, or not all of it; 130 ended by Ctrl-C.")]
pub(crate) struct Arguments {
    /// Files, folders, archives; `-` is not possible here, for the logs are read twice.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    detections: DetectionArguments,
    #[command(flatten)]
    tuning: TuningArguments,
    #[command(flatten)]
    input: InputArguments,
    /// The least number of matches at which a detection is noisy.
    #[arg(long, value_name = "N", default_value_t = 10)]
    at_least: u64,
    /// How to print the proposals.
    #[arg(long, value_enum, default_value_t = CatalogueFormat::Table, help_heading = "Output")]
    format: CatalogueFormat,
    /// Write the proposals as a tuning file too.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
    /// Who answers for the exclusions in the file; they are then in use.
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    owner: Option<String>,
    /// The last day on which they hold [default: in 90 days].
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Output")]
    expires: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    if arguments.paths.iter().any(|it| it.as_os_str() == "-") {
        anyhow::bail!("standard input can be read only once, and tuning reads the logs twice: save it to a file");
    }
    let mut options = arguments.input.compile_sources(aql::Escapes::Strict).options()?;
    let Loaded { detections, left_out } = arguments.detections.load(&options)?;
    let tuning = arguments.tuning.load(&options)?;
    tuning.report_expired();
    let mut subjects: Vec<_> = detections.iter().map(Subject::of).collect();
    tuning.apply(&detections, &mut subjects).report_unused();
    let source = arguments.input.source(&arguments.paths)?;
    let scan = arguments.input.scan_options();
    options.environment.log_sources = source.log_sources();
    let user_properties = arguments.input.user_properties()?;
    let progress = Progress::follow(&source, &scan.read);
    let events: Arc<dyn EventSource> = Arc::clone(&source) as _;
    let tests = |detection: &Detection| page_tests::read(detection, &user_properties);
    let tune_options = TuneOptions { scan, matches_min: arguments.at_least };
    let (noisy, summary) = engine::tune(&detections, &subjects, &tests, &options.environment, &events, &tune_options)?;
    drop(progress);
    session::report_damage(&summary.statistics);
    for (detection, message) in summary.failures.iter().filter(|(it, _)| **it < detections.len()) {
        output::note(&format!("{}: not evaluated: {message}", detections[*detection].id));
    }
    match arguments.format {
        CatalogueFormat::Json => {
            output::write_json(&noisy.iter().map(|it| to_json(it, &detections, &tuning)).collect::<Vec<_>>())?;
        }
        CatalogueFormat::Table => output::write_all(text(&noisy, &detections).as_bytes())?,
    }
    if let Some(path) = &arguments.output {
        let mut file = output::open(Some(path))?;
        file.write_all(tuning_file(arguments, &noisy, &detections, &tuning).as_bytes())?;
        file.flush()?;
    }
    output::note(&conclusion(arguments, &noisy, &summary));
    if summary.statistics.cancelled {
        return Ok(Outcome::Interrupted);
    }
    let incomplete = left_out > 0 || tuning.wrong > 0 || !summary.failures.is_empty();
    Ok(if incomplete { Outcome::NotUnderstood } else { Outcome::Done })
}

fn text(noisy: &[Noisy], detections: &[Detection]) -> String {
    let mut text = String::new();
    for it in noisy {
        let detection = &detections[it.detection];
        let (count, left) = (count_matches(it.matches), count_matches(it.remaining));
        let _ = writeln!(text, "{} {}  {count}\n  {}", detection.severity, detection.title, detection.id);
        for (number, proposal) in (1..).zip(&it.proposals) {
            let _ = writeln!(text, "  {number}. removes {}:  {}", removed(proposal, it.by_event), proposal.filter);
            if proposal.is_weak {
                text.push_str("     rests on a path that says little by itself: look twice\n");
            }
            for example in &proposal.examples {
                let _ = writeln!(text, "     such as {}", example_text(example));
            }
        }
        if it.by_event && it.matches > it.observed {
            let _ = writeln!(text, "  only the first {} matches were looked into", it.observed);
        }
        let _ = match it.proposals.len() {
            0 if it.refused > 0 => writeln!(
                text,
                "  no proposal: each of {} candidates would have hidden an attack of the page's tests\n",
                it.refused
            ),
            0 => writeln!(
                text,
                "  no proposal: the matches share no path that an exclusion may rest on; one that users may write to is none\n"
            ),
            _ => writeln!(text, "  {left} would remain\n"),
        };
    }
    text
}

fn removed(proposal: &Exclude, by_event: bool) -> String {
    if by_event { count_matches(proposal.removed) } else { output::count(proposal.removed, "event") }
}

fn example_text(example: &engine::Example) -> String {
    let time = example.time.map_or_else(|| "-".to_owned(), time::rfc3339);
    let place = example.locator.as_ref().map(|it| format!("{}:{}", it.file, it.record)).unwrap_or_default();
    let [host, user] = [&example.host, &example.user].map(|it| it.as_deref().unwrap_or("-"));
    format!("{time}  {host}  {user}  {place}")
}

fn to_json(noisy: &Noisy, detections: &[Detection], tuning: &Tuning) -> Value {
    let detection = &detections[noisy.detection];
    let ids = ids(detection, noisy.proposals.len(), tuning);
    let proposals = noisy.proposals.iter().zip(ids).map(|(it, id)| {
        let examples = it.examples.iter().map(|it| {
            json!({
                "time": it.time.map(time::rfc3339),
                "host": it.host,
                "user": it.user,
                "source": it.locator.as_ref().map(|it| json!({ "file": *it.file, "record": it.record })),
            })
        });
        json!({
            "id": id,
            "filter": it.filter,
            "removed": it.removed,
            "rests_on_weak_path": it.is_weak,
            "examples": examples.collect::<Vec<_>>(),
        })
    });
    json!({
        "detection": detection.id,
        "title": detection.title,
        "severity": detection.severity.name(),
        "matches": noisy.matches,
        "remaining": noisy.remaining,
        "observed": noisy.observed,
        "proposals": proposals.collect::<Vec<_>>(),
        "refused_by_tests": noisy.refused,
    })
}

/// The names of the proposals of a detection; none that an exclusion has already.
fn ids(detection: &Detection, count: usize, tuning: &Tuning) -> Vec<String> {
    let names = (1..).map(|number: usize| format!("tune-{}-{number}", detection.id));
    names.filter(|id| !tuning.all.iter().any(|(it, _)| it.id == *id)).take(count).collect()
}

/// The tuning file.
fn tuning_file(arguments: &Arguments, noisy: &[Noisy], detections: &[Detection], tuning: &Tuning) -> String {
    let expires = arguments.expires.clone().unwrap_or_else(|| day_from_now(DAYS));
    let owner = arguments.owner.clone();
    let mut proposals = Vec::new();
    for it in noisy {
        let detection = &detections[it.detection];
        let ids = ids(detection, it.proposals.len(), tuning);
        for (id, proposal) in ids.into_iter().zip(&it.proposals) {
            proposals.push(Proposal {
                id,
                detection: detection.id.clone(),
                owner: owner.clone().unwrap_or_else(|| "nobody yet".to_owned()),
                reason: format!(
                    "proposed by `prospero tune`: it removed {} there. To be judged: write here why this is no attack",
                    removed(proposal, it.by_event)
                ),
                expires: expires.clone(),
                enabled: owner.is_some(),
                filter: proposal.filter.clone(),
            });
        }
    }
    let introduction = "Proposals of `prospero tune`. Judge each: what is frequent is not harmless.\n\
        Of those that you take fill in `owner`, `reason` and `expires`, and remove `enabled = false`; remove the others.\n\
        See docs/tuning.md.";
    write_tuning(introduction, &proposals)
}

fn conclusion(arguments: &Arguments, noisy: &[Noisy], summary: &engine::ScanSummary) -> String {
    let proposals: usize = noisy.iter().map(|it| it.proposals.len()).sum();
    let mut text = format!(
        "{} with {} matches or more on {}; {} to judge",
        output::count(noisy.len() as u64, "detection"),
        arguments.at_least,
        output::count(summary.statistics.events, "event"),
        output::count(proposals as u64, "proposal"),
    );
    if let Some(path) = &arguments.output {
        let _ = write!(text, ", written to `{}`", path.display());
        if arguments.owner.is_none() && proposals > 0 {
            text.push_str(" with `enabled = false`: name an owner in the file, or with --owner");
        }
    }
    text
}
