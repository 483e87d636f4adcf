//! Queries give the same rows over logs and over the Parquet files that were made of them, whatever wrote these files,
//! with statistics and without.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aql::{Environment, Escapes, Options};
use engine::event_files::{IngestOptions, ingest};
use engine::{Entry, EventSource, FileSource, MemorySource, QueryOptions, ReadSettings, Wanted, cell, query};
use ingest::{Input, InputOptions, Recovery};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use tempfile::TempDir;

fn temporary() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn files(path: &Path) -> Arc<dyn EventSource> {
    let input = Input::open(&[path], &InputOptions::default()).expect("the path can be read");
    Arc::new(FileSource::new(input, Recovery::default()))
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// Puts logs into Parquet files.
fn ingested(logs: &Path, folder: &Path) {
    ingest(&files(logs), folder, &IngestOptions::new("events")).expect("the events can be written");
}

/// Writes each file of a folder anew with small row groups and these properties.
fn rewritten(from: &Path, to: &Path, properties: &WriterProperties) {
    let input = Input::open(&[from], &InputOptions::default()).expect("the folder can be read");
    for (number, file) in input.files().iter().enumerate() {
        let path = file.parquet_path().expect("a Parquet file");
        let builder =
            ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("it is there")).expect("Parquet");
        let schema = Arc::clone(builder.schema());
        let output = File::create(to.join(format!("{number:04}.parquet"))).expect("a file can be made");
        let mut writer = ArrowWriter::try_new(output, schema, Some(properties.clone())).expect("the schema is known");
        for batch in builder.with_batch_size(7).build().expect("Parquet") {
            writer.write(&batch.expect("it can be read")).expect("it can be written");
        }
        writer.close().expect("it can be written");
    }
}

/// The rows as text, sorted, and whether the query runs at all.
fn rows(
    source: &Arc<dyn EventSource>,
    bound: &aql::bound::Query,
    options: &QueryOptions,
) -> Result<Vec<String>, String> {
    let environment = Environment::new(0);
    let mut all = Vec::new();
    for batch in query(bound, &environment, source, options).map_err(|error| error.to_string())? {
        let batch = batch.map_err(|error| error.to_string())?;
        for row in 0..batch.num_rows() {
            let cells: Vec<_> = batch.columns().iter().map(|it| cell(it, row).to_string()).collect();
            all.push(cells.join(" | "));
        }
    }
    all.sort();
    Ok(all)
}

fn options(prune: bool, threads: usize) -> QueryOptions {
    QueryOptions { read: ReadSettings { threads, ..ReadSettings::default() }, prune, ..QueryOptions::default() }
}

fn bound(text: &str, escapes: Escapes) -> Option<aql::bound::Query> {
    let mut options = Options::new(Environment::new(0));
    options.environment.log_sources = Some(Arc::new(aql::NoLogSources));
    options.escapes = escapes;
    aql::compile(text, &options).query
}

