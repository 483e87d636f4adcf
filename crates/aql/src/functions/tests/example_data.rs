//! The reference data, places and log sources of the examples.

use std::net::IpAddr;
use std::sync::Arc;

use super::super::EXAMPLE_NOW;
use crate::{CollectionKind, Environment, Geography, LogSources, ReferenceData};

/// An environment with all data that examples speak of.
pub(super) fn environment() -> Environment {
    Environment {
        reference_data: Arc::new(Collections),
        geography: Some(Arc::new(Places)),
        log_sources: Some(Arc::new(Sources)),
        ..Environment::new(EXAMPLE_NOW)
    }
}

#[derive(Debug)]
struct Collections;

impl ReferenceData for Collections {
    fn names(&self, kind: CollectionKind) -> Vec<String> {
        let name = match kind {
            CollectionKind::Set => "Admin hosts",
            CollectionKind::Map => "Owners",
            CollectionKind::MapOfSets => "Logons",
            CollectionKind::Table => "People",
        };
        vec![name.to_owned()]
    }

    fn has_set(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("Admin hosts")
    }

    fn set_contains(&self, name: &str, value: &str) -> bool {
        self.has_set(name) && value == "10.0.0.5"
    }

    fn has_map(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("Owners")
    }

    fn map_value(&self, name: &str, key: &str) -> Option<String> {
        (self.has_map(name) && key == "10.0.0.5").then(|| "alice".to_owned())
    }

    fn has_map_of_sets(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("Logons")
    }

    fn map_set_contains(&self, name: &str, key: &str, value: &str) -> bool {
        self.has_map_of_sets(name) && key == "alice" && value == "10.0.0.5"
    }

    fn has_table(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("People")
    }

    fn table_value(&self, name: &str, column: &str, key: &str) -> Option<String> {
        (self.has_table(name) && column == "department" && key == "alice").then(|| "Finance".to_owned())
    }
}

/// Knows one public address.
#[derive(Debug)]
struct Places;

impl Places {
    fn knows(address: IpAddr) -> bool {
        address.to_string() == "192.0.2.7"
    }
}

impl Geography for Places {
    fn record(&self, address: IpAddr) -> Option<String> {
        Self::knows(address).then(|| r#"{"city":"Berlin"}"#.to_owned())
    }

    fn part(&self, address: IpAddr, part: &str) -> Option<String> {
        (Self::knows(address) && part == "city").then(|| "Berlin".to_owned())
    }

    fn coordinates(&self, address: IpAddr) -> Option<(f64, f64)> {
        Self::knows(address).then_some((52.52, 13.405))
    }
}

#[derive(Debug)]
struct Sources;

impl LogSources for Sources {
    fn name(&self, id: i64) -> Option<String> {
        (id == 62).then(|| "Windows @ dc01".to_owned())
    }

    fn group_name(&self, id: i64) -> Option<String> {
        [(3, "Servers"), (4, "Domain controllers")].iter().find(|it| it.0 == id).map(|it| it.1.to_owned())
    }

    fn group_of(&self, id: i64) -> Option<String> {
        (id == 62).then(|| "Servers".to_owned())
    }
}
