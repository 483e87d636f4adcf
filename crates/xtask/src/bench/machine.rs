//! What a report says of the machine.

use std::process::Command;

/// Rows of a table: what and its value.
pub(super) fn rows() -> Vec<[String; 2]> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let after = |text: &str, key: &str| {
        let line = text.lines().find(|it| it.starts_with(key));
        line.and_then(|it| it.split_once(':')).map(|it| it.1.trim().to_owned()).unwrap_or_default()
    };
    let row = |name: &str, value: String| [name.to_owned(), value];
    let memory = after(&read("/proc/meminfo"), "MemTotal");
    let memory: u64 = memory.trim_end_matches(" kB").parse().unwrap_or(0);
    vec![
        row("CPU", after(&read("/proc/cpuinfo"), "model name")),
        row("cores", cores().to_string()),
        row("memory", format!("{} MB", memory * 1_024 / 1_000_000)),
        row("Linux", read("/proc/sys/kernel/osrelease").trim().to_owned()),
        row("rustc", said("rustc", "--version")),
        row("load when it began", read("/proc/loadavg").split(' ').take(3).collect::<Vec<_>>().join(" ")),
    ]
}

/// How many cores there are.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn said(program: &str, argument: &str) -> String {
    let output = Command::new(program).arg(argument).output();
    output.map(|it| String::from_utf8_lossy(&it.stdout).trim().to_owned()).unwrap_or_default()
}
