//! Log source types: what `devicetype` counts and `LOGSOURCETYPENAME()` names.

use std::sync::LazyLock;

use super::{Standing, number, rows};

/// Microsoft Windows Security Event Log, for every channel of Windows, Sysmon's among them.
pub const WINDOWS: i64 = 12;
/// Linux OS.
pub const LINUX: i64 = 11;
/// Mac OS X.
pub const MACOS: i64 = 102;
/// Kubernetes Auditing.
pub const KUBERNETES: i64 = 446;
/// Custom Rule Engine.
pub const CUSTOM_RULE_ENGINE: i64 = 18;
/// Generic DSM, for what has no type of its own.
pub const GENERIC: i64 = 39;

/// A type of log source.
#[derive(Clone, Copy, Debug)]
pub struct LogSourceType {
    /// The value of `devicetype`.
    pub id: i64,
    /// IBM's internal name, the first part of the names of discovered log sources.
    pub internal_name: &'static str,
    /// The name that the console shows, where it is known.
    pub display_name: Option<&'static str>,
    /// How well the shown name is known.
    pub standing: Standing,
}

impl LogSourceType {
    /// The shown name, or the internal name where that is not known.
    pub fn name(&self) -> &'static str {
        self.display_name.unwrap_or(self.internal_name)
    }
}

static TABLE: LazyLock<Vec<LogSourceType>> = LazyLock::new(|| {
    let row = |[id, internal_name, display, standing]: [&'static str; 4]| LogSourceType {
        id: number(id),
        internal_name,
        display_name: (!display.is_empty()).then_some(display),
        standing: Standing::parse(standing),
    };
    rows(include_str!("../../data/log_source_types.tsv")).map(row).collect()
});

/// All types, sorted by id.
pub fn all() -> &'static [LogSourceType] {
    &TABLE
}

/// The type with this id.
pub fn by_id(id: i64) -> Option<&'static LogSourceType> {
    TABLE.binary_search_by_key(&id, |it| it.id).ok().map(|it| &TABLE[it])
}

/// The type with this shown or internal name, ignoring case.
pub fn by_name(name: &str) -> Option<&'static LogSourceType> {
    let shown = TABLE.iter().find(|it| it.display_name.is_some_and(|it| it.eq_ignore_ascii_case(name)));
    shown.or_else(|| TABLE.iter().find(|it| it.internal_name.eq_ignore_ascii_case(name)))
}
