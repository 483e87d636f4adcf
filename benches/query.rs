//! Single queries over a generated EVTX log: one that filters and scores, one that groups, one that reads all fields.

mod log;
mod measure;

use std::sync::Arc;

use engine::{EventSource, FileSource, QueryOptions};
use ingest::{Input, InputOptions, Recovery};

const QUERIES: [(&str, &str); 3] = [
    (
        "filter and score",
        "SELECT starttime, username, QIDNAME(qid) AS event, CommandLine, ImagePath,
           CASE WHEN ImagePath IMATCHES '\\\\(users|temp|programdata)\\\\' THEN 90
             WHEN CommandLine ILIKE '%binpath%' THEN 70 ELSE 30 END AS score
         FROM events
         WHERE (EventID IN (7045, 4697) AND ImagePath IS NOT NULL)
           OR (EventID IN (1, 4688) AND CommandLine IMATCHES '\\bsc(\\.exe)?\"?\\s.*\\bcreate\\b')
         LAST 30 DAYS",
    ),
    (
        "group",
        "SELECT EventID, LOGSOURCETYPENAME(devicetype) AS kind, COUNT(*) AS events, UNIQUECOUNT(username) AS users
         FROM events GROUP BY EventID, devicetype ORDER BY events DESC LIMIT 20",
    ),
    ("all fields", "SELECT * FROM events ORDER BY starttime LIMIT 100"),
];

fn main() {
    let log = log::log("evtx");
    let input = Input::open(&[&log.path], &InputOptions::default()).expect("the log can be read");
    let source: Arc<dyn EventSource> = Arc::new(FileSource::new(input, Recovery::default()));
    let options = aql::Options::new(aql::Environment::new(0));
    for (name, text) in QUERIES {
        let compiled = aql::compile(text, &options);
        let query = compiled.query.unwrap_or_else(|| panic!("{name}: {:?}", compiled.diagnostics));
        measure::measure(name, log.bytes, "events", || {
            let rows = engine::query(&query, &options.environment, &source, &QueryOptions::default());
            let mut rows = rows.expect("the query starts");
            rows.by_ref().for_each(|it| assert!(it.is_ok_and(|it| it.num_columns() > 0), "{name}: the log is read"));
            rows.statistics().events
        });
    }
}
