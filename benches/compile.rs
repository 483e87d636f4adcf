//! AQL text to syntax tree, to bound query, to plan, for many queries: those of `PROSPERO_SAMPLES`, else generated ones.

mod measure;

use std::fmt::Write;
use std::path::Path;

use aql::{Environment, LowerOptions, Options};

fn main() {
    let queries = std::env::var_os("PROSPERO_SAMPLES").map_or_else(generated, |it| collected(Path::new(&it)));
    let bytes = queries.iter().map(|it| it.len() as u64).sum();
    // A moment in 2026.
    let options = Options::new(Environment::new(1_795_305_600_000));
    measure::measure("parse", bytes, "queries", || {
        queries.iter().filter(|it| !syntax::parse_query(it).0.select.is_empty()).count() as u64
    });
    measure::measure("parse, bind and check", bytes, "queries", || {
        queries.iter().map(|it| aql::compile(it, &options)).filter(|it| it.query.is_some()).count() as u64
    });
    let accepted: Vec<_> =
        queries.iter().filter_map(|it| Some((it.len() as u64, aql::compile(it, &options).query?))).collect();
    let bytes = accepted.iter().map(|it| it.0).sum();
    measure::measure("plan, of those accepted", bytes, "queries", || {
        let lowering = LowerOptions::new(&options.environment).with_newest_first();
        accepted.iter().filter(|it| it.1.lower(&lowering).is_ok()).count() as u64
    });
}

/// The queries of a file with one JSON object a line, its member `aql` a query; of a folder, those of all files below
/// its folder `aql`.
fn collected(path: &Path) -> Vec<String> {
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = std::fs::read_dir(path.join("aql")).expect("the samples have a folder `aql`");
        files = entries.map(|it| it.expect("the folder can be read").path()).collect();
        files.retain(|it| it.extension().is_some_and(|it| it == "jsonl"));
        files.sort();
    }
    files.iter().flat_map(|it| lines(it)).collect()
}

fn lines(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let objects = text.lines().map(|it| serde_json::from_str::<serde_json::Value>(it).expect("a line is JSON"));
    objects.filter_map(|it| it["aql"].as_str().map(str::to_owned)).collect()
}

/// Two thousand queries of the shapes that detections have, from a line to many.
fn generated() -> Vec<String> {
    (0..2000).map(query).collect()
}

fn query(number: usize) -> String {
    let tests = |joint: &str, count: usize| {
        let mut text = String::new();
        for test in 0..count {
            let start = if test == 0 { "" } else { joint };
            write!(text, "{start}CommandLine ILIKE '%\\tool{number}_{test}.exe%'")
                .expect("a text takes what is written");
        }
        text
    };
    match number % 5 {
        0 => {
            format!("SELECT username, sourceip FROM events WHERE EventID = {number} AND {} LAST 24 HOURS", tests("", 1))
        }
        1 => format!("SELECT * FROM events WHERE EventID IN (1, 4688) AND ({}) LAST 7 DAYS", tests(" OR ", 12)),
        2 => format!(
            "SELECT username, COUNT(*) AS events, UNIQUECOUNT(sourceip) AS sources FROM events \
             WHERE qid = {number} GROUP BY username HAVING events > 5 ORDER BY events DESC LIMIT 20 LAST 1 HOURS"
        ),
        3 => format!(
            "SELECT DATEFORMAT(starttime, 'yyyy-MM-dd HH:mm') AS moment, QIDNAME(qid), LOWER(ProcessPath) AS program, \
             CASE WHEN CommandLine IMATCHES 'create\\s+service{number}.*' THEN 90 WHEN {} THEN 70 ELSE 10 END AS score \
             FROM events WHERE LOGSOURCETYPENAME(devicetype) = 'Microsoft Windows Security Event Log' AND score >= 70",
            tests(" AND ", 3)
        ),
        _ => format!(
            "SELECT username FROM events WHERE NOT INCIDR('10.{}.0.0/16', sourceip) AND ({}) AND username IN \
             (SELECT username FROM events WHERE EventID = 4624 LAST 1 DAYS) LAST 1 DAYS",
            number % 256,
            tests(" OR ", 4)
        ),
    }
}