/// Each way in which a query looks at events.
const QUERIES: &[&str] = &[
    "SELECT * FROM events",
    "SELECT COUNT(*) FROM events",
    "SELECT starttime, EventID, \"Service Name\", ImagePath FROM events WHERE EventID IN (7045, 4697)",
    "SELECT EventID, COUNT(*) AS number FROM events GROUP BY EventID",
    "SELECT qideventcategory, UNIQUECOUNT(username), MIN(starttime) FROM events GROUP BY qideventcategory",
    "SELECT CommandLine FROM events WHERE CommandLine ILIKE '%sc%create%' OR ProcessPath ILIKE '%\\powershell.exe'",
    "SELECT CommandLine FROM events WHERE NOT (CommandLine ILIKE '%svchost%' OR username = 'SYSTEM')",
    "SELECT EventID FROM events WHERE CommandLine IS NULL AND EventID > '1'",
    "SELECT EventID FROM events WHERE CommandLine IS NOT NULL AND devicetype = 12",
    "SELECT sourceip, destinationip FROM events WHERE sourceip = destinationip OR destinationport > 1000",
    "SELECT username FROM events WHERE sourceip = '10.0.0.5' OR username IN ('root', 'alice')",
    "SELECT LOGSOURCENAME(logsourceid) AS source, COUNT(*) FROM events GROUP BY source",
    "SELECT EventID FROM events WHERE LOGSOURCENAME(logsourceid) ILIKE '%srv%'",
    "SELECT \"A property of nothing\", TargetObject FROM events WHERE EventType ILIKE '%set%'",
    "SELECT \"SubjectLogonId\", \"Hashes\" FROM events WHERE \"SubjectLogonId\" IS NOT NULL",
    "SELECT UTF8(payload) AS text FROM events WHERE UTF8(payload) ILIKE '%powershell%'",
    "SELECT EventID FROM events WHERE creeventlist IS NULL AND hasoffense = FALSE",
    "SELECT CASE WHEN CommandLine ILIKE '%temp%' AND EventID = 1 THEN 1 ELSE 0 END AS hot, EventID FROM events WHERE hot = 1",
    "SELECT CASE WHEN ImagePath ILIKE ANY ('%temp%', '%cmd%') THEN 5 ELSE 0 END AS score, EventID FROM events \
     WHERE (score > 0 OR LOWER(CommandLine) MATCHES '.*(service|sc).*') AND devicetype IN (12, 13, 14, 397)",
    "SELECT EventID FROM events WHERE EventID IN (SELECT EventID FROM events WHERE CommandLine ILIKE '%sc%')",
    "SELECT EventID, starttime FROM events WHERE username = 'nobody at all'",
    "SELECT EventID, starttime FROM events WHERE \"MD5 Hash\" = '00' OR \"SHA256 Hash\" ILIKE '%ab%'",
    "SELECT EventID, starttime FROM events LAST 1 HOURS",
    "SELECT EventID, starttime FROM events WHERE EventID = 1 LAST 2 DAYS",
    "SELECT MAX(starttime), MIN(starttime) FROM events WHERE starttime > 1700000000000",
];

type Queries = Vec<(String, aql::bound::Query)>;

fn own_queries() -> Queries {
    let bound = |it: &&str| bound(it, Escapes::Strict).unwrap_or_else(|| panic!("{it}"));
    QUERIES.iter().map(|it| ((*it).to_owned(), bound(it))).collect()
}

fn page_queries() -> Queries {
    let options = pack::Options::new(Environment::new(0));
    let pages = pack::builtin_pages().iter().filter_map(|(file, text)| {
        let page = pack::read_page(file, text, &options).0?;
        Some((page.id, page.bound))
    });
    pages.collect()
}

/// The rows of each query over logs.
fn expected(logs: &Arc<dyn EventSource>, queries: &Queries) -> Vec<Result<Vec<String>, String>> {
    queries.iter().map(|(_, query)| rows(logs, query, &options(true, 2))).collect()
}

/// Holds the rows of each query over Parquet against those over the logs; gives their number.
fn compare(stored: &Arc<dyn EventSource>, queries: &Queries, expected: &[Result<Vec<String>, String>]) -> usize {
    for ((text, query), expected) in queries.iter().zip(expected) {
        for (prune, threads) in [(true, 1), (false, 2)] {
            let given = rows(stored, query, &options(prune, threads));
            let is_same = *expected == given;
            assert!(is_same, "{text}, pruning {prune}:\n{expected:#?}\nover the logs, but here\n{given:#?}");
        }
    }
    expected.iter().flatten().map(Vec::len).sum()
}

/// The events of a source in memory, so that many queries need not decode them again.
fn in_memory(source: &Arc<dyn EventSource>) -> Arc<dyn EventSource> {
    let wanted = Wanted::everything();
    let events = (0..source.parts()).flat_map(|it| source.read(it, &wanted)).filter_map(|it| match it {
        Entry::Event(look) | Entry::Recovered(look) => Some(look.event),
        Entry::Damage(_) => None,
    });
    let events = MemorySource::new(vec![("memory".into(), events.collect())]);
    Arc::new(Named { events, log_sources: source.log_sources() })
}

