//! What a query may look up outside of its rows. Plain data and traits: who fills them does the input/output.

use std::fmt::Debug;
use std::sync::Arc;

/// Time, reference data and lookups for one query.
#[derive(Clone, Debug)]
pub struct Environment {
    /// `NOW()`, in milliseconds since 1970 UTC.
    pub now: i64,
    /// The time zone of DATEFORMAT and of START and STOP texts: an IANA name or an offset; `UTC` by default.
    pub time_zone: String,
    /// Reference sets, maps, maps of sets and tables.
    pub reference_data: Arc<dyn ReferenceData>,
    /// Where addresses are.
    pub geography: Option<Arc<dyn Geography>>,
    /// The names of log sources and of their groups.
    pub log_sources: Option<Arc<dyn LogSources>>,
}

impl Environment {
    /// At this time (milliseconds since 1970 UTC), in UTC, without reference data, geography or log sources.
    pub fn new(now: i64) -> Self {
        Self {
            now,
            time_zone: "UTC".to_owned(),
            reference_data: Arc::new(NoReferenceData),
            geography: None,
            log_sources: None,
        }
    }
}

/// The log sources of a deployment. Read while a query runs, from several threads.
pub trait LogSources: Debug + Send + Sync {
    /// The name of the log source with this id.
    fn name(&self, id: i64) -> Option<String>;
    /// The name of the log source group with this id.
    fn group_name(&self, id: i64) -> Option<String>;
    /// The name of the group that the log source with this id belongs to.
    fn group_of(&self, id: i64) -> Option<String>;
}

/// Log sources without names: for texts that are compiled before any log is read.
#[derive(Debug)]
pub struct NoLogSources;

impl LogSources for NoLogSources {
    fn name(&self, _: i64) -> Option<String> {
        None
    }
    fn group_name(&self, _: i64) -> Option<String> {
        None
    }
    fn group_of(&self, _: i64) -> Option<String> {
        None
    }
}

/// The kinds of reference data collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CollectionKind {
    /// A set of values.
    Set,
    /// One value for each key.
    Map,
    /// A set of values for each key.
    MapOfSets,
    /// Rows by key, with named columns.
    Table,
}

/// Reference data collections. Names of collections ignore case; values are compared as text.
pub trait ReferenceData: Debug + Send + Sync {
    /// Whether the user gave any data: only then is an unknown collection an error.
    fn is_given(&self) -> bool {
        true
    }
    /// The names of all collections of a kind, for messages.
    fn names(&self, kind: CollectionKind) -> Vec<String>;
    /// Whether a set of this name exists.
    fn has_set(&self, name: &str) -> bool;
    /// Whether the set holds the value; false for an unknown set.
    fn set_contains(&self, name: &str, value: &str) -> bool;
    /// Whether a map of this name exists.
    fn has_map(&self, name: &str) -> bool;
    /// The value under a key.
    fn map_value(&self, name: &str, key: &str) -> Option<String>;
    /// Whether a map of sets of this name exists.
    fn has_map_of_sets(&self, name: &str) -> bool;
    /// Whether the set under a key holds the value.
    fn map_set_contains(&self, name: &str, key: &str, value: &str) -> bool;
    /// Whether a table of this name exists.
    fn has_table(&self, name: &str) -> bool;
    /// The cell of a table: row by outer key, column by inner key.
    fn table_value(&self, name: &str, column: &str, key: &str) -> Option<String>;
}

/// A database of places, such as MaxMind's.
pub trait Geography: Debug + Send + Sync {
    /// The whole record of an address as JSON text.
    fn record(&self, address: std::net::IpAddr) -> Option<String>;
    /// One part of it (`city`, `country`, `continent`, ...) as plain text.
    fn part(&self, address: std::net::IpAddr, part: &str) -> Option<String>;
    /// Latitude and longitude, in degrees.
    fn coordinates(&self, address: std::net::IpAddr) -> Option<(f64, f64)>;
}

/// No collections at all.
#[derive(Debug)]
pub struct NoReferenceData;

impl ReferenceData for NoReferenceData {
    fn is_given(&self) -> bool {
        false
    }
    fn names(&self, _: CollectionKind) -> Vec<String> {
        Vec::new()
    }
    fn has_set(&self, _: &str) -> bool {
        false
    }
    fn set_contains(&self, _: &str, _: &str) -> bool {
        false
    }
    fn has_map(&self, _: &str) -> bool {
        false
    }
    fn map_value(&self, _: &str, _: &str) -> Option<String> {
        None
    }
    fn has_map_of_sets(&self, _: &str) -> bool {
        false
    }
    fn map_set_contains(&self, _: &str, _: &str, _: &str) -> bool {
        false
    }
    fn has_table(&self, _: &str) -> bool {
        false
    }
    fn table_value(&self, _: &str, _: &str, _: &str) -> Option<String> {
        None
    }
}
