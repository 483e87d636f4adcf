//! Runs programs in turn and says what each took. All figures come from the kernel's accounts in `/proc`.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// The unit of CPU time in `/proc`: a hundredth of a second on Linux, whatever the machine.
const TICK: Duration = Duration::from_millis(10);
/// How often the peak of memory is read. The kernel keeps it, so only growth in the last moment is missed.
const SAMPLE: Duration = Duration::from_millis(5);
/// What is kept of the messages of a program that failed.
const MESSAGE_BYTES_MAX: u64 = 2_000;

/// A program to be measured.
#[derive(Clone, Debug)]
pub(super) struct Contender {
    pub(super) name: String,
    /// The program and its arguments.
    pub(super) command: Vec<String>,
    /// Whose figures count and what is counted.
    pub(super) account: Account,
    /// How often it runs in a round, for programs that are over in milliseconds.
    pub(super) repeat: u32,
    /// At most so many rounds, for programs that take minutes.
    pub(super) rounds_max: usize,
    /// The largest exit code of a run that counts. 1 says that something was found.
    pub(super) code_max: i32,
}

/// What a run is charged with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Account {
    /// The whole process; its results are the lines of its output.
    Lines,
    /// The whole process; its output is not looked at.
    Silent,
    /// A shell and the programs that it starts one after the other: their memory is not known.
    Shell,
    /// What the process says of itself in its last line, an object with `rows`, `wall` and `cpu` in seconds: its start
    /// is not counted.
    OwnWords,
}

impl Contender {
    pub(super) fn new(name: impl Into<String>, command: Vec<String>, account: Account) -> Self {
        Self { name: name.into(), command, account, repeat: 1, rounds_max: usize::MAX, code_max: 1 }
    }
}

/// What one run, or the median of several, took.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) wall: Duration,
    /// User and system time of all threads.
    pub(super) cpu: Duration,
    /// The largest resident memory, in bytes.
    pub(super) memory: Option<u64>,
    /// Results, where they are counted.
    pub(super) count: Option<u64>,
}

/// Runs all in turn, so often; gives the medians, or why one did not run.
pub(super) fn compare(contenders: &[Contender], rounds: usize) -> Vec<Result<Figures>> {
    let mut runs: Vec<Result<Vec<Figures>>> = contenders.iter().map(|_| Ok(Vec::new())).collect();
    for round in 0..rounds {
        for (contender, figures) in contenders.iter().zip(&mut runs) {
            if round >= contender.rounds_max {
                continue;
            }
            let Ok(done) = figures else { continue };
            progress(&format!("round {}: {}", round + 1, contender.name));
            match run(contender) {
                Ok(it) => done.push(it),
                Err(error) => *figures = Err(error),
            }
        }
    }
    runs.into_iter().map(|it| it.and_then(|it| median(&it))).collect()
}

/// The median of each figure by itself. All runs must have had as many results.
fn median(runs: &[Figures]) -> Result<Figures> {
    let middle = |mut values: Vec<u64>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied()
    };
    let time = |value: fn(&Figures) -> Duration| {
        let middle = middle(runs.iter().map(|it| value(it).as_nanos() as u64).collect());
        middle.map(Duration::from_nanos).context("no run")
    };
    let count = runs.first().and_then(|it| it.count);
    ensure!(runs.iter().all(|it| it.count == count), "the number of results differs from run to run");
    Ok(Figures {
        wall: time(|it| it.wall)?,
        cpu: time(|it| it.cpu)?,
        memory: middle(runs.iter().filter_map(|it| it.memory).collect()),
        count,
    })
}

fn run(contender: &Contender) -> Result<Figures> {
    let (mut wall, cpu_before) = (Duration::ZERO, cpu_of_children()?);
    let (mut memory, mut output) = (0, tempfile::tempfile()?);
    for _ in 0..contender.repeat {
        output = tempfile::tempfile()?;
        let start = Instant::now();
        memory = run_once(contender, &output)?.max(memory);
        wall += start.elapsed();
    }
    let cpu = cpu_of_children()?.saturating_sub(cpu_before);
    let mut figures = Figures { wall: wall / contender.repeat, cpu: cpu / contender.repeat, ..Figures::default() };
    figures.memory = Some(memory).filter(|it| *it > 0 && contender.account != Account::Shell);
    output.rewind()?;
    match contender.account {
        Account::Lines => figures.count = Some(BufReader::new(output).split(b'\n').count() as u64),
        Account::Silent | Account::Shell => {}
        Account::OwnWords => own_words(output, &mut figures)?,
    }
    Ok(figures)
}

