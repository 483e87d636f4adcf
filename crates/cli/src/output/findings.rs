//! What a scan found, ready to be written in any format.

use std::sync::Arc;

use engine::{EventJson, Match, Reason, Why, text_of};
use ingest::Event;
use pack::{Confidence, Detection, Level, Score, Status};
use serde::Serialize;
use serde_json::{Map, Value};

use super::time::rfc3339;
use super::why::{self, Explained};

/// All matches of a scan, by detection.
pub(crate) struct Findings {
    /// Detections with at least one match: the most severe first, then by id.
    pub(crate) groups: Vec<Group>,
    /// The lines of the summary: name, value.
    pub(crate) summary: Vec<(String, String)>,
}

/// The matches of one detection.
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) status: Status,
    pub(crate) severity: Level,
    pub(crate) confidence: Confidence,
    pub(crate) techniques: Vec<String>,
    /// The earliest matches, in the order of time.
    pub(crate) findings: Vec<Finding>,
    /// The number of all matches.
    pub(crate) count: usize,
    /// The number of matches that exclusions removed, where these are wanted.
    pub(crate) excluded: usize,
}

/// One match.
pub(crate) struct Finding {
    /// The exclusion that removed it.
    pub(crate) excluded_by: Option<String>,
    /// 0-100.
    pub(crate) score: Option<f64>,
    pub(crate) time_ms: Option<i64>,
    /// RFC 3339.
    pub(crate) time: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) user: Option<String>,
    /// The SELECT list: name, value.
    pub(crate) columns: Vec<(String, Value)>,
    /// File and record; none for a row of an aggregation.
    pub(crate) source: Option<(String, u64)>,
    /// All fields and properties; none for a row of an aggregation.
    pub(crate) event: Option<Arc<Event>>,
    /// The kind of event: channel and event id, or what stands for them.
    pub(crate) class: Option<String>,
    /// Why it matched, when it is asked for; none for a row of an aggregation.
    pub(crate) why: Option<Why>,
    /// The values that decided, beside the kind of event; only of a match that is shown to people.
    pub(crate) decisive: Vec<Decisive>,
    /// The whole answer, where that is wanted.
    pub(crate) explained: Option<Explained>,
}

/// Makes the whole answer why an event matched.
pub(crate) type Explain<'a> = &'a dyn Fn(&Why) -> Option<Explained>;

/// The fields that say what kind of event it is.
const CLASS_FIELDS: [&str; 3] = ["qideventcategory", "Event ID", "devicetype"];

/// A value that a pattern of the query hit.
pub(crate) struct Decisive {
    pub(crate) field: String,
    pub(crate) value: String,
    /// Start and end of the bytes of the value that were hit; sorted, apart from each other.
    pub(crate) hits: Vec<(usize, usize)>,
}

impl Findings {
    /// The number of all matches.
    pub(crate) fn count(&self) -> usize {
        self.groups.iter().map(|it| it.count).sum()
    }
}

/// A match as one JSON object; the shape is stable. What an exclusion removed has the further member `excluded_by`; what
/// is explained has `why`.
#[derive(Serialize)]
pub(crate) struct FindingJson<'a> {
    detection: &'a str,
    title: &'a str,
    status: &'a str,
    techniques: &'a [String],
    severity: &'a str,
    confidence: &'a str,
    score: Option<f64>,
    time: Option<&'a str>,
    host: Option<&'a str>,
    user: Option<&'a str>,
    columns: Map<String, Value>,
    source: Option<SourceJson<'a>>,
    event: Option<EventJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<Value>,
}

#[derive(Serialize)]
struct SourceJson<'a> {
    file: &'a str,
    record: u64,
}

impl<'a> FindingJson<'a> {
    /// Of a match of the detection of a group.
    pub(crate) fn new(group: &'a Group, finding: &'a Finding) -> Self {
        Self {
            detection: &group.id,
            title: &group.title,
            status: group.status.name(),
            techniques: &group.techniques,
            severity: group.severity.name(),
            confidence: group.confidence.name(),
            score: finding.score,
            time: finding.time.as_deref(),
            host: finding.host.as_deref(),
            user: finding.user.as_deref(),
            columns: finding.columns.iter().cloned().collect(),
            source: finding.source.as_ref().map(|(file, record)| SourceJson { file, record: *record }),
            event: finding.event.as_deref().map(EventJson),
            excluded_by: finding.excluded_by.as_deref(),
            why: finding.explained.as_ref().map(why::json),
        }
    }
}

/// The most matches that are kept of all detections together, unless all are wanted. When there are more, half as many
/// are kept of each detection.
const HELD_MAX: usize = 50_000;

/// Matches as they are collected for people: of each detection the earliest ones, so that memory is bounded whatever
/// matches. All are counted.
pub(crate) struct Collection {
    groups: Vec<Group>,
    /// The most matches that are kept of a detection; without end where all are wanted.
    kept_max: usize,
    /// The matches that are kept.
    held: usize,
    keep_events: bool,
}

