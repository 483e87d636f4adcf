//! Where addresses are, from a database in MaxMind's format.

use std::net::IpAddr;
use std::path::Path;

use maxminddb::Reader;
use serde_json::Value;

use crate::{EngineError, Result};

/// A database of places in MaxMind's format, held in memory. Names are given in English.
pub struct MaxMind {
    reader: Reader<Vec<u8>>,
}

impl std::fmt::Debug for MaxMind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "MaxMind({})", self.reader.metadata().database_type)
    }
}

impl MaxMind {
    /// Reads a database file.
    pub fn open(file: &Path) -> Result<Self> {
        let failed = |error: maxminddb::MaxMindDbError| EngineError::Geography {
            file: file.display().to_string(),
            message: error.to_string(),
        };
        Ok(Self { reader: Reader::open_readfile(file).map_err(failed)? })
    }

    fn lookup(&self, address: IpAddr) -> Option<Value> {
        self.reader.lookup(address).ok()?.decode::<Value>().ok()?
    }
}

impl aql::Geography for MaxMind {
    fn record(&self, address: IpAddr) -> Option<String> {
        Some(self.lookup(address)?.to_string())
    }

    fn part(&self, address: IpAddr, part: &str) -> Option<String> {
        part_of(&self.lookup(address)?, part)
    }

    fn coordinates(&self, address: IpAddr) -> Option<(f64, f64)> {
        let record = self.lookup(address)?;
        let location = record.get("location")?;
        Some((location.get("latitude")?.as_f64()?, location.get("longitude")?.as_f64()?))
    }
}

/// One part of a record as text: a name where it has names, a code or number where it is one, else JSON.
fn part_of(record: &Value, part: &str) -> Option<String> {
    let part = part.to_lowercase();
    let value = match part.as_str() {
        "subdivision" | "subdivisions" => record.get("subdivisions")?.get(0)?,
        "latitude" | "longitude" | "timezone" | "time_zone" => {
            let key = if part == "timezone" { "time_zone" } else { part.as_str() };
            record.get("location")?.get(key)?
        }
        "country_code" => record.get("country")?.get("iso_code")?,
        "continent_code" => record.get("continent")?.get("code")?,
        other => record.get(other)?,
    };
    let named = value.get("names").and_then(|it| it.get("en")).or_else(|| value.get("code"));
    match named.unwrap_or(value) {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_record() {
        let record = serde_json::json!({
            "city": {"names": {"en": "Bern", "de": "Bern"}},
            "continent": {"code": "EU", "names": {"en": "Europe"}},
            "country": {"iso_code": "CH", "names": {"en": "Switzerland"}},
            "location": {"latitude": 46.9, "longitude": 7.4, "time_zone": "Europe/Zurich"},
            "postal": {"code": "3000"},
            "subdivisions": [{"names": {"en": "Canton of Bern"}}],
        });
        for (part, expected) in [
            ("city", "Bern"),
            ("Continent", "Europe"),
            ("continent_code", "EU"),
            ("country", "Switzerland"),
            ("country_code", "CH"),
            ("latitude", "46.9"),
            ("timezone", "Europe/Zurich"),
            ("postal", "3000"),
            ("subdivision", "Canton of Bern"),
        ] {
            assert_eq!(part_of(&record, part).as_deref(), Some(expected), "{part}");
        }
        assert_eq!(part_of(&record, "isp"), None);
    }
}
