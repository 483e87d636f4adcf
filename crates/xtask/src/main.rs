//! What the project needs besides the product: `cargo xtask <command>`.

mod atomics;
mod bench;
mod detections;
mod docs;
mod evasion;
mod generate;
mod grammar;
mod lint_corpus;
mod lints;
mod quality;
mod samples;
mod signals;
mod synthetic;
mod tidy;

/// A command: its name, what it runs, its usage and purpose.
type Command = (&'static str, fn(&[String]) -> anyhow::Result<()>, &'static str);

static COMMANDS: [Command; 7] = [
    ("bench", bench::run, bench::HELP),
    ("docs", docs::run, docs::HELP),
    ("generate", generate::run, generate::HELP),
    ("lint-corpus", lint_corpus::run, lint_corpus::HELP),
    ("quality", quality::run, quality::HELP),
    ("samples", samples::run, samples::HELP),
    ("tidy", tidy::run, tidy::HELP),
];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().and_then(|name| COMMANDS.iter().find(|command| command.0 == name));
    let Some((_, run, _)) = command else {
        let usages: Vec<&str> = COMMANDS.iter().map(|(_, _, usage)| *usage).collect();
        anyhow::bail!("usage: cargo xtask <command>\n  {}", usages.join("\n  "));
    };
    run(&arguments[1..])
}

/// The root of the project.
fn root() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