/// Events in memory with the names of their log sources.
#[derive(Debug)]
struct Named {
    events: MemorySource,
    log_sources: Option<Arc<dyn aql::LogSources>>,
}

impl EventSource for Named {
    fn parts(&self) -> usize {
        self.events.parts()
    }

    fn name(&self, part: usize) -> Arc<str> {
        self.events.name(part)
    }

    fn read<'a>(&'a self, part: usize, wanted: &Wanted) -> Box<dyn Iterator<Item = Entry> + 'a> {
        self.events.read(part, wanted)
    }

    fn log_sources(&self) -> Option<Arc<dyn aql::LogSources>> {
        self.log_sources.clone()
    }
}

#[test]
fn ingested_events_give_the_rows_of_the_logs() {
    let folder = temporary();
    ingested(&samples(), folder.path());
    let (logs, stored) = (files(&samples()), files(folder.path()));
    let own = own_queries();
    let found = compare(&stored, &own, &expected(&logs, &own));
    assert!(found > 1000, "the queries find {found} rows");
    let pages = page_queries();
    assert!(compare(&stored, &pages, &expected(&in_memory(&logs), &pages)) > 10);
}

#[test]
fn files_of_any_layout_give_the_same_rows() {
    let folder = temporary();
    let first = folder.path().join("first");
    ingested(&samples(), &first);
    let small = || WriterProperties::builder().set_max_row_group_row_count(Some(250)).set_data_page_row_count_limit(60);
    let layouts = [
        ("pages and filters", small().set_write_batch_size(8).set_bloom_filter_enabled(true)),
        ("without dictionaries", small().set_dictionary_enabled(false).set_compression(Compression::SNAPPY)),
        ("small dictionaries", small().set_dictionary_page_size_limit(64).set_write_batch_size(8)),
        ("without statistics", small().set_statistics_enabled(EnabledStatistics::None)),
        ("second version", small().set_writer_version(WriterVersion::PARQUET_2_0).set_offset_index_disabled(true)),
    ];
    // The names of log sources stand in the footers of our own files.
    let queries: Queries = own_queries().into_iter().filter(|it| !it.0.contains("LOGSOURCENAME")).collect();
    let expected = expected(&files(&samples()), &queries);
    for (number, (name, properties)) in layouts.into_iter().enumerate() {
        let to = folder.path().join(name);
        std::fs::create_dir_all(&to).expect("a folder can be made");
        rewritten(&first, &to, &properties.build());
        // The first layout is asked everything, each other one every third thing, from another one on.
        let asked = |it: &usize| number == 0 || it % 3 == number % 3;
        let part: Queries = (0..queries.len()).filter(asked).map(|it| queries[it].clone()).collect();
        let of_part: Vec<_> = (0..queries.len()).filter(asked).map(|it| expected[it].clone()).collect();
        compare(&files(&to), &part, &of_part);
    }
}

#[test]
fn logs_and_parquet_can_be_read_together() {
    let folder = temporary();
    ingested(&samples().join("linux"), &folder.path().join("linux"));
    ingested(&samples().join("macos"), &folder.path().join("macos"));
    let windows = samples().join("windows");
    let paths = [folder.path().join("linux"), windows, folder.path().join("macos")];
    let input = Input::open(&paths, &InputOptions::default()).expect("the paths can be read");
    let mixed: Arc<dyn EventSource> = Arc::new(FileSource::new(input, Recovery::default()));
    let queries: Queries = own_queries().into_iter().step_by(3).collect();
    compare(&mixed, &queries, &expected(&files(&samples()), &queries));
}

