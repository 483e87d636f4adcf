//! `cargo xtask samples`: writes the logs in `samples/`, our own, which the first command of the README scans.
//!
//! Four days in the fictional network `naples.example`: the eight tests of the two published pages, and what else
//! happens. The same bytes on every run; a test holds the committed files against the generator.

mod attacks;
mod installs;
mod linux;
mod macos;
mod table;

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use ingest::WindowsEvent;
use ingest::evtx_writer::EvtxWriter;
use zip::write::SimpleFileOptions;

use crate::synthetic::hosts::Host;
use crate::synthetic::scene::{Marked, Scene};
use crate::synthetic::{Random, activity, formats, kinds};
use table::Row;

pub(crate) const HELP: &str = "samples   write the sample logs in samples/";

/// 2026-03-02 00:00 UTC, a Monday.
const FIRST_DAY: i64 = 1_772_409_600_000;
const DAYS: i64 = 4;
const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

/// Runs the command.
pub(crate) fn run(_: &[String]) -> anyhow::Result<()> {
    for (name, bytes) in files()? {
        let path = folder().join(&name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// When something happens: day 0 to 3, hour and minute, UTC.
fn at(day: i64, hour: i64, minute: i64) -> i64 {
    debug_assert!(day < DAYS, "the samples cover {DAYS} days");
    FIRST_DAY + day * 24 * HOUR + hour * HOUR + minute * MINUTE
}

/// Paths below `samples/` and contents.
fn files() -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut table = Vec::new();
    let mut files = windows(&mut table)?;
    files.extend(linux::files(&mut table));
    files.extend(macos::files(&mut table));
    files.push(("README.md".to_owned(), table::page(&table).into_bytes()));
    Ok(files)
}

fn windows(table: &mut Vec<Row>) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut random = Random::new(1543);
    let mut ws01 = Machine::new(Host::new("WS01", "ws01.naples.example", "10.20.0.21", 0x7a1c_93e0));
    let mut ws02 = Machine::new(Host::new("WS02", "ws02.naples.example", "10.20.0.22", 0x41d2_08bb));
    let mut srv02 = Machine::new(Host::new("SRV02", "srv02.naples.example", "10.20.0.12", 0x0c83_a9f4));
    ws01.days(&mut random, 70);
    ws02.days(&mut random, 22);
    srv02.days(&mut random, 26);
    for machine in [&mut ws01, &mut ws02, &mut srv02] {
        installs::play(machine, &mut random);
    }
    attacks::play(&mut ws01, &mut srv02, &mut random);

    let mut files = Vec::new();
    for (channel, name, first) in [
        (kinds::SECURITY, "windows/ws01-Security.evtx", 48_211),
        (kinds::SYSTEM, "windows/ws01-System.evtx", 5120),
        (kinds::SYSMON, "windows/ws01-Sysmon.evtx", 91_304),
        (kinds::POWERSHELL, "windows/ws01-PowerShell.evtx", 772),
    ] {
        files.push((name.to_owned(), evtx(&ws01.log(channel, first, name, table))?));
    }
    files.push(("windows/ws02.zip".to_owned(), ws02.archive(table)?));
    let name = "windows/srv02-winlogbeat.jsonl";
    files.push((name.to_owned(), srv02.winlogbeat(name, table)));
    Ok(files)
}

/// A machine and all its events.
#[derive(Debug)]
struct Machine {
    host: Host,
    events: Vec<Marked>,
}

impl Machine {
    fn new(host: Host) -> Self {
        Self { host, events: Vec::new() }
    }

    /// What happens from a moment on; a story is told by its events.
    fn scene<'a>(&'a mut self, random: &'a mut Random, time: i64, story: Option<&'static str>) -> Scene<'a> {
        Scene { host: &mut self.host, random, time, events: &mut self.events, story }
    }

    /// Ordinary days, with so many steps each.
    fn days(&mut self, random: &mut Random, steps: u64) {
        for day in 0..DAYS {
            for _ in 0..steps {
                let time = at(day, 6, 0) + random.below(11 * HOUR as u64) as i64;
                activity::step(&mut self.scene(random, time, None), &activity::QUIET);
            }
        }
    }

    /// The events of a channel in order of time, numbered; those that show something enter the table.
    fn log(&self, channel: &str, first: u64, file: &str, table: &mut Vec<Row>) -> Vec<WindowsEvent> {
        let mut events: Vec<Marked> =
            self.events.iter().filter(|marked| marked.event.channel == channel).cloned().collect();
        events.sort_by_key(|marked| marked.event.time);
        for (marked, record) in events.iter_mut().zip(first..) {
            marked.event.record_id = Some(record);
            table.extend(Row::of(file, record, marked));
        }
        events.into_iter().map(|marked| marked.event).collect()
    }

    fn archive(&self, table: &mut Vec<Row>) -> anyhow::Result<Vec<u8>> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (channel, name, first) in
            [(kinds::SYSTEM, "ws02-System.evtx", 2210), (kinds::SYSMON, "ws02-Sysmon.evtx", 33_017)]
        {
            let events = self.log(channel, first, &format!("windows/ws02.zip/{name}"), table);
            archive.start_file(name, SimpleFileOptions::default().last_modified_time(zip::DateTime::default()))?;
            archive.write_all(&evtx(&events)?)?;
        }
        Ok(archive.finish()?.into_inner())
    }

    /// All channels in order of time, as Winlogbeat sends them; the record is the line.
    fn winlogbeat(&self, file: &str, table: &mut Vec<Row>) -> Vec<u8> {
        let mut events = self.events.clone();
        events.sort_by_key(|marked| marked.event.time);
        let mut lines = String::new();
        for (marked, line) in events.iter_mut().zip(1..) {
            marked.event.record_id = Some(70_400 + line);
            table.extend(Row::of(file, line, marked));
            lines.push_str(&formats::winlogbeat(&marked.event).to_string());
            lines.push('\n');
        }
        lines.into_bytes()
    }
}

fn evtx(events: &[WindowsEvent]) -> anyhow::Result<Vec<u8>> {
    let mut writer = EvtxWriter::new(Cursor::new(Vec::new()))?;
    for event in events {
        writer.write(event)?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Run `cargo xtask samples` and look at the difference.
    #[test]
    fn committed_samples_are_those_of_the_generator() {
        let files = files().expect("the generator runs");
        for (name, bytes) in &files {
            let committed = std::fs::read(folder().join(name)).unwrap_or_default();
            assert!(committed == *bytes, "samples/{name} is not what `cargo xtask samples` writes");
        }
        let size: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(size < 3_000_000, "the samples take {size} bytes");
    }

    #[test]
    fn every_test_of_the_pages_is_shown() {
        let mut table = Vec::new();
        windows(&mut table).expect("the generator runs");
        linux::files(&mut table);
        for story in attacks::STORIES {
            assert!(table.iter().any(|row| row.story == story), "{story}");
        }
    }
}
