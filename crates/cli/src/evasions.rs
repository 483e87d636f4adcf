//! How pages stand up to evasion: what their queries make of their own attacks, rewritten.

use std::sync::Arc;

use anyhow::{Result, anyhow};
use engine::{Evade, Evasion, NearTest, Subject};
use evade::Transformation;
use ingest::UserProperties;
use pack::Detection;

use crate::session::CompileSources;
use crate::{page_files, page_tests};

/// What the query of a page made of its rewritten attacks.
#[derive(Debug)]
pub struct PageEvasions {
    /// How many variants there are.
    pub made: usize,
    /// Those that the query does not match.
    pub escapes: Vec<Escape>,
    /// Why there are none, where the page's tests cannot be read or run.
    pub failure: Option<String>,
}

/// A variant that the page's query does not match.
#[derive(Debug)]
pub struct Escape {
    /// What was done.
    pub evasion: Evasion,
    /// The other pages that match it, by their ids.
    pub also: Vec<String>,
    /// The tests of the query that it fails, where that was asked for.
    pub missed: Vec<NearTest>,
}

impl PageEvasions {
    /// How many variants the query matches.
    pub fn caught(&self) -> usize {
        self.made - self.escapes.len()
    }

    /// The share of variants that the query matches, 0-1; nothing where no transformation applies.
    pub fn score(&self) -> Option<f64> {
        (self.made > 0).then(|| self.caught() as f64 / self.made as f64)
    }

    /// The escapes that no other page matches either.
    pub fn unseen(&self) -> usize {
        self.escapes.iter().filter(|it| it.also.is_empty()).count()
    }
}

/// Rewrites the attacks of pages; `others` are the pages that may match what escapes.
pub(crate) fn of(detections: &[Detection], evade: &Evade, others: &[Detection]) -> Result<Vec<PageEvasions>> {
    let mut pages = page_tests::on_all_cores(detections, |detection| {
        match evade.page(detection, &|name| page_tests::beside(&detection.file, name)) {
            Ok(evasions) => {
                let made = evasions.len();
                let escapes = evasions.into_iter().filter(|it| !it.caught);
                let escapes = escapes.map(|evasion| Escape { evasion, also: Vec::new(), missed: Vec::new() }).collect();
                PageEvasions { made, escapes, failure: None }
            }
            Err(reason) => PageEvasions { made: 0, escapes: Vec::new(), failure: Some(reason) },
        }
    });
    find_elsewhere(&mut pages, detections, evade, others)?;
    Ok(pages)
}

/// Says of each escape which tests of the query it fails.
pub(crate) fn explain(pages: &mut [PageEvasions], detections: &[Detection], evade: &Evade) {
    let escapes = pages.iter_mut().zip(detections);
    let mut escapes: Vec<_> =
        escapes.flat_map(|(page, it)| page.escapes.iter_mut().map(move |escape| (escape, it))).collect();
    let missed = page_tests::on_all_cores(&escapes, |(escape, detection)| evade.missed(detection, &escape.evasion));
    for ((escape, _), missed) in escapes.iter_mut().zip(missed) {
        escape.missed = missed;
    }
}

/// Notes which other pages match what escapes, in one scan.
fn find_elsewhere(
    pages: &mut [PageEvasions],
    detections: &[Detection],
    evade: &Evade,
    others: &[Detection],
) -> Result<()> {
    let subjects: Vec<_> = others.iter().map(Subject::of).collect();
    let escapes: Vec<&Evasion> = pages.iter().flat_map(|it| &it.escapes).map(|it| &it.evasion).collect();
    if escapes.is_empty() {
        return Ok(());
    }
    let mut matching = evade.matching(&subjects, &escapes).map_err(|reason| anyhow!(reason))?.into_iter();
    for (page, detection) in pages.iter_mut().zip(detections) {
        for escape in &mut page.escapes {
            let found = matching.next().unwrap_or_default();
            let ids = found.into_iter().map(|it| &others[it].id).filter(|it| **it != detection.id);
            escape.also = ids.cloned().collect();
        }
    }
    Ok(())
}

/// The built-in pages, by their ids.
pub(crate) fn builtin_detections(options: &pack::Options) -> Vec<Detection> {
    let pages = page_files::builtin();
    let mut detections = page_tests::on_all_cores(&pages, |page| {
        let text = std::str::from_utf8(&page.bytes).ok()?;
        pack::read_page(&page.name, text, options).0
    });
    detections.sort_by(|one, other| one.as_ref().map(|it| &it.id).cmp(&other.as_ref().map(|it| &it.id)));
    detections.into_iter().flatten().collect()
}

/// The built-in pages and how they stand up to all transformations, for the reference page.
pub fn of_builtin_pages() -> Result<Vec<(Detection, PageEvasions)>> {
    let options = CompileSources::default().options()?;
    let detections = builtin_detections(&options);
    let evade = Evade::new(evade::TRANSFORMATIONS.to_vec(), &options.environment, &Arc::<UserProperties>::default());
    let pages = of(&detections, &evade, &detections)?;
    Ok(detections.into_iter().zip(pages).collect())
}

/// The transformations of these names; all when there is none.
pub(crate) fn transformations(names: &[String]) -> Result<Vec<&'static Transformation>> {
    if names.is_empty() {
        return Ok(evade::TRANSFORMATIONS.to_vec());
    }
    let known = || evade::TRANSFORMATIONS.iter().map(|it| it.name);
    let find = |name: &String| {
        evade::TRANSFORMATIONS.iter().copied().find(|it| it.name == name).ok_or_else(|| {
            let near = syntax::suggest(name, known()).map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
            anyhow!("no transformation `{name}`{near} (see `prospero evade --list`)")
        })
    };
    names.iter().map(find).collect()
}
