//! Precision and recall of the packs on labelled logs.
//!
//! Counted by record: an event that several detections match counts once, with the highest severity among them. A row
//! of a detection that looks at groups stands for no record; such rows are listed and not counted.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use pack::{Detection, Level};

use crate::detections::{self, Scan};

/// The usage.
pub(crate) const HELP: &str =
    "quality --labels FILE DIR measures the packs on labelled logs; --packs DIR, --recall 0.95, --precision 0.95";

/// The share of ATTACK records that must be matched.
const RECALL: f64 = 0.95;
/// The share of the labelled records matched at [`COUNTED_FROM`] or above that must be ATTACK or RELATED.
const PRECISION: f64 = 0.95;
/// The severity from which a match counts as a claim that something is wrong.
const COUNTED_FROM: Level = Level::Medium;

/// What a reader said of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Attack,
    Related,
    Benign,
}

/// A labelled record: its file, by the end of its path, and its number.
type Record = (String, u64);

/// A label and what else the table says of the record.
struct Labelled {
    label: Label,
    about: String,
}

/// What the command line says.
struct Arguments {
    labels: PathBuf,
    packs: Option<PathBuf>,
    recall: f64,
    precision: f64,
    paths: Vec<PathBuf>,
}

/// Measures; an error when a bar is not reached.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let arguments = parse(arguments)?;
    let labels = std::fs::read_to_string(&arguments.labels)
        .with_context(|| format!("cannot read {}", arguments.labels.display()))?;
    let labels = read_labels(&labels)?;
    let detections = detections::load(arguments.packs.as_deref())?;
    let scan = detections::scan(&detections, &arguments.paths)?;
    let measured = Measured::of(&labels, &detections, &scan);
    let text = measured.text(&labels, &detections, &scan);
    // Whoever closes the pipe has read enough.
    let _ = std::io::stdout().write_all(text.as_bytes());
    measured.check(&labels, arguments.recall, arguments.precision)
}

fn parse(arguments: &[String]) -> Result<Arguments> {
    let (mut labels, mut packs, mut recall, mut precision, mut paths) = (None, None, RECALL, PRECISION, Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--labels" => labels = Some(PathBuf::from(value()?)),
            "--packs" => packs = Some(PathBuf::from(value()?)),
            "--recall" => recall = share(value()?)?,
            "--precision" => precision = share(value()?)?,
            _ if word.starts_with('-') => bail!("unknown option {word}; usage: cargo xtask {HELP}"),
            _ => paths.push(PathBuf::from(word)),
        }
    }
    let labels = labels.with_context(|| format!("usage: cargo xtask {HELP}"))?;
    if paths.is_empty() {
        bail!("usage: cargo xtask {HELP}");
    }
    Ok(Arguments { labels, packs, recall, precision, paths })
}

fn share(text: &str) -> Result<f64> {
    let share: f64 = text.parse().with_context(|| format!("`{text}` is no number"))?;
    if !(0.0..=1.0).contains(&share) {
        bail!("`{text}` is not between 0 and 1");
    }
    Ok(share)
}

/// Reads the table: separated by tabs, its columns named by the first line; `label`, `file` and `record_id` are needed.
fn read_labels(text: &str) -> Result<BTreeMap<Record, Labelled>> {
    let mut lines = text.lines().enumerate();
    let (_, header) = lines.next().context("the table of labels is empty")?;
    let names: Vec<&str> = header.split('\t').collect();
    let column = |name: &str| names.iter().position(|it| *it == name);
    let needed = |name: &str| column(name).with_context(|| format!("the table of labels has no column `{name}`"));
    let (label, file, record) = (needed("label")?, needed("file")?, needed("record_id")?);
    let about: Vec<usize> = ["event_id", "note", "key_fields"].into_iter().filter_map(column).collect();
    let mut labels = BTreeMap::new();
    for (index, line) in lines.filter(|(_, it)| !it.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
        let label = match cell(label) {
            "ATTACK" => Label::Attack,
            "RELATED" => Label::Related,
            "BENIGN" => Label::Benign,
            other => bail!("line {}: `{other}` is no label; there are ATTACK, RELATED, BENIGN", index + 1),
        };
        let number = cell(record).parse().with_context(|| format!("line {}: no record number", index + 1))?;
        let about = about.iter().map(|it| cell(*it)).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("  ");
        labels.insert((cell(file).to_owned(), number), Labelled { label, about });
    }
    Ok(labels)
}

/// What a detection matched.
#[derive(Default)]
struct PageCounts {
    labelled: BTreeMap<Label, usize>,
    unlabelled: usize,
    rows: usize,
}

/// The measures of a scan.
#[derive(Default)]
struct Measured {
    /// The detections that matched each labelled record.
    hits: BTreeMap<Record, BTreeSet<usize>>,
    /// The highest severity among them.
    severity: HashMap<Record, Level>,
    pages: BTreeMap<usize, PageCounts>,
}

