//! Operating systems: which log source types report from the hosts of one of them, and of no other. Only types are listed
//! of which that is certain.

use super::log_source_types;

/// An operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum System {
    /// Microsoft Windows.
    Windows,
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
}

/// Log source type and system, sorted.
pub const SYSTEMS: &[(i64, System)] = &[
    (log_source_types::LINUX, System::Linux),
    (log_source_types::WINDOWS, System::Windows),
    (13, System::Windows),
    (14, System::Linux),
    (log_source_types::MACOS, System::MacOs),
];

/// The system of a type; nothing where it may be any.
pub fn system_of(log_source_type: i64) -> Option<System> {
    let place = SYSTEMS.binary_search_by_key(&log_source_type, |it| it.0).ok()?;
    Some(SYSTEMS[place].1)
}

impl System {
    /// All systems.
    pub const ALL: [Self; 3] = [Self::Windows, Self::Linux, Self::MacOs];

    /// The name as pages and Atomic Red Team spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::Linux => "linux",
            Self::MacOs => "macos",
        }
    }

    /// The system of this name; nothing for other platforms, such as `containers`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_name_what_exists() {
        assert!(SYSTEMS.is_sorted_by(|left, right| left.0 < right.0));
        for (id, _) in SYSTEMS {
            assert!(log_source_types::by_id(*id).is_some(), "{id}");
        }
        for class in crate::tables::event_classes::all() {
            assert!(system_of(class.log_source_type).is_some(), "{}", class.channel);
        }
    }
}
