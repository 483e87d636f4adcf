//! What the project needs besides the product: `cargo xtask <command>`.

mod generate;
mod samples;
mod synthetic;

/// A command: its name, what it runs, its usage and purpose.
type Command = (&'static str, fn(&[String]) -> anyhow::Result<()>, &'static str);

static COMMANDS: [Command; 2] = [("generate", generate::run, generate::HELP), ("samples", samples::run, samples::HELP)];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.first().and_then(|name| COMMANDS.iter().find(|command| command.0 == name));
    let Some((_, run, _)) = command else {
        let usages: Vec<&str> = COMMANDS.iter().map(|(_, _, usage)| *usage).collect();
        anyhow::bail!("usage: cargo xtask <command>\n  {}", usages.join("\n  "));
    };
    run(&arguments[1..])
}