impl Measured {
    fn of(labels: &BTreeMap<Record, Labelled>, detections: &[Detection], scan: &Scan) -> Self {
        let mut measured = Self::default();
        for found in &scan.matches {
            let page = measured.pages.entry(found.detection).or_default();
            let Some(locator) = &found.locator else {
                page.rows += 1;
                continue;
            };
            let Some((record, labelled)) = labelled(labels, &locator.file, locator.record) else {
                page.unlabelled += 1;
                continue;
            };
            if measured.hits.entry(record.clone()).or_default().insert(found.detection) {
                *page.labelled.entry(labelled.label).or_default() += 1;
            }
            let severity = detections[found.detection].severity;
            let highest = measured.severity.entry(record.clone()).or_insert(severity);
            *highest = severity.max(*highest);
        }
        measured
    }

    /// Records with this label that were not matched, or were.
    fn attacks<'a>(
        &'a self,
        labels: &'a BTreeMap<Record, Labelled>,
        matched: bool,
    ) -> impl Iterator<Item = (&'a Record, &'a Labelled)> {
        let attacks = labels.iter().filter(|(_, it)| it.label == Label::Attack);
        attacks.filter(move |(record, _)| self.hits.contains_key(record) == matched)
    }

    /// The labelled records that count as claimed.
    fn claimed<'a>(&'a self, labels: &'a BTreeMap<Record, Labelled>) -> Vec<(&'a Record, &'a Labelled)> {
        let counted = |record: &Record| self.severity.get(record).is_some_and(|it| *it >= COUNTED_FROM);
        labels.iter().filter(|(record, _)| counted(record)).collect()
    }

    /// Files with an attack of which no attack was matched.
    fn silent_files<'a>(&'a self, labels: &'a BTreeMap<Record, Labelled>) -> BTreeSet<&'a str> {
        let files =
            |matched| self.attacks(labels, matched).map(|((file, _), _)| file.as_str()).collect::<BTreeSet<_>>();
        files(false).difference(&files(true)).copied().collect()
    }

    fn recall(&self, labels: &BTreeMap<Record, Labelled>) -> f64 {
        let (found, missed) = (self.attacks(labels, true).count(), self.attacks(labels, false).count());
        ratio(found, found + missed)
    }

    fn precision(&self, labels: &BTreeMap<Record, Labelled>) -> f64 {
        let claimed = self.claimed(labels);
        ratio(claimed.iter().filter(|(_, it)| it.label != Label::Benign).count(), claimed.len())
    }

    fn check(&self, labels: &BTreeMap<Record, Labelled>, recall: f64, precision: f64) -> Result<()> {
        let mut below = Vec::new();
        if self.recall(labels) < recall {
            below.push(format!("recall {:.4} is below {recall}", self.recall(labels)));
        }
        if self.precision(labels) < precision {
            below.push(format!("precision {:.4} is below {precision}", self.precision(labels)));
        }
        let silent = self.silent_files(labels);
        if !silent.is_empty() {
            below.push(format!("no attack is matched in {}", silent.into_iter().collect::<Vec<_>>().join(", ")));
        }
        if below.is_empty() { Ok(()) } else { bail!("{}", below.join("; ")) }
    }

    fn text(&self, labels: &BTreeMap<Record, Labelled>, detections: &[Detection], scan: &Scan) -> String {
        let mut text = self.summary(labels, detections, scan);
        text.push_str("\nattack  related  benign  unlabelled  rows  severity       page\n");
        for (detection, page) in detections.iter().enumerate().map(|(index, it)| (it, self.pages.get(&index))) {
            let none = PageCounts::default();
            let page = page.unwrap_or(&none);
            let count = |label| page.labelled.get(&label).copied().unwrap_or(0);
            let counts = [Label::Attack, Label::Related, Label::Benign].map(count);
            let [attack, related, benign] = counts;
            let (unlabelled, rows) = (page.unlabelled, page.rows);
            let (severity, id) = (detection.severity.name(), &detection.id);
            let _ = writeln!(
                text,
                "{attack:>6}  {related:>7}  {benign:>6}  {unlabelled:>10}  {rows:>4}  {severity:<13}  {id}"
            );
        }
        text.push('\n');
        for ((file, record), labelled) in self.attacks(labels, false) {
            let _ = writeln!(text, "missed  {file}:{record}  {}", shortened(&labelled.about));
        }
        for (record, labelled) in self.claimed(labels).iter().filter(|(_, it)| it.label == Label::Benign) {
            let pages = self.hits.get(*record).into_iter().flatten().map(|it| detections[*it].id.as_str());
            let pages = pages.collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "false   {}:{}  {pages}  {}", record.0, record.1, shortened(&labelled.about));
        }
        text
    }

    fn summary(&self, labels: &BTreeMap<Record, Labelled>, detections: &[Detection], scan: &Scan) -> String {
        let mut text = String::new();
        let (found, missed) = (self.attacks(labels, true).count(), self.attacks(labels, false).count());
        let claimed = self.claimed(labels);
        let right = claimed.iter().filter(|(_, it)| it.label != Label::Benign).count();
        let _ = writeln!(text, "{} detections, {} files, {} events", detections.len(), scan.files.len(), scan.events);
        let _ = writeln!(text, "recall     {:.4}  {found} of {} ATTACK records", self.recall(labels), found + missed);
        let _ = writeln!(
            text,
            "precision  {:.4}  {right} of {} labelled records matched at {COUNTED_FROM} or above are ATTACK or RELATED",
            self.precision(labels),
            claimed.len()
        );
        for file in self.silent_files(labels) {
            let _ = writeln!(text, "silent     {file}: none of its ATTACK records is matched");
        }
        let read = |name: &str| scan.files.iter().any(|it| ends_with(it, name));
        let absent: BTreeSet<&str> = labels.keys().map(|(file, _)| file.as_str()).filter(|it| !read(it)).collect();
        for file in absent {
            let _ = writeln!(text, "absent     {file}: labelled, but not among the files that were read");
        }
        text
    }
}

