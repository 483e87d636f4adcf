//! Which exclusions a verb applies: those of tuning files, and the built-in ones of chosen products.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use engine::explain::{Explainer, Truth};
use engine::{EventSource, FileSource, ReadSettings, ScanSummary, Subject, Why};
use ingest::Event;
use pack::Detection;
use pack::tuning::{Exclusion, read_tuning};

use crate::output::count_matches;
use crate::output::why::{ExclusionHit, Explained};
use crate::{commands, output, session};

/// Which exclusions.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Tuning")]
pub(crate) struct TuningArguments {
    /// A folder of tuning files, or one: what not to say in this environment (see docs/tuning.md). May be repeated.
    #[arg(long, value_name = "DIR")]
    tuning: Vec<PathBuf>,
    /// Apply the exclusions of these products, such as `sccm,pdq`; `prospero tuning` lists them.
    #[arg(long, value_name = "PRODUCT", value_delimiter = ',')]
    exclude: Vec<String>,
    /// The day on which an exclusion must not be expired [default: today].
    #[arg(long, value_name = "DATE", value_parser = day)]
    tuning_date: Option<String>,
}

/// A day, from the command line.
pub(crate) fn day(text: &str) -> Result<String, String> {
    let date: jiff::civil::Date = text.parse().map_err(|_| "write a day as `2026-11-21`".to_owned())?;
    Ok(date.to_string())
}

/// Why an exclusion is or is not applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is applied.
    Applied,
    /// Its product was not chosen.
    NotChosen,
    /// Its file says `enabled = false`.
    Disabled,
    /// Its last day is over.
    Expired,
}

impl State {
    /// In words.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::NotChosen => "not chosen",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
        }
    }
}

/// All exclusions that were read.
pub(crate) struct Tuning {
    /// Each with its state, the built-in ones first.
    pub(crate) all: Vec<(Exclusion, State)>,
    /// Files in which something is wrong; it was said what.
    pub(crate) wrong: usize,
}

impl TuningArguments {
    /// Reads the files, and the built-in ones when a product is chosen. What is wrong is named on standard error and left
    /// out.
    pub(crate) fn load(&self, options: &pack::Options) -> Result<Tuning> {
        self.read(!self.exclude.is_empty(), options)
    }

    /// Reads the files and all built-in ones.
    pub(crate) fn load_all(&self, options: &pack::Options) -> Result<Tuning> {
        self.read(true, options)
    }

    fn read(&self, with_builtin: bool, options: &pack::Options) -> Result<Tuning> {
        let builtin = if with_builtin { pack::builtin_tuning() } else { &[] };
        let builtin = builtin.iter().map(|(name, text)| (format!("built-in {name}"), (*text).to_owned()));
        let mut files: Vec<(String, String)> = builtin.collect();
        let mut paths = Vec::new();
        for path in &self.tuning {
            commands::collect_files(path, &|it| it.extension().is_some_and(|it| it == "toml"), &mut paths)?;
        }
        for path in paths {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            files.push((path.display().to_string(), text));
        }
        let (mut exclusions, mut wrong) = (Vec::new(), 0);
        for (file, text) in files {
            let (of_file, diagnostics) = read_tuning(&file, &text, options);
            if !diagnostics.is_empty() {
                let colour = output::colour(&std::io::stderr());
                output::note(syntax::render(&diagnostics, &file, &text, colour).trim_end());
            }
            wrong += usize::from(diagnostics.iter().any(syntax::Diagnostic::is_error));
            exclusions.extend(of_file);
        }
        let mut ids = BTreeSet::new();
        if let Some(twice) = exclusions.iter().find(|it| !ids.insert(it.id.as_str())) {
            bail!("the id `{}` of an exclusion in `{}` stands elsewhere too", twice.id, twice.file);
        }
        self.check_products(&exclusions)?;
        let today = self.today();
        let all = exclusions.into_iter().map(|it| {
            let state = self.state(&it, &today);
            (it, state)
        });
        Ok(Tuning { all: all.collect(), wrong })
    }

    fn check_products(&self, exclusions: &[Exclusion]) -> Result<()> {
        let products: BTreeSet<&str> = exclusions.iter().filter_map(|it| it.product.as_deref()).collect();
        let Some(product) = self.exclude.iter().find(|it| !products.contains(it.as_str())) else { return Ok(()) };
        if let Some(near) = syntax::suggest(product, products.iter().copied()) {
            bail!("no exclusions of a product `{product}`; did you mean `{near}`?");
        }
        let known: Vec<_> = products.into_iter().collect();
        bail!("no exclusions of a product `{product}`; there are {}", known.join(", "))
    }

    fn state(&self, exclusion: &Exclusion, today: &str) -> State {
        if !exclusion.enabled {
            State::Disabled
        } else if exclusion.product.as_ref().is_some_and(|it| !self.exclude.contains(it)) {
            State::NotChosen
        } else if exclusion.is_expired(today) {
            State::Expired
        } else {
            State::Applied
        }
    }

    fn today(&self) -> String {
        self.tuning_date.clone().unwrap_or_else(|| day_from_now(0))
    }
}

