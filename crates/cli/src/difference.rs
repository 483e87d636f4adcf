//! The rows that one query finds and another does not.

use std::collections::{BTreeMap, HashMap};

use engine::Match;
use ingest::Locator;

/// The most different rows of queries that look at groups.
pub(crate) const ROWS_MAX: usize = 1_000_000;

/// Which query a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Old,
    New,
}

/// A row with its branch.
pub(crate) struct Row {
    pub(crate) found: Match,
    pub(crate) branch: Option<String>,
}

/// What became of the rows of a branch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) kept: u64,
    pub(crate) gained: u64,
    pub(crate) lost: u64,
}

/// The difference of two queries.
#[derive(Default)]
pub(crate) struct Difference {
    by_event: bool,
    examples: usize,
    /// The rows of the event that is being looked at.
    event: Option<Locator>,
    pending: Pending,
    /// Rows of queries that look at groups, by their columns: how often in OLD and in NEW, and the first.
    groups: HashMap<String, (u64, u64, Row)>,
    /// All rows of each query.
    pub(crate) rows: [u64; 2],
    /// By branch: a kept row counts for its branch in NEW.
    pub(crate) branches: BTreeMap<String, Counts>,
    /// Kept rows that are of another branch now: old, new, how many.
    pub(crate) moved: BTreeMap<(String, String), u64>,
    /// Kept rows of which another column has another value, or has come or gone.
    pub(crate) changed: u64,
    /// The columns that differ in kept rows, with how many rows.
    pub(crate) changed_columns: BTreeMap<String, u64>,
    /// The first rows gained.
    pub(crate) gained: Vec<Row>,
    /// The first rows lost.
    pub(crate) lost: Vec<Row>,
}

#[derive(Default)]
struct Pending {
    old: Option<Row>,
    new: Option<Row>,
}

impl Difference {
    /// Without rows. `by_event` when both queries look at one event at a time.
    pub(crate) fn new(by_event: bool, examples: usize) -> Self {
        Self { by_event, examples, ..Self::default() }
    }

    /// Adds a row. Rows of events come in the order of the input, those of the same event together. False when there
    /// are too many to be compared.
    pub(crate) fn add(&mut self, side: Side, found: Match, branch: Option<String>) -> bool {
        self.rows[side as usize] += 1;
        let row = Row { found, branch };
        if !self.by_event {
            return self.add_group(side, row);
        }
        if self.event != row.found.locator {
            self.settle();
            self.event.clone_from(&row.found.locator);
        }
        *(if side == Side::Old { &mut self.pending.old } else { &mut self.pending.new }) = Some(row);
        true
    }

    fn add_group(&mut self, side: Side, row: Row) -> bool {
        let columns: serde_json::Map<_, _> =
            row.found.columns.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        let key = serde_json::Value::Object(columns).to_string();
        if !self.groups.contains_key(&key) && self.groups.len() >= ROWS_MAX {
            return false;
        }
        let (old, new, _) = self.groups.entry(key).or_insert((0, 0, row));
        *(if side == Side::Old { old } else { new }) += 1;
        true
    }

    /// Counts what is still open.
    pub(crate) fn finish(mut self) -> Self {
        self.settle();
        let mut groups: Vec<_> = std::mem::take(&mut self.groups).into_iter().collect();
        groups.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, (old, new, row)) in groups {
            let counts = self.branches.entry(label(row.branch.as_ref())).or_default();
            counts.kept += old.min(new);
            counts.gained += new.saturating_sub(old);
            counts.lost += old.saturating_sub(new);
            let examples = if new > old { &mut self.gained } else { &mut self.lost };
            if old != new && examples.len() < self.examples {
                examples.push(row);
            }
        }
        self
    }

    /// Whether anything differs.
    pub(crate) fn differs(&self) -> bool {
        let total = self.total();
        total.gained + total.lost + self.changed > 0 || !self.moved.is_empty()
    }

    /// The rows of all branches.
    pub(crate) fn total(&self) -> Counts {
        self.branches.values().fold(Counts::default(), |a, b| Counts {
            kept: a.kept + b.kept,
            gained: a.gained + b.gained,
            lost: a.lost + b.lost,
        })
    }

    /// Counts the rows of the event that was looked at.
    fn settle(&mut self) {
        match std::mem::take(&mut self.pending) {
            Pending { old: Some(old), new: Some(new) } => self.keep(&old, &new),
            Pending { old: None, new: Some(row) } => {
                self.branches.entry(label(row.branch.as_ref())).or_default().gained += 1;
                if self.gained.len() < self.examples {
                    self.gained.push(row);
                }
            }
            Pending { old: Some(row), new: None } => {
                self.branches.entry(label(row.branch.as_ref())).or_default().lost += 1;
                if self.lost.len() < self.examples {
                    self.lost.push(row);
                }
            }
            Pending { old: None, new: None } => {}
        }
    }

    fn keep(&mut self, old: &Row, new: &Row) {
        let (before, after) = (label(old.branch.as_ref()), label(new.branch.as_ref()));
        self.branches.entry(after.clone()).or_default().kept += 1;
        if before != after {
            *self.moved.entry((before, after)).or_default() += 1;
        }
        let value = |row: &Row, column: &str| {
            row.found.columns.iter().find(|(name, _)| **name == *column).map(|(_, value)| value.clone())
        };
        let names = old.found.columns.iter().chain(&new.found.columns).map(|(name, _)| name);
        let differing: std::collections::BTreeSet<&str> =
            names.map(|it| &**it).filter(|it| value(old, it) != value(new, it)).collect();
        self.changed += u64::from(!differing.is_empty());
        for column in differing {
            *self.changed_columns.entry(column.to_owned()).or_default() += 1;
        }
    }
}

/// What stands for a row without a branch.
fn label(branch: Option<&String>) -> String {
    branch.cloned().unwrap_or_else(|| "-".to_owned())
}