/// The label of a record of a file, which the table names by the end of its path.
fn labelled<'a>(labels: &'a BTreeMap<Record, Labelled>, file: &str, record: u64) -> Option<(&'a Record, &'a Labelled)> {
    let starts = file.match_indices(['/', '\\']).map(|(at, _)| at + 1);
    let mut names = starts.chain([0]).map(|it| &file[it..]).collect::<Vec<_>>();
    names.sort_by_key(|it| it.len());
    names.into_iter().find_map(|it| labels.get_key_value(&(it.to_owned(), record)))
}

fn ends_with(file: &str, name: &str) -> bool {
    Path::new(file).ends_with(Path::new(name))
}

/// None of none is all: there is nothing to be wrong about.
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Text of the table, short enough for a line.
fn shortened(text: &str) -> String {
    const CHARACTERS_MAX: usize = 200;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Labels for our own samples: a right match, a missed one, a false one, one that only informs.
    const LABELS: &str = "\
label\tfile\trecord_id\tnote
ATTACK\tws01-System.evtx\t5139\tinstalled in the Temp folder
ATTACK\tws01-Sysmon.evtx\t91594\ta connection, which no page matches
BENIGN\twindows/ws01-System.evtx\t5164\tin truth an attack: a false match
BENIGN\taudit.log\t665\tdaemon-reload
RELATED\tnowhere.evtx\t1\tnot among the files
";

    fn measured(labels: &BTreeMap<Record, Labelled>) -> (Measured, String) {
        let detections = detections::load(None).expect("the pages are good");
        let scan = detections::scan(&detections, &[crate::root().join("samples")]).expect("the samples are read");
        let measured = Measured::of(labels, &detections, &scan);
        let text = measured.text(labels, &detections, &scan);
        (measured, text)
    }

    #[test]
    fn what_is_missed_and_what_is_wrong_is_counted_and_said() {
        let labels = read_labels(LABELS).expect("the table is good");
        let (measured, text) = measured(&labels);
        assert!((measured.recall(&labels) - 0.5).abs() < 1e-9, "{text}");
        assert!((measured.precision(&labels) - 0.5).abs() < 1e-9, "{text}");
        let error = measured.check(&labels, 0.95, 0.95).expect_err("both are below").to_string();
        let expected =
            "recall 0.5000 is below 0.95; precision 0.5000 is below 0.95; no attack is matched in ws01-Sysmon";
        assert!(error.starts_with(expected), "{error}");
        for line in [
            "missed  ws01-Sysmon.evtx:91594  a connection",
            "false   windows/ws01-System.evtx:5164",
            "absent     nowhere.evtx",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(measured.check(&labels, 0.5, 0.5).is_err(), "a file with an attack has no match");
    }

    #[test]
    fn a_wrong_table_is_said() {
        for (table, message) in [
            ("", "empty"),
            ("label\tfile\n", "no column `record_id`"),
            ("label\tfile\trecord_id\nGOOD\ta\t1\n", "line 2: `GOOD` is no label"),
            ("label\tfile\trecord_id\nATTACK\ta\tx\n", "line 2: no record number"),
        ] {
            let error = read_labels(table).err().map(|it| it.to_string()).unwrap_or_default();
            assert!(error.contains(message), "{message}: {error}");
        }
    }

    /// Needs the labelled logs of others: the folder that the variable names holds `evtx/`.
    #[test]
    fn the_packs_reach_the_bars_on_labelled_logs() {
        let Some(folder) = std::env::var_os("PROSPERO_SAMPLES").map(|it| PathBuf::from(it).join("evtx")) else {
            let _ = writeln!(std::io::stderr(), "skipped: PROSPERO_SAMPLES names no folder");
            return;
        };
        let labels = folder.join("labels.tsv").display().to_string();
        run(&["--labels".to_owned(), labels, folder.display().to_string()]).expect("recall and precision are reached");
    }
}
