//! `prospero convert --to evtx`: Windows events of any format as an EVTX file.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use ingest::evtx_writer;
use ingest::{Body, Input, InputOptions, Item, ReadOptions, WindowsEvent};

use super::Arguments;
use crate::commands::Outcome;

pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let Some(output) = &arguments.output else { bail!("the EVTX file to write is missing: name it by --output") };
    let format = arguments.input_format.as_deref().map(crate::session::input_format).transpose()?;
    let is_output =
        |path: &PathBuf| path.canonicalize().is_ok_and(|path| output.canonicalize().is_ok_and(|output| path == output));
    if arguments.paths.iter().any(is_output) {
        bail!("`{}` is read and written at the same time; write to another file", output.display());
    }
    let input = Input::open(&arguments.paths, &InputOptions { format, ..InputOptions::default() })?;
    let (mut others, mut damaged) = (0_u64, 0_u64);
    let options = ReadOptions::default();
    let items = input.files().iter().flat_map(|file| file.read(&options));
    let events = items.filter_map(|item| windows_event(item, &mut others, &mut damaged));
    let mut unfinished = output.clone().into_os_string();
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    let cannot_write = || format!("cannot write `{}`", output.display());
    let summary = evtx_writer::write_events(events, &unfinished).with_context(cannot_write)?;
    crate::output::note(&format!("{} events written", summary.written));
    if let Some(refusal) = &summary.first_refusal {
        crate::output::note(&format!(
            "{} events do not fit into the format and were left out; the first: {refusal}",
            summary.refused
        ));
    }
    if damaged > 0 {
        crate::output::note(&format!("{damaged} records could not be read"));
    }
    if others > 0 {
        crate::output::note(&format!("{others} events are not Windows events and were left out"));
    }
    crate::session::report_skipped(input.skipped());
    if summary.written == 0 {
        std::fs::remove_file(&unfinished).with_context(cannot_write)?;
        bail!("no Windows event in the input");
    }
    std::fs::rename(&unfinished, output).with_context(cannot_write)?;
    Ok(Outcome::Done)
}

fn windows_event(item: Item, others: &mut u64, damaged: &mut u64) -> Option<WindowsEvent> {
    match item {
        Item::Event(raw) | Item::Recovered(raw) => {
            if let Body::Windows(event) = raw.body {
                return Some(*event);
            }
            *others += 1;
        }
        Item::Damage(damage) => {
            crate::output::note(&format!("damaged: {damage}"));
            *damaged += 1;
        }
    }
    None
}