impl Collection {
    /// An empty collection.
    pub(crate) fn new(detections: &[Detection], kept_max: usize, keep_events: bool) -> Self {
        Self { groups: detections.iter().map(Group::of).collect(), kept_max, held: 0, keep_events }
    }

    /// Adds a match.
    pub(crate) fn push(&mut self, detection: usize, mut finding: Finding) {
        let group = &mut self.groups[detection];
        if !self.keep_events {
            finding.event = None;
        }
        *(if finding.excluded_by.is_none() { &mut group.count } else { &mut group.excluded }) += 1;
        group.findings.push(finding);
        self.held += 1;
        if group.findings.len() >= self.kept_max.saturating_mul(2) {
            self.held -= group.keep_earliest(self.kept_max);
        }
        while self.held > HELD_MAX && (2..usize::MAX).contains(&self.kept_max) {
            self.kept_max /= 2;
            let dropped: usize = self.groups.iter_mut().map(|it| it.keep_earliest(self.kept_max)).sum();
            self.held -= dropped;
        }
    }

    /// The groups with a match: the most severe detection first, then by id; within a group by time and place.
    /// `explain` is given the position of the detection.
    pub(crate) fn finish(mut self, explain: &dyn Fn(usize, &Why) -> Option<Explained>) -> Vec<Group> {
        for (detection, group) in self.groups.iter_mut().enumerate() {
            group.keep_earliest(self.kept_max);
            for finding in &mut group.findings {
                finding.decide(&|it| explain(detection, it));
            }
        }
        self.groups.retain(|it| it.count + it.excluded > 0);
        self.groups.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.id.cmp(&b.id)));
        self.groups
    }
}

impl Group {
    /// A group without matches.
    pub(crate) fn of(detection: &Detection) -> Self {
        Self {
            id: detection.id.clone(),
            title: detection.title.clone(),
            description: detection.description.clone(),
            status: detection.status,
            severity: detection.severity,
            confidence: detection.confidence,
            techniques: detection.techniques.clone(),
            findings: Vec::new(),
            count: 0,
            excluded: 0,
        }
    }

    /// Keeps the earliest matches; how many it drops.
    fn keep_earliest(&mut self, kept_max: usize) -> usize {
        let count = self.findings.len();
        self.findings.sort_by(|a, b| (a.time_ms, &a.source).cmp(&(b.time_ms, &b.source)));
        self.findings.truncate(kept_max);
        count - self.findings.len()
    }
}

impl Finding {
    /// A match of this detection.
    pub(crate) fn of(detection: &Detection, found: Match, excluded_by: Option<&str>) -> Self {
        let score = match &detection.score {
            Score::Constant(score) => Some(*score),
            Score::Column(_) => found.score.map(|it| it.clamp(0.0, 100.0)),
        };
        Self {
            excluded_by: excluded_by.map(str::to_owned),
            score,
            time_ms: found.time,
            time: found.time.map(rfc3339),
            host: found.host.map(|it| it.to_string()),
            user: found.user.map(|it| it.to_string()),
            columns: found.columns.into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
            source: found.locator.map(|it| (it.file.to_string(), it.record)),
            class: found.event.as_deref().and_then(class),
            event: found.event,
            why: found.why,
            decisive: Vec::new(),
            explained: None,
        }
    }
}

impl Finding {
    /// Works out why it matched, in whole where that is wanted.
    pub(crate) fn explain(&mut self, explain: Explain<'_>) {
        self.explained = self.why.as_ref().and_then(explain);
    }

    /// Works out which values decided, too.
    fn decide(&mut self, explain: Explain<'_>) {
        self.explain(explain);
        let reasons = match (&self.explained, &self.why) {
            (Some(explained), _) => explained.explanation.reasons(),
            (None, Some(why)) => why.reasons(),
            (None, None) => Vec::new(),
        };
        self.decisive = decisive(&reasons);
    }
}

fn class(event: &Event) -> Option<String> {
    let parts: Vec<&str> = CLASS_FIELDS[..2].iter().filter_map(|it| text_of(event, it)).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The values that were hit, each once, with all its hits.
fn decisive(reasons: &[Reason]) -> Vec<Decisive> {
    let mut values: Vec<Decisive> = Vec::new();
    for reason in reasons {
        let is_class = CLASS_FIELDS.contains(&&*reason.field);
        let Some((start, end)) = reason.hit.filter(|(start, end)| !is_class && start < end) else { continue };
        let same = values.iter_mut().find(|it| *it.field == *reason.field && it.value == reason.value);
        match same {
            Some(value) => value.hits.push((start, end)),
            None => values.push(Decisive {
                field: reason.field.to_string(),
                value: reason.value.clone(),
                hits: vec![(start, end)],
            }),
        }
    }
    for value in &mut values {
        value.hits.sort_unstable();
        value.hits.dedup_by(|later, earlier| {
            let overlaps = later.0 <= earlier.1;
            if overlaps {
                earlier.1 = earlier.1.max(later.1);
            }
            overlaps
        });
    }
    values
}
