//! The lines of a text file, one by one, for readers of line formats.

use std::sync::Arc;

use memchr::memchr;

use super::RECORD_BYTES_MAX;
use crate::Damage;
use crate::input::{Content, Window};

/// The lines of a file.
pub(super) struct Lines {
    file: Arc<str>,
    window: Window,
    number: u64,
}

/// A line without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1, blank lines counted.
    pub(super) number: u64,
    /// The byte where it starts.
    pub(super) offset: u64,
    /// What is no UTF-8 in it is replaced.
    pub(super) text: String,
}

impl Lines {
    /// Opens a file.
    pub(super) fn open(content: &Content) -> Result<Self, Damage> {
        Ok(Self { file: content.file.clone(), window: content.text()?, number: 0 })
    }

    /// The file, for locators and reports.
    pub(super) fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// A report about a line.
    pub(super) fn damage(&self, offset: u64, record: Option<u64>, reason: String) -> Damage {
        Damage { file: self.file.clone(), offset, record, reason }
    }

    /// Passes over the rest of a line that is too long.
    fn skip_line(&mut self) {
        loop {
            if let Some(end) = memchr(b'\n', self.window.bytes()) {
                self.window.consume(end + 1);
                return;
            }
            self.window.consume(self.window.bytes().len());
            if !self.window.more() {
                return;
            }
        }
    }

    fn take(&mut self, length: usize, terminator: usize) -> Line {
        let bytes = &self.window.bytes()[..length];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let text = String::from_utf8_lossy(bytes).into_owned();
        let line = Line { number: self.number, offset: self.window.offset(), text };
        self.window.consume(length + terminator);
        line
    }
}

impl Iterator for Lines {
    type Item = Result<Line, Damage>;

    /// The next line; a report for one of more than [`RECORD_BYTES_MAX`] bytes, which is passed over, and for a file
    /// that ends before its time.
    fn next(&mut self) -> Option<Self::Item> {
        self.number += 1;
        let mut searched = 0;
        loop {
            if let Some(end) = memchr(b'\n', &self.window.bytes()[searched..]) {
                return Some(Ok(self.take(searched + end, 1)));
            }
            searched = self.window.bytes().len();
            if searched > RECORD_BYTES_MAX {
                let reason = format!("the line is longer than {RECORD_BYTES_MAX} bytes");
                let damage = self.damage(self.window.offset(), Some(self.number), reason);
                self.skip_line();
                return Some(Err(damage));
            }
            if self.window.more() {
                continue;
            }
            if searched > 0 {
                return Some(Ok(self.take(searched, 0)));
            }
            let reason = self.window.take_failure()?;
            return Some(Err(self.damage(self.window.offset(), None, reason)));
        }
    }
}
