//! `prospero ingest`

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use engine::EventSource;
use engine::event_files::{IngestOptions, UNDATED_FOLDER};

use super::Outcome;
use crate::arguments::InputArguments;
use crate::output::{self, time};
use crate::session::{self, Progress};

/// What `ingest` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  prospero ingest C:\\Windows\\System32\\winevt\\Logs -o events/
  prospero ingest case42.zip /var/log/audit/ -o events/
  zcat audit.log.gz | prospero ingest - -o events/
  prospero query \"SELECT EventID, COUNT(*) FROM events GROUP BY EventID\" events/
  prospero scan events/

The events are sorted by time and written as Parquet, a folder for each day (day=2026-11-22, in UTC); those without a
time stand in day=__HIVE_DEFAULT_PARTITION__. Files are only ever added: the same logs ingested twice are there twice.
Exit codes: 0 done; 2 could not do it; 130 ended by Ctrl-C, with what was read so far written.")]
pub(crate) struct Arguments {
    /// Files, folders, archives; `-` is standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The folder to write to; it is made where it is missing.
    #[arg(short, long, value_name = "DIR", help_heading = "Output")]
    output: PathBuf,
    /// Leave out the original text of the events: the files are smaller by far, and queries of `payload` find nothing.
    #[arg(long, help_heading = "Output")]
    no_payload: bool,
    #[command(flatten)]
    input: InputArguments,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let source = arguments.input.source(&arguments.paths)?;
    let mut options = IngestOptions::new(&stem());
    options.read = arguments.input.read_settings();
    options.memory = arguments.input.memory_bytes();
    options.payload = !arguments.no_payload;
    let progress = Progress::follow(&source, &options.read);
    let events: Arc<dyn EventSource> = Arc::clone(&source) as _;
    let ingested = engine::event_files::ingest(&events, &arguments.output, &options)?;
    drop(progress);
    session::report_damage(&ingested.statistics);
    session::report_skipped(source.input().skipped());
    let written = &ingested.written;
    if written.undated > 0 {
        let undated = output::count(written.undated, "event");
        output::note(&format!("{undated} without a time: see {UNDATED_FOLDER}"));
    }
    let [events, read] =
        [(written.rows, "event"), (ingested.statistics.files, "file")].map(|(count, what)| output::count(count, what));
    let files = output::count(written.files.len() as u64, "file");
    let folder = arguments.output.display();
    output::note(&format!("{events} from {read} written to {files} of {} bytes below `{folder}`", written.bytes));
    if ingested.statistics.cancelled {
        output::note("ended early by Ctrl-C; what was read so far is written");
        return Ok(Outcome::Interrupted);
    }
    Ok(Outcome::Done)
}

/// What the names of this run begin with: no other run has the same.
fn stem() -> String {
    let time: String = time::rfc3339(session::now()).chars().filter(char::is_ascii_alphanumeric).collect();
    format!("events-{time}-{}", std::process::id())
}
