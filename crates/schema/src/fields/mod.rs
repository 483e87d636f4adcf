//! The rows of the event model, a file per group.
//!
//! A property is named as IBM's content packs have named it since 7.4.3; older names, those of the published queries,
//! of Sigma and of other tools are aliases (`reference/event-model.md` section 3). All properties are text, as on
//! QRadar, numbers in decimal: `EventID = 7045` and `EventID = '7045'` both hold.

mod classification;
mod file;
mod flows;
mod identity;
mod locator;
mod network;
mod process;
mod registry;
mod security;
mod service;
mod simarc;
mod web;

use crate::{Database, Field};

const EVENT_GROUPS: &[&[Field]] = &[
    classification::ROWS,
    network::ROWS,
    identity::ROWS,
    process::ROWS,
    service::ROWS,
    registry::ROWS,
    file::ROWS,
    security::ROWS,
    web::ROWS,
    locator::ROWS,
];

/// How many rows [`EVENTS`] has.
pub const EVENT_FIELDS: usize = count(EVENT_GROUPS);

/// The rows of all groups in one list.
static EVENT_ROWS: [Field; EVENT_FIELDS] = concatenate(EVENT_GROUPS);

/// What a log source said, one row an event: the table `events`.
pub static EVENTS: Database = Database::new("events", &EVENT_ROWS);
/// Network flows: the table `flows`.
pub static FLOWS: Database = Database::new("flows", flows::ROWS);
/// The counters of the user interface: the table `simarc`.
pub static SIMARC: Database = Database::new("simarc", simarc::ROWS);

const fn count(groups: &[&[Field]]) -> usize {
    let mut total = 0;
    let mut group = 0;
    while group < groups.len() {
        total += groups[group].len();
        group += 1;
    }
    total
}

const fn concatenate<const COUNT: usize>(groups: &[&[Field]]) -> [Field; COUNT] {
    let mut rows = [groups[0][0]; COUNT];
    let (mut group, mut position) = (0, 0);
    while group < groups.len() {
        let mut row = 0;
        while row < groups[group].len() {
            rows[position] = groups[group][row];
            position += 1;
            row += 1;
        }
        group += 1;
    }
    rows
}
