//! Log sources: who wrote the events, found as events come.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use schema::tables::log_source_types;

/// Names of at most so many log sources are kept; events of further ones have an id without a name.
pub const MAXIMUM_LOG_SOURCES: usize = 100_000;

/// A log source: one type of log of one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSource {
    /// The log source type.
    pub device_type: i64,
    /// The host or address.
    pub identifier: String,
}

impl LogSource {
    /// The name that QRadar gives to a discovered source: `WindowsAuthServer @ ws01`.
    pub fn name(&self) -> String {
        let internal = log_source_types::by_id(self.device_type).map_or("LogSource", |it| it.internal_name);
        format!("{internal} @ {}", self.identifier)
    }
}

/// The log sources seen so far. An id depends on type and identifier only, never on the order of arrival.
#[derive(Debug, Default)]
pub struct LogSources(RwLock<BTreeMap<i64, LogSource>>);

impl LogSources {
    /// The id of a log source; its name can be asked for from now on.
    pub fn id(&self, device_type: i64, identifier: &str) -> i64 {
        let id = stable_id(device_type, identifier);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).contains_key(&id);
        if !known {
            let mut sources = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if sources.len() < MAXIMUM_LOG_SOURCES {
                sources.insert(id, LogSource { device_type, identifier: identifier.to_owned() });
            }
        }
        id
    }

    /// The log source with this id.
    pub fn get(&self, id: i64) -> Option<LogSource> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// The name of the log source with this id.
    pub fn name(&self, id: i64) -> Option<String> {
        self.get(id).map(|it| it.name())
    }

    /// All log sources with their ids, sorted by id.
    pub fn all(&self) -> Vec<(i64, LogSource)> {
        let sources = self.0.read().unwrap_or_else(PoisonError::into_inner);
        sources.iter().map(|(id, it)| (*id, it.clone())).collect()
    }
}

/// FNV-1a of type and identifier, cut to 40 bits: the same on every machine and in every run.
fn stable_id(device_type: i64, identifier: &str) -> i64 {
    let bytes = device_type.to_le_bytes().into_iter().chain(identifier.bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    ((hash ^ (hash >> 40)) & 0xff_ffff_ffff) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_do_not_depend_on_the_order_of_arrival() {
        let sources = [(12, "ws01"), (12, "ws02"), (11, "ws01")];
        let (first, second) = (LogSources::default(), LogSources::default());
        let ids = sources.map(|(kind, host)| first.id(kind, host));
        for (position, (kind, host)) in sources.into_iter().enumerate().rev() {
            assert_eq!(second.id(kind, host), ids[position]);
        }
        assert_eq!(first.name(ids[0]).as_deref(), Some("WindowsAuthServer @ ws01"));
        assert_eq!(first.name(ids[2]).as_deref(), Some("LinuxServer @ ws01"));
        assert_eq!(first.all(), second.all());
        assert_eq!(first.name(0), None);
    }
}
