//! Holds dates against what Java makes of them (`tests/java/DateFormatTable.java`).

use super::pattern::DatePattern;
use super::zone::Zone;
use crate::functions::EXAMPLE_NOW;

fn rows(table: &'static str) -> impl Iterator<Item = [&'static str; 4]> {
    table.lines().filter(|it| !it.starts_with('#')).map(|row| {
        let cells: Vec<_> = row.split('\t').collect();
        cells.try_into().expect("four cells in a row")
    })
}

#[test]
fn dates_are_written_as_java_writes_them() {
    let mut failures = Vec::new();
    for [pattern, millis, zone, expected] in rows(include_str!("../../../tests/java/dateformat.tsv")) {
        let zone_rules = Zone::find(zone).expect("the table has known zones");
        let millis = millis.parse().expect("the table has whole numbers");
        let result = DatePattern::parse(pattern).map(|it| it.format(millis, &zone_rules));
        let agrees = result.as_deref().map_or(expected.starts_with('!'), |it| it == expected);
        if !agrees {
            failures.push(format!("{pattern} {millis} {zone}\n  {expected:?}\n  {result:?}"));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn dates_are_read_as_java_reads_them() {
    let mut failures = Vec::new();
    for [pattern, text, zone, expected] in rows(include_str!("../../../tests/java/parsetimestamp.tsv")) {
        let zone_rules = Zone::find(zone).expect("the table has known zones");
        let pattern_read = DatePattern::parse(pattern).expect("the table has good patterns");
        let result = pattern_read.read(text, &zone_rules, EXAMPLE_NOW).map_or("null".to_owned(), |it| it.to_string());
        if result != expected {
            failures.push(format!("{pattern:?} {text:?} {zone}: {expected}, not {result}"));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn offsets_and_unknown_zones() {
    for (name, seconds) in [("+02:00", 7200), ("-0530", -19_800), ("GMT+1", 3600), ("utc", 0), ("Europe/Berlin", 3600)]
    {
        assert_eq!(Zone::find(name).map(|it| it.standard), Ok(seconds), "{name}");
    }
    for name in ["Mars/Olympus", "+25:00", "", "+"] {
        assert_eq!(Zone::find(name).err(), Some(format!("no time zone `{name}`")));
    }
}

#[test]
fn far_away_times_do_not_stop_the_query() {
    let zone = Zone::find("Europe/Berlin").expect("a known zone");
    let pattern = DatePattern::parse("yyyy-MM-dd HH:mm z").expect("a good pattern");
    for millis in [i64::MIN, i64::MAX, -400_000_000_000_000, 400_000_000_000_000] {
        assert!(pattern.format(millis, &zone).contains("CE"), "{millis}");
    }
    let texts = ["2147483647-2147483647-2147483647 2147483647:2147483647 UTC", "2024-05-06 07:08 \u{e9}", "20\u{e9}"];
    for text in texts {
        assert_eq!(pattern.read(text, &zone, i64::MAX), None, "{text}");
    }
}