/// Runs the program to its end; gives the peak of its memory in bytes.
fn run_once(contender: &Contender, output: &File) -> Result<u64> {
    let (program, arguments) = contender.command.split_first().context("an empty command")?;
    let mut messages = tempfile::tempfile()?;
    let mut command = Command::new(program);
    // Where a program of ours or another fails on a damaged record, it is to go on and not to explain itself at length.
    command
        .env("RUST_BACKTRACE", "0")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(messages.try_clone()?);
    let mut child = command.spawn().with_context(|| format!("cannot start `{program}`"))?;
    let (peak, over, status_file) = (AtomicU64::new(0), AtomicBool::new(false), format!("/proc/{}/status", child.id()));
    let status = thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                peak.fetch_max(peak_memory(&status_file).unwrap_or(0), Ordering::Relaxed);
                thread::sleep(SAMPLE);
            }
        });
        let status = child.wait();
        over.store(true, Ordering::Relaxed);
        status
    })?;
    if status.code().is_none_or(|it| it > contender.code_max) {
        messages.rewind()?;
        let mut text = Vec::new();
        messages.take(MESSAGE_BYTES_MAX).read_to_end(&mut text)?;
        bail!("`{program}` ended with {status}: {}", String::from_utf8_lossy(&text).trim());
    }
    Ok(peak.into_inner())
}

/// `VmHWM` of a process in bytes.
fn peak_memory(status_file: &str) -> Option<u64> {
    let status = std::fs::read_to_string(status_file).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

/// User and system time of all children that have ended, with theirs: `cutime` and `cstime` of proc(5).
fn cpu_of_children() -> Result<Duration> {
    cpu_account([13, 14])
}

/// User and system time of this process: `utime` and `stime` of proc(5).
pub(super) fn cpu_of_this_process() -> Result<Duration> {
    cpu_account([11, 12])
}

/// The sum of two fields of `/proc/self/stat`, counted from the one after the name in parentheses.
fn cpu_account(places: [usize; 2]) -> Result<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat").context("the benchmark needs Linux's /proc")?;
    let (_, numbers) = text.rsplit_once(") ").context("no name in /proc/self/stat")?;
    let numbers: Vec<_> = numbers.split(' ').collect();
    let ticks = places.map(|place| numbers.get(place).and_then(|it| it.parse::<u32>().ok()));
    let [Some(user), Some(system)] = ticks else { bail!("no times in /proc/self/stat") };
    Ok(TICK * (user + system))
}

fn own_words(output: File, figures: &mut Figures) -> Result<()> {
    let last = BufReader::new(output).lines().last().context("no output")??;
    let words: Value = serde_json::from_str(&last).with_context(|| format!("the last line is no object: {last}"))?;
    let seconds = |name: &str| words[name].as_f64().map(Duration::from_secs_f64);
    figures.count = words["rows"].as_u64();
    figures.wall = seconds("wall").with_context(|| format!("no wall time in {last}"))?;
    figures.cpu = seconds("cpu").with_context(|| format!("no CPU time in {last}"))?;
    Ok(())
}

/// Says on standard error what is being done.
#[expect(clippy::print_stderr, reason = "the benchmark says what it does while it takes its time")]
pub(super) fn progress(text: &str) {
    eprintln!("bench: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, account: Account) -> Contender {
        Contender::new("shell", ["sh", "-c", script].map(str::to_owned).to_vec(), account)
    }

    #[test]
    fn a_run_has_its_lines_time_and_memory() {
        let busy = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; echo a; echo b; sleep 0.05";
        let figures = compare(&[shell(busy, Account::Lines)], 3).remove(0).expect("it runs");
        assert_eq!(figures.count, Some(2));
        assert!(figures.cpu >= TICK && figures.cpu < figures.wall + TICK, "{figures:?}");
        assert!(figures.wall >= Duration::from_millis(50), "{figures:?}");
        assert!(figures.memory.is_some_and(|it| it > 100_000), "{figures:?}");
    }

    #[test]
    fn a_program_may_speak_for_itself() {
        let script = r#"echo starting; echo '{"rows": 7, "wall": 1.5, "cpu": 2.25}'"#;
        let figures = compare(&[shell(script, Account::OwnWords)], 1).remove(0).expect("it runs");
        assert_eq!((figures.count, figures.wall.as_millis(), figures.cpu.as_millis()), (Some(7), 1_500, 2_250));
    }

    #[test]
    fn a_failure_says_what_the_program_said() {
        let failing = [shell("echo no such column >&2; exit 3", Account::Lines), shell("echo a", Account::Lines)];
        let mut results = compare(&failing, 2);
        assert_eq!(results.remove(1).expect("it runs").count, Some(1));
        let error = results.remove(0).expect_err("it fails").to_string();
        assert!(error.contains("no such column"), "{error}");
    }
}
