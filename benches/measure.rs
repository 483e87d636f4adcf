//! A timer for work that takes milliseconds to seconds: repeats it and prints the median time, the rate and, on Linux,
//! the rate by the time of all processors, which does not depend on what else the machine does, and the most memory that
//! the process had meanwhile.

#![expect(clippy::print_stdout, reason = "benchmarks print what they measured")]

use std::time::{Duration, Instant};

/// The work is repeated for at least this time ...
const TIME_MIN: Duration = Duration::from_secs(3);
/// ... and at least this often.
const ROUNDS_MIN: usize = 3;

/// Measures work over this many bytes of input. It returns how many things of that unit it did, each time the same.
pub(crate) fn measure(name: &str, bytes: u64, unit: &str, mut work: impl FnMut() -> u64) {
    reset_peak_memory();
    let count = work();
    let begin = Instant::now();
    let processors_before = processor_seconds();
    let mut times = Vec::new();
    while times.len() < ROUNDS_MIN || begin.elapsed() < TIME_MIN {
        let start = Instant::now();
        let again = work();
        times.push(start.elapsed());
        assert_eq!(again, count, "{name} does the same each time");
    }
    let processors = processor_seconds().zip(processors_before).map_or(String::new(), |(after, before)| {
        let rate = count as f64 * times.len() as f64 / (after - before);
        format!("  {rate:>10.0} {unit}/s of CPU")
    });
    times.sort_unstable();
    let median = times[times.len() / 2].as_secs_f64();
    let (rate, megabytes) = (count as f64 / median, bytes as f64 / 1e6 / median);
    let milliseconds = median * 1e3;
    let memory = peak_memory().map_or(String::new(), |it| format!("  peak {} MB", it / 1_000_000));
    println!(
        "{name:<32} {milliseconds:>9.1} ms (median of {:>3})  {rate:>10.0} {unit}/s{processors}  {megabytes:>7.1} MB/s{memory}",
        times.len()
    );
}

/// The time that all processors have worked for this process, in seconds; nothing where the system does not tell.
fn processor_seconds() -> Option<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let status = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold blanks; user and system time are the 12th and 13th after it.
    let mut columns = status.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || columns.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS_PER_SECOND)
}

/// The most memory since [`reset_peak_memory`], in bytes; nothing where the system does not tell.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Linux counts the peak anew after a 5 is written here. Elsewhere the file is absent and no peak is printed.
fn reset_peak_memory() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
