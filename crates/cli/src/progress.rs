//! Progress on standard error, on terminals only.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over the bytes to be read; nothing where standard error is not a terminal.
pub(crate) fn bar(bytes: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match bytes {
        Some(bytes) => {
            (ProgressBar::new(bytes), "{bar:30.cyan} {bytes}/{total_bytes} at {bytes_per_sec}, {eta} left  {msg}")
        }
        None => (ProgressBar::new_spinner(), "{spinner:.cyan} {bytes} at {bytes_per_sec}  {msg}"),
    };
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// A bar over a number of things; nothing where standard error is not a terminal.
pub(crate) fn steps(count: u64, what: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count);
    if let Ok(style) = ProgressStyle::with_template(&format!("{{bar:30.cyan}} {{pos}}/{{len}} {what}s, {{eta}} left")) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}
