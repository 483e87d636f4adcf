//! `check --data` and `check --cost`: what logs allow the detections that are checked, and what these cost.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use engine::{Branches, FillRate, Firing, ReadSettings, ScanOptions, ScanSummary};
use ingest::UserProperties;

use super::{Checker, Kind, Subject};
use crate::{interrupt, output, session, sigma_rules};

/// A query of a text that is checked.
pub(crate) struct Asked {
    /// The id of a page or rule, else the name of the text.
    pub(crate) name: String,
    /// The text of the query, in which spans are.
    pub(crate) text: String,
    /// The query as it stands there.
    pub(crate) query: Arc<aql::bound::Query>,
    /// What is scanned for; its matches tell their branch.
    pub(crate) subject: engine::Subject,
    /// Its branches.
    pub(crate) branches: Branches,
}

/// What logs allow the detections.
pub(crate) struct Allowed {
    /// Matches of each detection and of each of its branches.
    pub(crate) fired: Vec<(u64, Vec<u64>)>,
    /// What the logs allow each detection.
    pub(crate) firing: Vec<Firing>,
    /// How far the fields are filled.
    pub(crate) rates: Vec<FillRate>,
    /// What was read.
    pub(crate) summary: ScanSummary,
}

impl Asked {
    fn new(name: String, text: &str, subject: &engine::Subject) -> Self {
        let query = Arc::clone(&subject.query);
        let (branches, subject) = Branches::of(subject, text);
        Self { name, text: text.to_owned(), query, subject, branches }
    }
}

/// The queries of the texts, in their order. Texts with an error are named on standard error and left out; how many.
pub(crate) fn asked(checker: &Checker, subjects: &[Subject]) -> Result<(Vec<Asked>, usize)> {
    let (mut asked, mut left_out) = (Vec::new(), 0);
    let mut rules = Vec::new();
    for subject in subjects {
        let options = aql::Options { escapes: subject.escapes, ..checker.options.clone() };
        let found = match subject.kind {
            Kind::Query => aql::compile(&subject.text, &options)
                .query
                .map(|query| Asked::new(subject.name.clone(), &subject.text, &engine::Subject::new(Arc::new(query)))),
            Kind::Page => pack::read_page(&subject.name, &subject.text, &checker.options).0.map(|it| of_detection(&it)),
            Kind::Rules => {
                rules.push((subject.name.as_str(), subject.text.as_str()));
                continue;
            }
            Kind::NotText => None,
        };
        if let Some(found) = found {
            asked.push(found);
        } else {
            output::note(&format!("{}: left out, since it has an error", subject.name));
            left_out += 1;
        }
    }
    if !rules.is_empty() {
        let options = sigma::Options::new(checker.options.clone());
        for imported in sigma_rules::import(&rules, &checker.placeholders, options)? {
            match imported.outcome {
                sigma::Outcome::Detection { detection, .. } => asked.push(of_detection(&detection)),
                sigma::Outcome::Refused => left_out += 1,
                _ => {}
            }
        }
    }
    if asked.is_empty() {
        bail!("none of the texts has a query without an error");
    }
    Ok((asked, left_out))
}

fn of_detection(detection: &pack::Detection) -> Asked {
    Asked::new(detection.id.clone(), &detection.query.text, &engine::Subject::of(detection))
}

/// Reads the logs once for all queries.
pub(crate) fn allowed(
    asked: &[Asked],
    logs: &[PathBuf],
    environment: &aql::Environment,
    properties: Option<&std::path::Path>,
) -> Result<Allowed> {
    let properties = Arc::new(UserProperties::new(session::user_properties(properties)?));
    let source = session::source(logs, None, properties)?;
    let read = ReadSettings { cancel: interrupt::flag(), keep_values: true, ..ReadSettings::default() };
    let options = ScanOptions { read, memory: engine::MEMORY_DEFAULT };
    let subjects: Vec<_> = asked.iter().map(|it| it.subject.clone()).collect();
    let mut fired: Vec<(u64, Vec<u64>)> = asked.iter().map(|it| (0, vec![0; it.branches.labels.len()])).collect();
    let summary = session::scan(&source, &subjects, environment, &options, &mut |mut found| {
        let asked = &asked[found.detection];
        let (matches, of_branches) = &mut fired[found.detection];
        *matches += 1;
        let branch =
            asked.branches.take(&mut found).and_then(|it| asked.branches.labels.iter().position(|label| *label == it));
        if let Some(count) = branch.and_then(|it| of_branches.get_mut(it)) {
            *count += 1;
        }
    })
    .context("the logs cannot be scanned")?;
    session::report_failures(&summary, |it| &asked[it].name);
    let branches: Vec<Branches> = asked.iter().map(|it| it.branches.clone()).collect();
    let firing = engine::firing(&subjects, &branches, &fired, &summary.facts);
    let rates = engine::fill_rates(&subjects, &summary.facts);
    Ok(Allowed { fired, firing, rates, summary })
}
