//! Which program a process runs, as far as the log said so before: the audit log names the parent by its number only.

use std::collections::HashMap;
use std::sync::Arc;

/// Processes that are remembered: at least the last half of it, at most so many.
const PROCESSES_MAX: usize = 65_536;

type Key = (Option<String>, u32);

/// Programs by host and process, in two generations: when the newer is full it takes the place of the older.
#[derive(Debug, Default)]
pub(super) struct Processes {
    newer: HashMap<Key, Arc<str>>,
    older: HashMap<Key, Arc<str>>,
}

impl Processes {
    pub(super) fn learn(&mut self, host: Option<&String>, process: u32, path: &str) {
        if self.newer.len() >= PROCESSES_MAX / 2 {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert((host.cloned(), process), path.into());
    }

    pub(super) fn path(&self, host: Option<&String>, process: u32) -> Option<Arc<str>> {
        let key = (host.cloned(), process);
        self.newer.get(&key).or_else(|| self.older.get(&key)).cloned()
    }
}
