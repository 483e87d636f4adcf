//! What a query may look up outside of its rows. Plain data and traits: who fills them does the input/output.

use std::fmt::Debug;
use std::sync::Arc;

/// Time, reference data and lookups for one query.
#[derive(Clone, Debug)]
pub struct Environment {
    /// NOW(), in milliseconds since 1970 UTC.
    pub now: i64,
    /// The time zone of DATEFORMAT and of START and STOP texts: an IANA name or an offset; `UTC` by default.
    pub time_zone: String,
    /// Reference sets, maps, maps of sets and tables.
    pub reference_data: Arc<dyn ReferenceData>,
    /// Where addresses are.
    pub geography: Option<Arc<dyn Geography>>,
}

/// Reference data collections. Names of collections ignore case; values are compared as text.
pub trait ReferenceData: Debug + Send + Sync {
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
