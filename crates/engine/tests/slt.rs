//! AQL over a small table of events (`slt/events.tsv`): every `slt/*.slt` holds queries with the results that
//! `reference/aql.md` asks for. See `slt/README.md` for the words that may stand before a query.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aql::{Environment, Escapes, Options, Property};
use datafusion_common::arrow::array::RecordBatch;
use datafusion_common::arrow::datatypes::DataType;
use engine::{EventSource, MemorySource, QueryOptions, ReadSettings, ReferenceFolder, cell, query};
use ingest::{Event, Locator, Value};
use schema::{EVENTS, Type};
use sqllogictest::{DB, DBOutput, DefaultColumnType, Runner};

/// `NOW()` and the present of `NOW` queries: a day after the first event.
const NOW: i64 = 1_714_651_200_000;

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Failure(String);

/// The engine over the table of events.
struct Database {
    source: Arc<dyn EventSource>,
    environment: Environment,
}

/// What stands before a query.
#[derive(Default)]
struct Words {
    names: bool,
    notes: bool,
    warnings: bool,
    escapes: Escapes,
    now: Option<i64>,
    since: Option<i64>,
}

impl Words {
    fn split(text: &str) -> (Self, &str) {
        let (mut words, mut rest) = (Self::default(), text.trim_start());
        loop {
            let (word, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            match word {
                "NAMES" => words.names = true,
                "NOTES" => words.notes = true,
                "WARNINGS" => words.warnings = true,
                "C-STYLE" => words.escapes = Escapes::CStyle,
                "NOW" => words.now = Some(NOW),
                "SINCE" => words.since = Some(1_714_565_400_000),
                _ => return (words, rest),
            }
            rest = after.trim_start();
        }
    }
}

impl DB for Database {
    type Error = Failure;
    type ColumnType = DefaultColumnType;

    fn run(&mut self, text: &str) -> Result<DBOutput<DefaultColumnType>, Failure> {
        let (words, text) = Words::split(text);
        let host = Property { name: "Bluecoat-cs-host".to_owned(), value_type: Type::Text };
        let options =
            Options { escapes: words.escapes, properties: vec![host], ..Options::new(self.environment.clone()) };
        let compiled = aql::compile(text, &options);
        let said = compiled.diagnostics.iter().map(|it| format!("{}: {}", it.id, it.message));
        let Some(bound) = &compiled.query else { return Err(Failure(said.collect::<Vec<_>>().join("; "))) };
        if words.warnings {
            return Ok(texts(compiled.diagnostics.iter().map(|it| vec![it.id.to_owned()]).collect()));
        }
        let read = ReadSettings { threads: 2, chunk_rows: 3, since: words.since, ..ReadSettings::default() };
        let options = QueryOptions { read, now: words.now, ..QueryOptions::default() };
        let rows = query(bound, &self.environment, &self.source, &options).map_err(|it| Failure(it.to_string()))?;
        if words.notes {
            return Ok(texts(rows.notes().iter().map(|it| vec![it.clone()]).collect()));
        }
        let schema = rows.schema();
        if words.names {
            let names: Vec<_> = schema.fields().iter().map(|it| it.name().as_str()).collect();
            return Ok(texts(vec![vec![names.join(" | ")]]));
        }
        let types = schema.fields().iter().map(|it| column_type(it.data_type())).collect();
        let batches: Vec<_> = rows.collect::<Result<_, _>>().map_err(|it| Failure(it.to_string()))?;
        Ok(DBOutput::Rows { types, rows: batches.iter().flat_map(lines).collect() })
    }
}

fn texts(rows: Vec<Vec<String>>) -> DBOutput<DefaultColumnType> {
    let types = vec![DefaultColumnType::Text; rows.first().map_or(1, Vec::len)];
    DBOutput::Rows { types, rows }
}

fn column_type(data_type: &DataType) -> DefaultColumnType {
    match data_type {
        DataType::Int64 => DefaultColumnType::Integer,
        DataType::Float64 => DefaultColumnType::FloatingPoint,
        DataType::Utf8View | DataType::Utf8 => DefaultColumnType::Text,
        _ => DefaultColumnType::Any,
    }
}

fn lines(batch: &RecordBatch) -> Vec<Vec<String>> {
    let line = |row| batch.columns().iter().map(|it| shown(&cell(it, row))).collect();
    (0..batch.num_rows()).map(line).collect()
}

fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "NULL".to_owned(),
        serde_json::Value::String(text) if text.is_empty() => "(empty)".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => {
            let items: Vec<_> = items.iter().map(shown).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// The events of the table, in one part: a nameless cell is absent, `''` is empty text, a column that is no field is a
/// property.
fn events(text: &str) -> Vec<Event> {
    let mut lines = text.lines();
    let header: Vec<_> = lines.next().unwrap_or_default().split('\t').collect();
    let file: Arc<str> = "events.tsv".into();
    let mut events = Vec::new();
    for (record, line) in (1..).zip(lines) {
        let (mut fields, mut properties) = (Vec::new(), Vec::new());
        for (name, cell) in header.iter().zip(line.split('\t')).filter(|(_, cell)| !cell.is_empty()) {
            let cell = if cell == "''" { "" } else { cell };
            match EVENTS.position(name) {
                Some(index) => {
                    let index = u16::try_from(index).expect("there are fewer fields");
                    fields.push((index, value(EVENTS.fields[usize::from(index)].value_type, cell)));
                }
                None => properties.push(((*name).into(), cell.into())),
            }
        }
        fields.sort_unstable_by_key(|(index, _)| *index);
        events.push(Event { locator: Locator { file: Arc::clone(&file), record, offset: 0 }, fields, properties });
    }
    events
}

fn value(value_type: Type, cell: &str) -> Value {
    let number = |it: &str| it.parse().expect("the cell is a number");
    match value_type {
        Type::Integer | Type::Time | Type::Port => Value::Integer(number(cell)),
        Type::Boolean => Value::Boolean(cell == "true"),
        Type::Integers => Value::Integers(cell.split(',').map(number).collect()),
        _ => Value::Text(cell.into()),
    }
}

fn database(folder: &Path) -> Database {
    let text = std::fs::read_to_string(folder.join("events.tsv")).expect("the table of events can be read");
    let source = Arc::new(MemorySource::new(vec![("events.tsv".into(), events(&text))]));
    let mut environment = Environment::new(NOW);
    let reference = ReferenceFolder::load(&folder.join("reference")).expect("the reference data can be read");
    environment.reference_data = Arc::new(reference);
    Database { source, environment }
}

#[test]
fn results_are_those_of_the_reference() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/slt");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder can be read")
        .map(|it| it.expect("the folder can be read").path())
        .filter(|it| it.extension().is_some_and(|it| it == "slt"))
        .collect();
    files.sort_unstable();
    assert!(!files.is_empty());
    let only = std::env::var("SLT").unwrap_or_default();
    let mut report = String::new();
    for file in files.iter().filter(|it| it.to_string_lossy().contains(&only)) {
        let records = sqllogictest::parse_file::<DefaultColumnType>(file).expect("the file can be parsed");
        let mut runner = Runner::new(|| async { Ok(database(&folder)) });
        runner.with_column_validator(sqllogictest::strict_column_validator);
        for record in records {
            if let Err(error) = runner.run(record) {
                writeln!(report, "{error}\n").expect("a string can be written to");
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}
