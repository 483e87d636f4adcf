//! The events of a test, from the text of a fence or the bytes of a file.

use std::io::Cursor;
use std::sync::Arc;

use ingest::{Event, InputOptions, Item, LogSources, RawEvent, ReadOptions, Recovery, UserProperties};
use pack::Input;

use super::BesideFiles;
use crate::{Entry, EventSource, FileSource, Wanted};

/// The present of tests: the last moment of 2026, in milliseconds since 1970 UTC. It gives lines without a year theirs,
/// and a test the same rows on any day.
pub const TEST_PRESENT: i64 = 1_798_761_599_000;

/// Reads the events of a text.
pub(crate) fn text(text: &str, user_properties: &Arc<UserProperties>) -> Result<Vec<Event>, String> {
    let no_files: BesideFiles<'_> = &|_| Err("a text has no files".to_owned());
    let input = Input::Text(text.to_owned());
    events(&input, &"-".into(), no_files, user_properties, &Arc::<LogSources>::default())
}

/// Reads the events; `name` becomes the file of their locators.
pub(super) fn events(
    input: &Input,
    name: &Arc<str>,
    files: BesideFiles<'_>,
    user_properties: &Arc<UserProperties>,
    log_sources: &Arc<LogSources>,
) -> Result<Vec<Event>, String> {
    let input = opened(input, files)?;
    let source = FileSource::new(input, Recovery::Never).with_present(TEST_PRESENT);
    let source = source.with_properties(Arc::clone(user_properties)).with_log_sources(Arc::clone(log_sources));
    let wanted = Wanted::everything();
    let mut events = Vec::new();
    for entry in (0..source.parts()).flat_map(|part| source.read(part, &wanted)) {
        match entry {
            Entry::Event(look) | Entry::Recovered(look) => {
                let mut event = look.event;
                event.locator.file = Arc::clone(name);
                events.push(event);
            }
            Entry::Damage(damage) => return Err(damage.to_string()),
        }
    }
    if events.is_empty() { Err("there are none".to_owned()) } else { Ok(events) }
}

/// Reads the events as their log has them, with their original text.
pub(crate) fn raw_events(input: &Input, files: BesideFiles<'_>) -> Result<Vec<RawEvent>, String> {
    let input = opened(input, files)?;
    let options = ReadOptions {
        payload: true,
        recovery: Recovery::Never,
        reference_time: Some(TEST_PRESENT),
        ..ReadOptions::default()
    };
    let mut events = Vec::new();
    for item in input.files().iter().flat_map(|it| it.read(&options)) {
        match item {
            Item::Event(event) | Item::Recovered(event) => events.push(event),
            Item::Damage(damage) => return Err(damage.to_string()),
        }
    }
    if events.is_empty() { Err("there are none".to_owned()) } else { Ok(events) }
}

/// The text of a fence or a file, listed as an input.
fn opened(input: &Input, files: BesideFiles<'_>) -> Result<ingest::Input, String> {
    let bytes = match input {
        Input::Text(text) => text.clone().into_bytes(),
        Input::File(file) => files(file)?,
    };
    let options = InputOptions::default();
    let input = ingest::Input::from_stream(Cursor::new(bytes), &options).map_err(|error| error.to_string())?;
    if let Some(damage) = input.damaged().first() {
        return Err(damage.reason.clone());
    }
    if input.files().is_empty() {
        return Err("no known log format".to_owned());
    }
    Ok(input)
}
