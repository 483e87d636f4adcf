//! QIDs: what `qid` counts and `QIDNAME()` names.
//!
//! Public facts only. 5000700 and 5000100, which a published query uses for 7045 and 4697, stand in the table without
//! a name: nothing public gives them a meaning.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::windows_events::{channel_of, event_of};
use super::{Standing, number, rows};

/// A kind of event.
#[derive(Clone, Copy, Debug)]
pub struct Qid {
    /// The value of `qid`. One number may stand for two events, such as both that say that a log was cleared.
    pub id: i64,
    /// The name, where it is known.
    pub name: Option<&'static str>,
    /// The log source type, where it is known.
    pub log_source_type: Option<i64>,
    /// The Windows channel; empty for other families.
    pub channel: &'static str,
    /// The Windows provider that must have written it; empty for any.
    pub provider: &'static str,
    /// The Windows event id.
    pub event_id: Option<u32>,
    /// The low-level category, where it is known.
    pub category: Option<i64>,
    /// How well the number is known.
    pub standing: Standing,
}

struct Tables {
    rows: Vec<Qid>,
    by_event: HashMap<(&'static str, u32), usize>,
}

static TABLE: LazyLock<Tables> = LazyLock::new(|| {
    let rows: Vec<_> = rows(include_str!("../../data/qids.tsv")).map(read).collect();
    let key = |(index, row): (usize, &Qid)| row.event_id.map(|it| ((row.channel, it), index));
    let by_event = rows.iter().enumerate().filter_map(key).collect();
    Tables { rows, by_event }
});

fn read([id, name, device, channel, provider, event_id, category, standing]: [&'static str; 8]) -> Qid {
    let filled = |cell: &'static str| (!cell.is_empty()).then_some(cell);
    let event_id = filled(event_id).map(number);
    let category = filled(category).map(number);
    Qid {
        id: number(id),
        name: filled(name),
        log_source_type: filled(device).map(number),
        channel,
        provider,
        event_id,
        category: category.or_else(|| event_of(channel, provider, event_id?).map(|it| it.category)),
        standing: Standing::parse(standing),
    }
}

/// All QIDs, sorted by number.
pub fn all() -> &'static [Qid] {
    &TABLE.rows
}

/// The first row with this number.
pub fn by_id(id: i64) -> Option<&'static Qid> {
    let rows = &TABLE.rows;
    let first = rows.partition_point(|it| it.id < id);
    rows.get(first).filter(|it| it.id == id)
}

/// The first row with this name, ignoring case.
pub fn by_name(name: &str) -> Option<&'static Qid> {
    TABLE.rows.iter().find(|it| it.name.is_some_and(|it| it.eq_ignore_ascii_case(name)))
}

/// The QID of a Windows event. The id alone says nothing: System 1 is no Sysmon 1.
/// An empty channel is found by its provider.
pub fn qid(channel: &str, provider: &str, event_id: u32) -> Option<&'static Qid> {
    let row = &TABLE.rows[*TABLE.by_event.get(&(channel_of(channel, provider)?, event_id))?];
    (row.provider.is_empty() || row.provider.eq_ignore_ascii_case(provider)).then_some(row)
}
