//! `prospero lsp`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};
use engine::{Entry, EventSource, FileSource, Wanted};
use ingest::{Input, InputOptions, Recovery, UserProperties, Value};
use language_server::{Connection, Ended, Settings, Values};

use super::Outcome;
use crate::arguments::Escapes;
use crate::check::{Checker, Levels};
use crate::output;
use crate::session::{CompileSources, now, user_properties};

/// How many events of sample logs are looked at for their values.
const EVENTS_MAX: usize = 50_000;
/// How many of one file.
const EVENTS_OF_FILE_MAX: usize = 5_000;

/// What `lsp` takes.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Editors start it: docs/editor.md says how. It speaks the Language Server Protocol over standard
input and output until the editor ends it.

Examples:
  prospero lsp
  prospero lsp --reference-data reference/ --data logs/

Exit codes: 0 ended by the editor; 2 the editor went away without a word."
)]
pub(crate) struct Arguments {
    /// Speak over standard input and output, which it does anyway; some editors say so.
    #[arg(long)]
    stdio: bool,
    /// How backslashes in the strings of `.aql` files are read [default: strict]; pages say it themselves.
    #[arg(long, value_enum)]
    escapes: Option<Escapes>,
    /// The file of settings, or `none` [default: the nearest `prospero.toml` from here upward, else the user's].
    #[arg(long, value_name = "FILE|none")]
    settings: Option<PathBuf>,
    /// A TOML file of further properties (see docs/properties.md).
    #[arg(long, value_name = "FILE")]
    properties: Option<PathBuf>,
    /// A folder of reference sets, maps and tables, whose names are offered (see docs/reference-data.md).
    #[arg(long, value_name = "DIR")]
    reference_data: Option<PathBuf>,
    /// Sample logs, whose values are offered. May be repeated.
    #[arg(long, value_name = "PATH")]
    data: Vec<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let from_file = crate::settings::Settings::load(arguments.settings.as_deref())?;
    let properties = arguments.properties.as_deref().or(from_file.properties.as_deref());
    let settings = settings(arguments, &from_file, properties)?;
    if !arguments.data.is_empty() {
        let definitions = UserProperties::new(user_properties(properties)?);
        let (paths, values) = (arguments.data.clone(), Arc::clone(&settings.values));
        // Logs are read while the editor is served already.
        std::thread::spawn(move || match sample(&paths, Arc::new(definitions)) {
            Ok(sampled) => drop(values.set(sampled)),
            Err(error) => output::report_error(&error),
        });
    }
    let (connection, threads) = Connection::stdio();
    let ended = language_server::serve(&connection, settings)?;
    drop(connection);
    threads.join()?;
    match ended {
        Ended::AfterShutdown => Ok(Outcome::Done),
        Ended::WithoutShutdown => bail!("the editor went away"),
    }
}

/// What the server knows beside the texts of the editor.
fn settings(
    arguments: &Arguments,
    from_file: &crate::settings::Settings,
    properties: Option<&Path>,
) -> Result<Settings> {
    let reference_data = arguments.reference_data.as_ref().or(from_file.reference_data.as_ref());
    let sources = CompileSources {
        escapes: arguments.escapes.map(Into::into).or(from_file.escapes).unwrap_or_default(),
        properties,
        reference_data: reference_data.map(PathBuf::as_path),
        ..CompileSources::default()
    };
    let checker = Checker {
        options: sources.options()?,
        has_data: reference_data.is_some(),
        levels: Levels::new(&from_file.levels, &[])?,
        placeholders: Vec::new(),
    };
    let mut settings = Settings::new(checker.options.clone());
    settings.levels = Arc::new(move |said| checker.levelled(said));
    Ok(settings)
}

/// The values of the first events of each file.
fn sample(paths: &[PathBuf], definitions: Arc<UserProperties>) -> Result<Values> {
    let input = Input::open(paths, &InputOptions::default())?;
    let source = FileSource::new(input, Recovery::default()).with_present(now()).with_properties(definitions);
    let mut values = Values::default();
    let mut left = EVENTS_MAX;
    for part in 0..source.parts() {
        let events = source.read(part, &Wanted::default()).filter_map(|it| match it {
            Entry::Event(look) => Some(look.event),
            Entry::Recovered(_) | Entry::Damage(_) => None,
        });
        for event in events.take(left.min(EVENTS_OF_FILE_MAX)) {
            left -= 1;
            for (field, value) in &event.fields {
                let name = schema::EVENTS.fields[usize::from(*field)].name;
                match value {
                    Value::Text(text) => values.count(name, text),
                    Value::Integer(number) => values.count(name, &number.to_string()),
                    Value::Double(_) | Value::Boolean(_) | Value::Integers(_) => {}
                }
            }
            for (name, value) in &event.properties {
                values.count(name, value);
            }
        }
    }
    Ok(values)
}
