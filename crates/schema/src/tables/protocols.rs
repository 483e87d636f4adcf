//! Protocols above IP: what `protocolid` counts and `PROTOCOLNAME()` names. The numbers are IANA's.

use std::sync::LazyLock;

use super::{number, rows};

static TABLE: LazyLock<Vec<(i64, &'static str)>> = LazyLock::new(|| {
    let row = |[id, name]: [&'static str; 2]| (number(id), name);
    rows(include_str!("../../data/protocols.tsv")).map(row).collect()
});

/// All protocols, sorted by number.
pub fn all() -> &'static [(i64, &'static str)] {
    &TABLE
}

/// The name of a protocol.
pub fn by_id(id: i64) -> Option<&'static str> {
    TABLE.binary_search_by_key(&id, |it| it.0).ok().map(|it| TABLE[it].1)
}

/// The number of a protocol given by name, ignoring case, or by number.
pub fn by_name(name: &str) -> Option<i64> {
    let named = TABLE.iter().find(|it| it.1.eq_ignore_ascii_case(name)).map(|it| it.0);
    named.or_else(|| name.parse().ok().filter(|it| (0..=255).contains(it)))
}
