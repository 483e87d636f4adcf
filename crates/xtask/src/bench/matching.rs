//! Sigma rules over events in memory: `benches/matching.rs`, which needs no other process.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::report::Report;

/// Runs the benchmark with the rules of a folder named `sigma`.
pub(super) fn run(sigma: &Path, report: &mut Report) -> Result<()> {
    report.heading("Sigma rules over events in memory");
    let sigma = sigma.canonicalize().with_context(|| format!("no folder `{}`", sigma.display()))?;
    let samples = sigma.parent().filter(|_| sigma.ends_with("sigma"));
    let Some(samples) = samples else {
        report.paragraph("Not measured: `benches/matching.rs` wants a folder named `sigma`.");
        return Ok(());
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["bench", "--quiet", "--workspace", "--bench", "matching"]).current_dir(crate::root());
    let output = command.env("PROSPERO_SAMPLES", samples).output()?;
    let messages = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}", messages.lines().last().unwrap_or("the benchmark failed"));
    report.paragraph(&format!("```text\n{}\n```", String::from_utf8_lossy(&output.stdout).trim()));
    Ok(())
}