/// The day so many days after that of the clock, in UTC.
pub(crate) fn day_from_now(days: i64) -> String {
    let now = jiff::Timestamp::from_millisecond(session::now() + days * 24 * 60 * 60 * 1000).unwrap_or_default();
    now.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

impl Tuning {
    /// Says which exclusions are expired, so that nobody relies on them.
    pub(crate) fn report_expired(&self) {
        for (it, _) in self.all.iter().filter(|(_, state)| *state == State::Expired) {
            let day = it.expires.as_deref().unwrap_or_default();
            output::note(&format!(
                "{}: exclusion `{}` of {} expired after {day} and is not applied",
                it.file, it.id, it.owner
            ));
        }
    }

    /// Puts onto each subject the exclusions of its detection.
    pub(crate) fn apply(&self, detections: &[Detection], subjects: &mut [Subject]) -> Applied {
        let applied = || self.all.iter().filter(|(_, state)| *state == State::Applied).map(|(it, _)| it);
        let ids: Vec<String> = applied().map(|it| it.id.clone()).collect();
        let mut of = Vec::with_capacity(detections.len());
        for (detection, subject) in detections.iter().zip(subjects) {
            let covering = applied().enumerate().filter(|(_, it)| it.covers(detection));
            let (positions, filters): (Vec<_>, Vec<_>) =
                covering.map(|(position, it)| (position, Arc::clone(&it.bound))).unzip();
            subject.exclusions = filters;
            of.push(positions);
        }
        Applied { ids, of }
    }
}

/// Says why an event matched, and which of all exclusions are about it.
pub(crate) struct Reasons {
    exclusions: Vec<(Exclusion, State, Explainer)>,
    /// For each detection the positions of its exclusions.
    of: Vec<Vec<usize>>,
}

impl Reasons {
    /// With all exclusions that were read. Sub-selects in them are run over `source`.
    pub(crate) fn new(
        tuning: &Tuning,
        detections: &[Detection],
        source: &Arc<FileSource>,
        environment: &aql::Environment,
        read: &ReadSettings,
    ) -> Result<Self> {
        let events: Arc<dyn EventSource> = Arc::clone(source) as _;
        let mut exclusions = Vec::with_capacity(tuning.all.len());
        for (exclusion, state) in &tuning.all {
            let explainer = Explainer::new(&exclusion.bound, environment, &events, read)?;
            exclusions.push((exclusion.clone(), *state, explainer));
        }
        let of = detections.iter().map(|detection| {
            let covering = exclusions.iter().enumerate().filter(|(_, (it, ..))| it.covers(detection));
            covering.map(|(position, _)| position).collect()
        });
        Ok(Self { of: of.collect(), exclusions })
    }

    /// Why an event matched a detection. None where the query cannot be explained.
    pub(crate) fn explain(&self, detection: usize, why: &Why) -> Option<Explained> {
        let explanation = why.explanation().ok()?;
        Some(Explained { explanation, exclusions: self.exclusions(detection, why.event()) })
    }

    /// The exclusions of a detection that are true for an event.
    pub(crate) fn exclusions(&self, detection: usize, event: &Event) -> Vec<ExclusionHit> {
        let mut hits = Vec::new();
        for position in self.of.get(detection).into_iter().flatten() {
            let (exclusion, state, explainer) = &self.exclusions[*position];
            let Ok(explanation) = explainer.explain(event) else { continue };
            if explanation.truth() == Truth::True {
                let idle = match (state, &exclusion.product) {
                    (State::Applied, _) => None,
                    (State::NotChosen, Some(product)) => Some(format!("not applied without --exclude {product}")),
                    (state, _) => Some(state.name().to_owned()),
                };
                hits.push(ExclusionHit { id: exclusion.id.clone(), idle, explanation });
            }
        }
        hits
    }
}

/// The exclusions of a scan.
pub(crate) struct Applied {
    ids: Vec<String>,
    /// For each detection the positions of its exclusions in `ids`, in the order of [`Subject::exclusions`].
    of: Vec<Vec<usize>>,
}

impl Applied {
    /// Says which exclusions are about none of the detections: mostly for a misspelt id.
    pub(crate) fn report_unused(&self) {
        let unused = (0..self.ids.len()).filter(|it| !self.of.iter().any(|positions| positions.contains(it)));
        let unused: Vec<&str> = unused.map(|it| self.ids[it].as_str()).collect();
        if !unused.is_empty() {
            output::note(&format!("exclusions that are about none of these detections: {}", unused.join(", ")));
        }
    }

    /// The exclusion that removed a match.
    pub(crate) fn id(&self, detection: usize, exclusion: usize) -> &str {
        self.of.get(detection).and_then(|it| it.get(exclusion)).map_or("", |it| &self.ids[*it])
    }

    /// What the summary says: how many matches each removed.
    pub(crate) fn summary(&self, subjects: &[Subject], summary: &ScanSummary) -> Option<(String, String)> {
        // Matches, and events of detections that look at groups.
        let mut removed = vec![(0_u64, 0_u64); self.ids.len()];
        for ((positions, counts), subject) in self.of.iter().zip(&summary.excluded).zip(subjects) {
            for (position, count) in positions.iter().zip(counts) {
                let removed = &mut removed[*position];
                *(if subject.is_single() { &mut removed.0 } else { &mut removed.1 }) += count;
            }
        }
        if removed.is_empty() {
            return None;
        }
        let total: u64 = removed.iter().map(|it| it.0).sum();
        let mut text = count_matches(total);
        for (id, (matches, events)) in self.ids.iter().zip(removed) {
            let _ = write!(text, "\n{id}: {}", count_matches(matches));
            if events > 0 {
                let _ = write!(text, ", {} of detections that look at groups", output::count(events, "event"));
            }
        }
        Some(("excluded".to_owned(), text))
    }
}