#[test]
fn a_damaged_row_group_costs_only_its_rows() {
    let folder = temporary();
    ingested(&samples().join("windows"), &folder.path().join("whole"));
    let to = folder.path().join("small");
    std::fs::create_dir_all(&to).expect("a folder can be made");
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(32));
    rewritten(
        &folder.path().join("whole"),
        &to,
        &properties.set_compression(Compression::ZSTD(ZstdLevel::default())).build(),
    );
    let source = files(&to);
    let query =
        bound("SELECT EventID, CommandLine FROM events WHERE EventID IS NOT NULL", Escapes::Strict).expect("AQL");
    let whole = rows(&source, &query, &options(true, 2)).expect("it runs").len();
    let path = to.join("0000.parquet");
    let mut bytes = std::fs::read(&path).expect("the file can be read");
    // Some of the data, and not the directory at the end.
    let middle = bytes.len() / 4;
    bytes[middle..middle + middle / 4].fill(0xa5);
    std::fs::write(&path, &bytes).expect("the file can be written");
    let all = bound("SELECT * FROM events", Escapes::Strict).expect("AQL");
    let mut given = engine::query(&all, &Environment::new(0), &files(&to), &options(true, 2)).expect("it starts");
    let count: usize = given.by_ref().map(|it| it.expect("it runs").num_rows()).sum();
    assert!(count < whole && count > whole / 2, "{count} of {whole}");
    let statistics = given.statistics();
    let reports = statistics.damage.kept();
    assert!(!reports.is_empty() && reports.iter().all(|it| it.reason.contains("row group")), "{reports:?}");
    // Without its end the file has no directory; the other files are still read.
    std::fs::write(&path, &bytes[..middle]).expect("the file can be written");
    let mut given = engine::query(&all, &Environment::new(0), &files(&to), &options(true, 2)).expect("it starts");
    let rest: usize = given.by_ref().map(|it| it.expect("it runs").num_rows()).sum();
    assert!(rest < count, "{rest} of {count}");
    assert_eq!(given.statistics().damage.count(), 1);
}

/// The seed queries and all others, over real logs.
#[test]
fn sample_queries_give_the_rows_of_the_sample_logs() {
    let Some(folder) = std::env::var_os("PROSPERO_SAMPLES").map(PathBuf::from) else {
        // The harness shows this with --nocapture only; the test passes without the samples.
        std::io::Write::write_all(&mut std::io::stderr(), b"skipped: PROSPERO_SAMPLES is not set\n").ok();
        return;
    };
    let to = temporary();
    ingested(&folder.join("evtx"), to.path());
    let mut all = Queries::new();
    for seed in std::env::var_os("PROSPERO_SEEDS").into_iter().flat_map(|it| std::fs::read_dir(it).expect("a folder")) {
        let path = seed.expect("the folder can be read").path();
        let page = std::fs::read_to_string(&path).expect("the page can be read");
        let (start, end) = (page.find("SELECT"), page.find("LAST 24 HOURS"));
        let text = &page[start.expect("the page has a query")..end.expect("the query has a time clause")];
        let found = rows(&files(to.path()), &bound(text, Escapes::CStyle).expect("it compiles"), &options(true, 2));
        assert!(found.is_ok_and(|it| !it.is_empty()), "{}", path.display());
        all.push((path.display().to_string(), bound(text, Escapes::CStyle).expect("it compiles")));
    }
    for name in ["collected.jsonl", "from-sigma.jsonl"] {
        let text = std::fs::read_to_string(folder.join("aql").join(name)).expect("the samples can be read");
        let step = if name == "collected.jsonl" { 10 } else { 150 };
        for line in text.lines().step_by(step) {
            let sample: serde_json::Value = serde_json::from_str(line).expect("a sample is JSON");
            let aql = ["aql", "query", "text"].iter().find_map(|it| sample[*it].as_str()).unwrap_or_default();
            all.extend(bound(aql, Escapes::Strict).map(|it| (aql.to_owned(), it)));
        }
    }
    let logs = in_memory(&files(&folder.join("evtx")));
    compare(&files(to.path()), &all, &expected(&logs, &all));
}
