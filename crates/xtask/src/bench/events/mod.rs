//! Windows events as Parquet, made straight from columns: the same for the same number of rows. They stand in a folder
//! for each day, sorted by time, written as `prospero ingest` writes them.

mod columns;
mod kinds;
mod names;

use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use engine::event_files::EventFiles;

pub(super) use self::columns::COLUMNS;
use self::columns::{Batch, file_schema};
use self::names::Names;
use crate::synthetic::Random;

/// Is part of the folder's name: another generator writes another folder.
const VERSION: u32 = 3;
const SEED: u64 = 20_260_302;
/// When the events begin: 2026-03-02 00:00 UTC.
const START: i64 = 1_772_409_600_000;
const DAYS: u64 = 5;
const DAY: i64 = 24 * 60 * 60 * 1_000;
/// Rows that are in memory at a time in each thread, before the writer encodes them.
const BATCH_ROWS: u64 = 16_384;

/// The folder of so many events below `folder`; written when it is not there.
pub(super) fn ensure(folder: &Path, rows: u64) -> Result<PathBuf> {
    let finished = folder.join(format!("events-{VERSION}-{rows}"));
    if finished.exists() {
        return Ok(finished);
    }
    let part = folder.join(format!("events-{VERSION}-{rows}.part"));
    if part.exists() {
        std::fs::remove_dir_all(&part).with_context(|| format!("cannot remove `{}`", part.display()))?;
    }
    let writers = thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    thread::scope(|scope| {
        let part = &part;
        let threads: Vec<_> = (0..writers.min(DAYS))
            .map(|first| {
                let days = (first..DAYS).step_by(writers as usize);
                scope.spawn(move || days.into_iter().try_for_each(|day| write_day(part, day, rows)))
            })
            .collect();
        threads.into_iter().try_for_each(|it| it.join().map_err(|_| anyhow!("a writer panicked"))?)
    })?;
    std::fs::rename(&part, &finished)?;
    Ok(finished)
}

/// Reads the files of a folder to their ends, so that they stand in the memory of the system.
pub(super) fn warm(folder: &Path) -> Result<()> {
    files(folder)?.iter().try_for_each(|it| super::evtx::warm(it))
}

/// The size of the files of a folder.
pub(super) fn bytes(folder: &Path) -> Result<u64> {
    files(folder)?.iter().map(|it| Ok(it.metadata()?.len())).sum()
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for day in std::fs::read_dir(folder)? {
        for file in std::fs::read_dir(day?.path())? {
            files.push(file?.path());
        }
    }
    Ok(files)
}

/// Rows of a day: all days have as many, the last one also what is left.
fn rows_of(day: u64, rows: u64) -> u64 {
    rows / DAYS + if day == DAYS - 1 { rows % DAYS } else { 0 }
}

fn write_day(folder: &Path, day: u64, rows: u64) -> Result<()> {
    let schema = file_schema()?;
    let mut files = EventFiles::create(folder, &format!("events-{day}"), &schema)?;
    let (names, mut random, mut text) = (Names::new(), Random::new(SEED + day), String::new());
    let mut batch = Batch::new(schema)?;
    let rows = rows_of(day, rows);
    let step = (DAY as u64 / rows.max(1)).max(1);
    for row in 0..rows {
        let passed = u128::from(row) * DAY as u128 / u128::from(rows);
        let time = START + day as i64 * DAY + passed as i64 + random.below(step) as i64;
        kinds::write(&mut batch, &names, &mut random, &mut text, time);
        if (row + 1).is_multiple_of(BATCH_ROWS) {
            files.write(&batch.take()?)?;
        }
    }
    files.write(&batch.take()?)?;
    let written = files.finish()?.rows;
    ensure!(written == rows, "{written} of {rows} events were written");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_the_same_each_time() {
        let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let contents = folders.each_ref().map(|folder| {
            let folder = ensure(folder.path(), 1_003).expect("the events");
            let mut files = files(&folder).expect("files");
            files.sort();
            files.iter().map(|it| std::fs::read(it).expect("a file")).collect::<Vec<_>>()
        });
        assert_eq!(contents[0].len() as u64, DAYS);
        assert!(contents[0] == contents[1]);
    }
}
